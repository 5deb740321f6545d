/** The human pages: works, one work with its comments, the private conversation, the phone's scanner. */
import { html } from 'ghtml';
import { formatWhen } from '../core/page.ts';
import type { Comment, DouyinAccount, Item, Person } from './state.ts';

const ROOT = '/sandbox/douyin';

export const accountAddress = (account: DouyinAccount): string => `${ROOT}/user/${account.openId}`;
export const itemAddress = (item: Item): string => `${ROOT}/share/video/${item.videoId}`;
export const chatAddress = (account: DouyinAccount, nickname: string): string =>
  `${accountAddress(account)}/chat?${new URLSearchParams({ nickname })}`;

const reviewWords = { waiting: '审核中，仅自己可见', passed: '公开', refused: '审核未通过' } as const;

export function homePage(accounts: DouyinAccount[]): string {
  if (accounts.length === 0) {
    return html`<h1>抖音</h1><p class="card">还没有账号。种子数据或测试会在这里建号。</p>`;
  }
  const cards = accounts.map(
    (
      account,
    ) => html`<section class="card"><h2><a data-testid="account-${account.openId}" href="${accountAddress(account)}">${account.name}</a></h2>
!${itemList(visible(account).slice(0, 3))}</section>`,
  );
  return html`<h1>抖音</h1>!${cards}<p><a data-testid="scan-open" href="${ROOT}/scan">扫码发布（粘贴二维码里的链接）</a></p>`;
}

const visible = (account: DouyinAccount): Item[] =>
  account.items.filter(({ review }) => review === 'passed').toReversed();

export function accountPage(account: DouyinAccount): string {
  const hidden = account.items.filter(({ review }) => review !== 'passed').toReversed();
  const own = html`<section class="card"><h2>仅作者可见</h2>!${itemList(hidden)}</section>`;
  return html`<h1>${account.name}</h1><p class="soft">政务号，${visible(account).length} 个公开作品</p>
<section class="card"><h2>作品</h2>!${itemList(visible(account))}</section>!${hidden.length > 0 ? own : ''}
<section class="card"><h2>发私信</h2>
<form method="get" action="${accountAddress(account)}/chat">
<label for="nickname">你的昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="chat-nickname">
<button data-testid="chat-open">打开对话</button></form></section>`;
}

function itemList(items: Item[]): string {
  if (items.length === 0) return html`<p class="soft">还没有作品。</p>`;
  const rows = items.map(
    (item) => html`<li data-testid="post" data-id="${item.id}" data-review="${item.review}">
<div class="wrap" data-testid="post-text" style="white-space:pre-wrap">${item.text}</div>
<div class="soft"><a data-testid="post-link" href="${itemAddress(item)}">${formatWhen(item.at)}</a>　${reviewWords[item.review]}</div></li>`,
  );
  return html`<ul class="list">!${rows}</ul>`;
}

export function itemPage(account: DouyinAccount, item: Item): string {
  const pictures = item.pictures.map(
    (sha256, at) =>
      html`<img data-testid="picture" src="${ROOT}/pictures/${sha256}" alt="第 ${String(at + 1)} 张图">`,
  );
  const first = account.comments.filter(({ itemId, replyTo }) => itemId === item.id && replyTo === null);
  return html`<article class="card" data-testid="article"><h1><a href="${accountAddress(account)}">${account.name}</a></h1>
<p class="soft">${formatWhen(item.at)}　<span data-testid="review" class="tag">${reviewWords[item.review]}</span></p>!${pictures}
!${(item.videoBytes ?? null) === null ? '' : html`<p class="soft">视频文件 ${((item.videoBytes ?? 0) / 1024 / 1024).toFixed(1)} MB，模拟平台只保存校验值。</p>`}
<div class="wrap" data-testid="post-text" style="white-space:pre-wrap">${item.text}</div></article>
<section class="card"><h2>评论</h2><ul class="list">!${first.map((comment) => commentItem(account, comment))}</ul>
<form method="post" action="${itemAddress(item)}/comments" data-testid="comment-form">
<label for="nickname">昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="comment-nickname">
<label for="content">写评论</label><textarea id="content" name="content" required maxlength="100" data-testid="comment-content"></textarea>
<button data-testid="comment-send">发表</button></form></section>`;
}

function commentItem(account: DouyinAccount, comment: Comment): string {
  const own = comment.userId === account.openId;
  const replies = account.comments.filter(({ replyTo }) => replyTo === comment.id);
  const under = html`<ul class="list" style="margin-left:16px">!${replies.map((reply) => commentItem(account, reply))}</ul>`;
  return html`<li data-testid="${own ? 'reply' : 'comment'}" data-id="${comment.id}">
<strong>${comment.name}</strong> !${own ? html`<span class="tag">作者</span>` : ''} <span class="soft">${formatWhen(comment.at)}</span>
<div class="wrap">${comment.text}</div>!${replies.length > 0 ? under : ''}</li>`;
}

export function chatPage(account: DouyinAccount, person: Person): string {
  const bubbles = account.chat
    .filter((line) => line.openId === person.openId)
    .map(
      (
        line,
      ) => html`<div class="bubble ${line.from === 'person' ? 'theirs' : 'ours'}" data-testid="line-${line.from}">${line.text}</div>
<div class="soft">${line.from === 'person' ? person.name : account.name}　${formatWhen(line.at)}</div>`,
    );
  return html`<h1>与“${account.name}”的私信</h1><section data-testid="conversation">!${bubbles.length > 0 ? bubbles : html`<p class="card soft">还没有消息。</p>`}</section>
<section class="card"><form method="post" action="${accountAddress(account)}/chat" data-testid="message-form">
<input type="hidden" name="nickname" value="${person.name}">
<label for="text">以“${person.name}”的身份发送</label>
<textarea id="text" name="text" required maxlength="500" data-testid="message-text"></textarea>
<button data-testid="message-send">发送</button> <a data-testid="chat-refresh" href="${chatAddress(account, person.name)}">看有没有新消息</a></form>
<form method="post" action="${accountAddress(account)}/following"><input type="hidden" name="nickname" value="${person.name}">
<button class="plain" name="to" value="${person.following ? 'unfollow' : 'follow'}" data-testid="following">${person.following ? '取消关注' : '关注'}</button></form></section>`;
}

/** What the phone shows after a scan: the app checks the signature, the person decides. */
export function scanPage(
  schema: string,
  found: { title: string; accounts: DouyinAccount[] } | { refusal: string } | null,
): string {
  return html`<h1>扫码发布</h1>!${found ? shownAfterScan(schema, found) : ''}
<section class="card"><form method="get" action="${ROOT}/scan" data-testid="scan-form">
<label for="schema">二维码里的链接</label><textarea id="schema" name="schema" required data-testid="scan-schema">${schema}</textarea>
<button data-testid="scan-send">打开</button></form></section>`;
}

function shownAfterScan(
  schema: string,
  found: { title: string; accounts: DouyinAccount[] } | { refusal: string },
): string {
  if ('refusal' in found)
    return html`<p class="card" data-testid="scan-refused">打不开：${found.refusal}</p>`;
  const choices = found.accounts.map(
    (account, at) =>
      html`<label><input type="radio" name="openId" value="${account.openId}" !${at === 0 ? 'checked' : ''} style="width:auto"> ${account.name}</label>`,
  );
  return html`<section class="card" data-testid="scan-accepted"><h2>抖音已打开</h2>
<p class="wrap">标题：${found.title}</p><p>请在手机上核对账号后点“发布”。</p>
<form method="post" action="${ROOT}/scan"><input type="hidden" name="schema" value="${schema}">!${choices}
<button data-testid="scan-publish">发布</button></form></section>`;
}
