/** The human pages: the front page and one post with its comments. */
import { html } from 'ghtml';
import { formatWhen } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { attachmentAddress, linkOf } from './describe.ts';
import { type Comment, type Post, stateOf, userById } from './state.ts';

const ROOT = '/sandbox/wordpress';

export const postAddress = (post: Post): string => linkOf(post, ROOT);
export const commentsAddress = (post: Post): string => `${ROOT}/comments/${post.id}`;

export function homePage(world: World): string {
  const { title, posts } = stateOf(world);
  const items = posts
    .filter((post) => post.status === 'publish')
    .toReversed()
    .map(
      (
        post,
      ) => html`<li data-testid="post" data-id="${post.id}"><a data-testid="post-link" href="${postAddress(post)}">${post.title}</a>
<div class="soft">${formatWhen(post.date ?? post.modified)}</div><div data-testid="post-digest">${post.excerpt}</div></li>`,
    );
  const list =
    items.length > 0 ? html`<ul class="list">!${items}</ul>` : html`<p class="soft">还没有文章。</p>`;
  return html`<h1>${title}</h1><section class="card"><h2>文章</h2>!${list}</section>`;
}

export function postPage(world: World, post: Post): string {
  const { comments, attachments } = stateOf(world);
  const cover = attachments.find((attachment) => attachment.id === post.featured);
  const picture = cover
    ? html`<img data-testid="cover" src="${attachmentAddress(cover, ROOT)}" alt="${cover.alt}">`
    : '';
  const shown = comments.filter(
    (comment) => comment.post === post.id && comment.approved && !comment.trashed,
  );
  // The text is the editor's markup; the page allows no script, no frame and no form but its own.
  return html`<article class="card" data-testid="article"><h1>${post.title}</h1>
<p class="soft">${userById(world, post.author)?.name ?? ''}　${formatWhen(post.date ?? post.modified)}</p>!${picture}
<div data-testid="post-text">!${post.content}</div></article>
<section class="card"><h2>评论</h2><ul class="list">!${shown.map((comment) => commentItem(world, comment))}</ul>!${post.commentsOpen ? commentForm(post) : html`<p class="soft">评论已关闭。</p>`}</section>`;
}

const commentForm = (post: Post): string =>
  html`<form method="post" action="${commentsAddress(post)}" data-testid="comment-form">
<label for="nickname">昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="comment-nickname">
<label for="content">写评论</label><textarea id="content" name="content" required maxlength="2000" data-testid="comment-content"></textarea>
<button data-testid="comment-send">发表</button></form>`;

function commentItem(world: World, comment: Comment): string {
  const user = userById(world, comment.author);
  return html`<li data-testid="${user ? 'reply' : 'comment'}" data-id="${comment.id}">
<strong>${user?.name ?? comment.authorName}</strong> !${user ? html`<span class="tag">本站</span>` : ''} <span class="soft">${formatWhen(comment.date)}</span>
<div class="wrap">!${comment.content}</div></li>`;
}
