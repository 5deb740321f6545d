/** The human pages: what the public sees, and the phone on which a person posts by hand. */
import { html } from 'ghtml';
import { formatWhen } from '../core/page.ts';
import { isPublic, type KuaishouAccount, type Work } from './state.ts';

const ROOT = '/sandbox/kuaishou';
const CAPTION_LONGEST = 500;

export const accountAddress = (account: KuaishouAccount): string => `${ROOT}/profile/${account.openId}`;
export const workAddress = (work: Work): string => `${ROOT}/short-video/${work.photoId}`;

/** What “分享”→“复制链接” gives; the address has the real form and leads nowhere. */
export const shareText = (work: Work): string =>
  `“${work.caption.slice(0, 20)}” https://www.kuaishou.com/short-video/${work.photoId} 复制此消息，打开【快手】直接观看！`;

export function homePage(accounts: KuaishouAccount[]): string {
  if (accounts.length === 0)
    return html`<h1>快手</h1><p class="card">还没有账号。种子数据或测试会在这里建号。</p>`;
  const items = accounts.map(
    (account) =>
      html`<li><a data-testid="account-${account.openId}" href="${accountAddress(account)}">${account.name}</a></li>`,
  );
  return html`<h1>快手</h1><ul class="list card">!${items}</ul>`;
}

export function accountPage(account: KuaishouAccount, now: number): string {
  const shown = account.works.filter((work) => isPublic(work, now));
  const items = shown.toReversed().map(
    (
      work,
    ) => html`<li data-testid="post" data-id="${work.photoId}"><a data-testid="post-link" href="${workAddress(work)}">${work.caption.slice(0, 40)}</a>
<div class="soft">${formatWhen(work.at)}</div></li>`,
  );
  return html`<h1>${account.name}</h1>
<section class="card"><h2>作品</h2>!${items.length > 0 ? html`<ul class="list">!${items}</ul>` : html`<p class="soft">还没有作品。</p>`}</section>
<section class="card"><h2>发布图文（手机端）</h2>
<form method="post" action="${accountAddress(account)}" enctype="multipart/form-data" data-testid="post-form">
<label for="picture">图片</label><input id="picture" name="picture" type="file" accept="image/*" required data-testid="post-picture">
<label for="caption">作品描述</label><textarea id="caption" name="caption" required maxlength="${CAPTION_LONGEST}" data-testid="post-caption"></textarea>
<button data-testid="post-send">发布</button></form></section>`;
}

export function workPage(account: KuaishouAccount, work: Work): string {
  return html`<article class="card" data-testid="article"><h1><a href="${accountAddress(account)}">${account.name}</a></h1>
<p class="soft">${formatWhen(work.at)}</p>
<img data-testid="picture" src="${ROOT}/pictures/${work.picture}" alt="作品图片">
!${work.videoBytes === null ? '' : html`<p class="soft">视频文件 ${(work.videoBytes / 1024 / 1024).toFixed(1)} MB，模拟平台只保存大小。</p>`}
<div class="wrap" data-testid="post-text" style="white-space:pre-wrap">${work.caption}</div></article>
<section class="card"><h2>分享</h2><label for="share">复制链接</label>
<textarea id="share" readonly data-testid="share-text">${shareText(work)}</textarea></section>`;
}
