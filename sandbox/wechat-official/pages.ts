/** The human pages: what followers see, where readers comment and write, where the administrator confirms. */
import { html } from 'ghtml';
import { formatWhen } from '../core/page.ts';
import { localPictures } from './content.ts';
import { allButtons } from './menu.ts';
import { listPosts, type Post } from './posts.ts';
import type { Button, Comment, Person, WechatAccount } from './state.ts';

const ROOT = '/sandbox/wechat-official';

export const accountAddress = (account: WechatAccount): string => `${ROOT}/a/${account.appid}`;
export const postAddress = (account: WechatAccount, post: Post): string =>
  `${accountAddress(account)}/posts/${post.msgDataId}-${post.index}`;
export const chatAddress = (account: WechatAccount, nickname: string): string =>
  `${accountAddress(account)}/chat?nickname=${encodeURIComponent(nickname)}`;

const kindLabels = { subscription: '订阅号', service: '服务号' };

export function homePage(accounts: WechatAccount[]): string {
  if (accounts.length === 0) {
    return html`<h1>公众号</h1><p class="card">还没有公众号。种子数据或测试会在这里建号。</p>`;
  }
  const cards = accounts.map((account) => {
    const latest = listPosts(account).slice(0, 3);
    return html`<section class="card"><h2><a data-testid="account-${account.appid}" href="${accountAddress(account)}">${account.name}</a></h2>
<p class="soft">${kindLabels[account.kind]}${account.verified ? '，已认证' : '，未认证'}</p>
!${postList(account, latest)}</section>`;
  });
  return html`<h1>公众号</h1>!${cards}`;
}

export function accountPage(account: WechatAccount): string {
  const waiting = account.massSends.filter((send) => send.state === 'waiting-administrator');
  const confirmations = waiting.map(
    (send) => html`<section class="card" data-testid="mass-waiting-${send.msgId}"><h2>群发等待管理员确认</h2>
<p>${send.articles[0]?.title ?? ''}</p><p class="soft">${formatWhen(send.askedAt)} 提交，30 分钟内不确认即失败</p>
<form method="post" action="${accountAddress(account)}/mass/${send.msgId}">
<button name="decision" value="confirm" data-testid="mass-confirm">确认群发</button>
<button class="plain" name="decision" value="refuse" data-testid="mass-refuse">拒绝</button></form></section>`,
  );
  return html`<h1>${account.name}</h1><p class="soft">${kindLabels[account.kind]}，原始 ID ${account.originalId}</p>
!${confirmations}!${menuSection(account)}
<section class="card"><h2>文章</h2>!${postList(account, listPosts(account))}</section>
<section class="card"><h2>发私信</h2>!${chatEntry(account)}</section>`;
}

/** The menu as it stands below the conversation. */
function menuSection(account: WechatAccount): string {
  if (!account.menu) return '';
  const item = (button: Button): string =>
    html`<li data-testid="menu-entry">${button.name}<span class="soft">　${button.url ?? button.key ?? ''}</span>!${
      button.sub_button ? html`<ul>!${button.sub_button.map(item)}</ul>` : ''
    }</li>`;
  return html`<section class="card" data-testid="menu"><h2>自定义菜单</h2><ul>!${account.menu.map(item)}</ul></section>`;
}

function postList(account: WechatAccount, posts: Post[]): string {
  if (posts.length === 0) return html`<p class="soft">还没有文章。</p>`;
  const items = posts.map(
    (post) => html`<li data-testid="post" data-title="${post.article.title}">
<a href="${postAddress(account, post)}">${post.article.title}</a>
!${post.pushed ? html`<span class="tag" data-testid="pushed">已推送</span>` : ''}
<div class="soft">${formatWhen(post.at)}</div><div class="soft">${post.article.digest}</div></li>`,
  );
  return html`<ul class="list">!${items}</ul>`;
}

export function postPage(account: WechatAccount, post: Post): string {
  const { article } = post;
  const cover = account.materials[article.thumb_media_id];
  // The platform's own filter has been over the content; the page's policy lets nothing in it run.
  const content = localPictures(article.content);
  return html`<article class="card" data-testid="article"><h1 data-testid="article-title">${article.title}</h1>
<p class="soft">${article.author ? `${article.author}　` : ''}<a href="${accountAddress(account)}">${account.name}</a>　${formatWhen(post.at)}
!${post.pushed ? html`<span class="tag" data-testid="pushed">已推送</span>` : ''}</p>
!${cover ? html`<details><summary>封面</summary><img data-testid="cover" src="${ROOT}/pictures/${cover.sha256}" alt="封面"></details>` : ''}
<div class="wrap" data-testid="article-body">!${content}</div>
!${article.content_source_url ? html`<p><a data-testid="source-link" href="${article.content_source_url}" rel="noopener">阅读原文</a></p>` : ''}</article>
!${readerForm(account, post)}!${commentSection(account, post)}`;
}

/** Where a deleted article's address still leads. */
export const deletedPage = (account: WechatAccount): string =>
  html`<section class="card" data-testid="deleted"><h1>该内容已被发布者删除</h1>
<p><a href="${accountAddress(account)}">${account.name}</a></p></section>`;

const readerActs = { like: '点赞', zaikan: '在看', share: '转发', collection: '收藏' };

const readerForm = (account: WechatAccount, post: Post): string =>
  html`<form class="card" method="post" action="${postAddress(account, post)}/acts">!${Object.entries(
    readerActs,
  ).map(
    ([act, label]) =>
      html`<button class="plain" name="act" value="${act}" data-testid="act-${act}">${label}</button>`,
  )}</form>`;

function commentSection(account: WechatAccount, post: Post): string {
  const key = `${post.msgDataId}-${post.index}`;
  if (!account.commenting[key]) return html`<p class="card soft">作者没有开放留言。</p>`;
  const comments = account.comments
    .filter((comment) => `${comment.msgDataId}-${comment.index}` === key)
    .toSorted((a, b) => Number(b.elected) - Number(a.elected));
  return html`<section class="card"><h2>留言</h2><ul class="list">!${comments.map(commentItem)}</ul>
<form method="post" action="${postAddress(account, post)}/comments" data-testid="comment-form">
<label for="nickname">昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="comment-nickname">
<label for="content">写留言</label><textarea id="content" name="content" required maxlength="600" data-testid="comment-content"></textarea>
<button data-testid="comment-send">发表</button></form></section>`;
}

const commentItem = (comment: Comment): string => html`<li data-testid="comment" data-id="${comment.id}">
<strong>${comment.nickname}</strong> <span class="soft">${formatWhen(comment.at)}</span>
!${comment.elected ? html`<span class="tag" data-testid="elected">精选</span>` : ''}
<div class="wrap">${comment.content}</div>
!${comment.reply ? html`<div class="bubble" data-testid="reply">作者回复：${comment.reply.content}</div>` : ''}</li>`;

const chatEntry = (
  account: WechatAccount,
): string => html`<form method="get" action="${accountAddress(account)}/chat">
<label for="nickname">你的昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="chat-nickname">
<button data-testid="chat-open">打开对话</button></form>`;

export function chatPage(account: WechatAccount, person: Person): string {
  const lines = account.chat.filter((line) => line.openid === person.openid);
  const bubbles = lines.map(
    (
      line,
    ) => html`<div class="bubble ${line.from === 'person' ? 'theirs' : 'ours'}" data-testid="line-${line.from}">${line.text}</div>
<div class="soft">${line.from === 'person' ? person.nickname : account.name}　${formatWhen(line.at)}</div>`,
  );
  return html`<h1>与“${account.name}”的对话</h1><section data-testid="conversation">!${bubbles.length > 0 ? bubbles : html`<p class="card soft">还没有消息。</p>`}</section>
<section class="card"><form method="post" action="${accountAddress(account)}/chat" data-testid="message-form">
<input type="hidden" name="nickname" value="${person.nickname}">
<label for="text">以“${person.nickname}”的身份发送</label>
<textarea id="text" name="text" required maxlength="600" data-testid="message-text"></textarea>
<button data-testid="message-send">发送</button> <a data-testid="chat-refresh" href="${chatAddress(account, person.nickname)}">看有没有新消息</a></form>
<form method="post" action="${accountAddress(account)}/files" enctype="multipart/form-data" data-testid="file-form">
<input type="hidden" name="nickname" value="${person.nickname}">
<label for="file">发图片、语音（AMR）或视频（MP4）</label><input type="file" id="file" name="file" required data-testid="message-file">
<button class="plain" name="kind" value="image" data-testid="send-image">发图片</button>
<button class="plain" name="kind" value="voice" data-testid="send-voice">发语音</button>
<button class="plain" name="kind" value="video" data-testid="send-video">发视频</button></form>
!${menuForm(account, person)}
<form method="post" action="${accountAddress(account)}/subscription"><input type="hidden" name="nickname" value="${person.nickname}">
<button class="plain" name="to" value="${person.subscribed ? 'unsubscribe' : 'subscribe'}" data-testid="subscription">${person.subscribed ? '取消关注' : '关注'}</button></form></section>`;
}

function menuForm(account: WechatAccount, person: Person): string {
  const buttons = allButtons(account).map(
    ({ name }) =>
      html`<button class="plain" name="button" value="${name}" data-testid="menu-button">${name}</button>`,
  );
  if (buttons.length === 0) return '';
  return html`<form method="post" action="${accountAddress(account)}/menu" data-testid="menu-form">
<input type="hidden" name="nickname" value="${person.nickname}">!${buttons}</form>`;
}
