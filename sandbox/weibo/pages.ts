/** The human pages: the time line, one post with its comments, the private conversation. */
import { html } from 'ghtml';
import { formatWhen } from '../core/page.ts';
import type { Comment, Person, Post, WeiboAccount } from './state.ts';
import { livePosts } from './statuses.ts';
import { addressOfId, linksIn } from './text.ts';

const ROOT = '/sandbox/weibo';

export const accountAddress = (account: WeiboAccount): string => `${ROOT}/u/${account.uid}`;
/** The form that the real platform uses: `/<uid>/<id in base 62>`. */
export const postAddress = (account: WeiboAccount, post: Post): string =>
  `${ROOT}/${account.uid}/${addressOfId(post.id)}`;
export const chatAddress = (account: WeiboAccount, nickname: string): string =>
  `${accountAddress(account)}/chat?${new URLSearchParams({ nickname })}`;

export function homePage(accounts: WeiboAccount[]): string {
  if (accounts.length === 0) {
    return html`<h1>微博</h1><p class="card">还没有账号。种子数据或测试会在这里建号。</p>`;
  }
  const cards = accounts.map(
    (
      account,
    ) => html`<section class="card"><h2><a data-testid="account-${account.uid}" href="${accountAddress(account)}">${account.name}</a></h2>
!${postList(account, livePosts(account).toReversed().slice(0, 3))}</section>`,
  );
  return html`<h1>微博</h1>!${cards}`;
}

export function accountPage(account: WeiboAccount): string {
  return html`<h1>${account.name}</h1><p class="soft">已认证政务账号，${livePosts(account).length} 条微博</p>
<section class="card"><h2>微博</h2>!${postList(account, livePosts(account).toReversed())}</section>
!${mentionSection(account)}
<section class="card"><h2>发私信</h2>
<form method="get" action="${accountAddress(account)}/chat">
<label for="nickname">你的昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="chat-nickname">
<button data-testid="chat-open">打开对话</button></form></section>`;
}

function postList(account: WeiboAccount, posts: Post[]): string {
  if (posts.length === 0) return html`<p class="soft">还没有微博。</p>`;
  const items = posts.map(
    (post) => html`<li data-testid="post" data-id="${post.id}">!${postWords(post)}
<div class="soft"><a data-testid="post-link" href="${postAddress(account, post)}">${formatWhen(post.at)}</a></div></li>`,
  );
  return html`<ul class="list">!${items}</ul>`;
}

function postWords(post: Post): string {
  const pictures = [post.picture, ...(post.more ?? [])]
    .filter((sha256) => sha256 !== null)
    .map(
      (sha256) =>
        html`<img data-testid="picture" src="${ROOT}/pictures/${sha256}" alt="配图" style="max-width:100%">`,
    );
  return html`<div class="wrap" data-testid="post-text">!${withAnchors(post.text)}</div>!${pictures}`;
}

/** Where a deleted post's address still leads. */
export const deletedPage = (account: WeiboAccount): string =>
  html`<section class="card" data-testid="deleted"><h1>此微博已被作者删除</h1>
<p><a href="${accountAddress(account)}">${account.name}</a></p></section>`;

/** Posts and comments elsewhere that name the account. */
function mentionSection(account: WeiboAccount): string {
  const items = (account.mentions ?? [])
    .toReversed()
    .map(
      ({ name, text, at, under }) =>
        html`<li data-testid="mention"><strong>${name}</strong> <span class="soft">${under === 'post' ? '微博' : '评论'}　${formatWhen(at)}</span><div class="wrap">${text}</div></li>`,
    );
  return html`<section class="card"><h2>在别处 @${account.name}</h2><ul class="list">!${items}</ul>
<form method="post" action="${accountAddress(account)}/mentions" data-testid="mention-form">
<label for="mention-nickname">昵称</label><input id="mention-nickname" name="nickname" required maxlength="30">
<label for="mention-content">说什么</label><textarea id="mention-content" name="content" required maxlength="120"></textarea>
<button name="under" value="post">发微博</button><button class="plain" name="under" value="comment">在别人的微博下评论</button></form></section>`;
}

const readerForm = (account: WeiboAccount, post: Post): string =>
  html`<form class="card" method="post" action="${postAddress(account, post)}/acts"><span class="soft">阅读 ${post.reads ?? 0}　赞 ${post.likes ?? 0}　转发 ${post.reposts ?? 0}</span><br>
<button class="plain" name="act" value="likes" data-testid="act-likes">赞</button><button class="plain" name="act" value="reposts" data-testid="act-reposts">转发</button></form>`;

/** Links become anchors; everything between them is escaped by the template. */
function withAnchors(text: string): string {
  let rest = text;
  const parts: string[] = [];
  for (const link of linksIn(text)) {
    const at = rest.indexOf(link);
    parts.push(
      html`${rest.slice(0, at)}<a data-testid="post-outlink" href="${link}" rel="noopener nofollow">网页链接</a>`,
    );
    rest = rest.slice(at + link.length);
  }
  return `${parts.join('')}${html`${rest}`}`;
}

export function postPage(account: WeiboAccount, post: Post): string {
  const comments = account.comments.filter((comment) => comment.postId === post.id);
  return html`<article class="card" data-testid="article"><h1><a href="${accountAddress(account)}">${account.name}</a></h1>
<p class="soft">${formatWhen(post.at)}</p>!${postWords(post)}</article>!${readerForm(account, post)}
<section class="card"><h2>评论</h2><ul class="list">!${comments.map((comment) => commentItem(account, comment))}</ul>
<form method="post" action="${postAddress(account, post)}/comments" data-testid="comment-form">
<label for="nickname">昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="comment-nickname">
<label for="content">写评论</label><textarea id="content" name="content" required maxlength="140" data-testid="comment-content"></textarea>
!${account.commentScope === 'authorised' ? html`<label><input type="checkbox" name="authorised" value="1" style="width:auto" data-testid="comment-authorised"> 我授权过该单位的应用（否则开放接口看不到这条评论）</label>` : ''}
<button data-testid="comment-send">发表</button></form></section>`;
}

function commentItem(account: WeiboAccount, comment: Comment): string {
  const own = comment.uid === account.uid;
  return html`<li data-testid="${own ? 'reply' : 'comment'}" data-id="${comment.id}">
<strong>${comment.name}</strong> !${own ? html`<span class="tag">博主</span>` : ''} <span class="soft">${formatWhen(comment.at)}</span>
<div class="wrap">${comment.text}</div></li>`;
}

export function chatPage(account: WeiboAccount, person: Person): string {
  const bubbles = account.chat
    .filter((line) => line.uid === person.uid)
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
<textarea id="text" name="text" required maxlength="300" data-testid="message-text"></textarea>
<button data-testid="message-send">发送</button> <a data-testid="chat-refresh" href="${chatAddress(account, person.name)}">看有没有新消息</a></form>
<form method="post" action="${accountAddress(account)}/files" enctype="multipart/form-data" data-testid="file-form">
<input type="hidden" name="nickname" value="${person.name}">
<label for="file">发图片或语音（AMR）</label><input type="file" id="file" name="file" required data-testid="message-file">
<button class="plain" name="kind" value="image" data-testid="send-image">发图片</button>
<button class="plain" name="kind" value="voice" data-testid="send-voice">发语音</button></form>
<form method="post" action="${accountAddress(account)}/following"><input type="hidden" name="nickname" value="${person.name}">
<button class="plain" name="to" value="${person.following ? 'unfollow' : 'follow'}" data-testid="following">${person.following ? '取消关注' : '关注'}</button></form></section>`;
}
