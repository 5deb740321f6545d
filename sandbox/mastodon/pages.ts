/** The human pages: the accounts, an account's statuses, one status with its replies. */
import { html } from 'ghtml';
import { formatWhen } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { accountById, type MastodonAccount, repliesUnder, type Status, stateOf } from './state.ts';
import { toHtml } from './text.ts';

const ROOT = '/sandbox/mastodon';

export const accountAddress = (account: MastodonAccount): string => `${ROOT}/@${account.key}`;
export const statusAddress = (account: MastodonAccount, status: Status): string =>
  `${accountAddress(account)}/${status.id}`;

export function homePage(world: World): string {
  const accounts = Object.values(stateOf(world).accounts);
  if (accounts.length === 0) {
    return html`<h1>长毛象</h1><p class="card">还没有账号。种子数据或测试会在这里建号。</p>`;
  }
  const cards = accounts.map(
    (
      account,
    ) => html`<section class="card"><h2><a data-testid="account-${account.key}" href="${accountAddress(account)}">${account.name}</a></h2>
!${statusList(world, account, 3)}</section>`,
  );
  return html`<h1>长毛象</h1>!${cards}`;
}

export function accountPage(world: World, account: MastodonAccount): string {
  return html`<h1>${account.name}</h1><p class="soft">@${account.key}</p>
<section class="card"><h2>嘟文</h2>!${statusList(world, account, Number.POSITIVE_INFINITY)}</section>`;
}

function statusList(world: World, account: MastodonAccount, most: number): string {
  const own = stateOf(world).statuses.filter((status) => status.by === account.id && !status.inReplyTo);
  if (own.length === 0) return html`<p class="soft">还没有嘟文。</p>`;
  const items = own
    .toReversed()
    .slice(0, most)
    .map(
      (status) => html`<li data-testid="post" data-id="${status.id}">!${words(world, status)}
<div class="soft"><a data-testid="post-link" href="${statusAddress(account, status)}">${formatWhen(status.at)}</a></div></li>`,
    );
  return html`<ul class="list">!${items}</ul>`;
}

/** The text as the platform itself marks it up: everything in it was escaped there. */
function words(world: World, status: Status): string {
  const pictures = stateOf(world)
    .pictures.filter((picture) => status.media.includes(picture.id))
    .map(
      (picture) =>
        html`<img data-testid="picture" src="${ROOT}/media/${picture.sha256}" alt="${picture.description}" style="max-width:100%">`,
    );
  return html`<div class="wrap" data-testid="post-text">!${toHtml(status.text)}</div>!${pictures}`;
}

/** Where a deleted status's address still leads. */
export const deletedPage = (account: MastodonAccount): string =>
  html`<section class="card" data-testid="deleted"><h1>这条嘟文已被作者删除</h1>
<p><a href="${accountAddress(account)}">${account.name}</a></p></section>`;

const actsForm = (account: MastodonAccount, status: Status): string =>
  html`<form class="card" method="post" action="${statusAddress(account, status)}/acts"><span class="soft">喜欢 ${status.favourites ?? 0}　转嘟 ${status.reblogs ?? 0}</span><br>
<button class="plain" name="act" value="favourites" data-testid="act-favourites">喜欢</button><button class="plain" name="act" value="reblogs" data-testid="act-reblogs">转嘟</button></form>`;

export function statusPage(world: World, account: MastodonAccount, status: Status): string {
  const replies = repliesUnder(world, status.id).map((reply) => replyItem(world, reply));
  return html`<article class="card" data-testid="article"><h1><a href="${accountAddress(account)}">${account.name}</a></h1>
<p class="soft">${formatWhen(status.at)}</p>!${words(world, status)}</article>!${actsForm(account, status)}
<section class="card"><h2>回复</h2><ul class="list">!${replies}</ul>
<form method="post" action="${statusAddress(account, status)}/replies" data-testid="comment-form">
<label for="nickname">昵称</label><input id="nickname" name="nickname" required maxlength="30" data-testid="comment-nickname">
<label for="content">写回复</label><textarea id="content" name="content" required maxlength="400" data-testid="comment-content"></textarea>
<label><input type="checkbox" name="private" value="1" style="width:auto" data-testid="comment-private"> 只给该单位看</label>
<button data-testid="comment-send">发表</button></form></section>`;
}

function replyItem(world: World, reply: Status): string {
  const account = accountById(world, reply.by);
  const name = account?.name ?? stateOf(world).people[reply.by]?.name ?? '';
  return html`<li data-testid="${account ? 'reply' : 'comment'}" data-id="${reply.id}">
<strong>${name}</strong> !${account ? html`<span class="tag">博主</span>` : ''} !${reply.visibility === 'direct' ? html`<span class="tag warn">私密</span>` : ''} <span class="soft">${formatWhen(reply.at)}</span>
<div class="wrap">!${toHtml(reply.text)}</div></li>`;
}
