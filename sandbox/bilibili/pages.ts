/** The human pages: what the public reads, and the review desk that decides it. */
import { html } from 'ghtml';
import { formatWhen } from '../core/page.ts';
import { type Article, type BilibiliAccount, imageHash, type Video } from './state.ts';

const ROOT = '/sandbox/bilibili';

export const spaceAddress = (account: BilibiliAccount): string => `${ROOT}/space/${account.openid}`;
export const reviewAddress = (account: BilibiliAccount): string => `${ROOT}/review/${account.openid}`;
const articleAddress = (article: Article): string => `${ROOT}/read/cv${article.id}`;

const videoAddress = (video: Video): string => `${ROOT}/video/${video.bvid}`;

/** Uploaded pictures are shown from here; the addresses that the API gives lead nowhere. */
const shownAddress = (url: string): string => `${ROOT}/bfs/${imageHash(url) ?? ''}`;

export function homePage(accounts: BilibiliAccount[]): string {
  if (accounts.length === 0) {
    return html`<h1>哔哩哔哩</h1><p class="card">还没有账号。种子数据或测试会在这里建号。</p>`;
  }
  const cards = accounts.map(
    (
      account,
    ) => html`<section class="card"><h2><a data-testid="account-${account.openid}" href="${spaceAddress(account)}">${account.name}</a></h2>
!${articleList(publicOf(account).slice(0, 3))}</section>`,
  );
  return html`<h1>哔哩哔哩</h1>!${cards}`;
}

const publicOf = (account: BilibiliAccount): Article[] =>
  account.articles.filter((article) => article.state === 'passed').toReversed();

export function spacePage(account: BilibiliAccount): string {
  const waiting = [...account.articles, ...account.videos].filter(
    ({ state }) => state === 'in-review',
  ).length;
  return html`<h1>${account.name}</h1>
<section class="card"><h2>视频</h2>!${videoList(account)}</section>
<section class="card"><h2>专栏</h2>!${articleList(publicOf(account))}</section>
<p class="soft"><a data-testid="review-desk" href="${reviewAddress(account)}">平台审核台（${waiting} 件待审）</a></p>`;
}

function articleList(articles: Article[]): string {
  if (articles.length === 0) return html`<p class="soft">还没有专栏。</p>`;
  const items = articles.map(
    (
      article,
    ) => html`<li data-testid="post" data-id="${article.id}"><a data-testid="post-link" href="${articleAddress(article)}">${article.title}</a>
<div class="soft">${article.summary}</div></li>`,
  );
  return html`<ul class="list">!${items}</ul>`;
}

function videoList(account: BilibiliAccount): string {
  const items = account.videos
    .filter(({ state }) => state === 'passed')
    .toReversed()
    .map(
      (
        video,
      ) => html`<li data-testid="post" data-id="${video.bvid}"><a data-testid="post-link" href="${videoAddress(video)}">${video.title}</a>
<div class="soft">${video.desc}</div></li>`,
    );
  return items.length > 0 ? html`<ul class="list">!${items}</ul>` : html`<p class="soft">还没有视频。</p>`;
}

export function videoPage(account: BilibiliAccount, video: Video): string {
  return html`<article class="card" data-testid="article"><h1>${video.title}</h1>
<p class="soft"><a href="${spaceAddress(account)}">${account.name}</a>　${formatWhen(video.publishedAt ?? video.at)}　播放 ${video.views}</p>
<img data-testid="picture" src="${shownAddress(video.cover)}" alt="视频封面">
<p class="soft">视频文件 ${(video.bytes / 1024 / 1024).toFixed(1)} MB，模拟平台只保存校验值。</p>
<div class="wrap" data-testid="post-text" style="white-space:pre-wrap">${video.desc}</div>
<p class="soft">标签：${video.tag}</p></article>`;
}

export function articlePage(account: BilibiliAccount, article: Article): string {
  // The page's policy lets nothing run and nothing call out, so the text may be shown as it was sent.
  const content = article.content.replaceAll(
    /src="([^"]*)"/g,
    (_whole, url: string) => `src="${shownAddress(url)}"`,
  );
  return html`<article class="card" data-testid="article"><h1>${article.title}</h1>
<p class="soft"><a href="${spaceAddress(account)}">${account.name}</a>　${formatWhen(article.publishedAt ?? article.at)}</p>
<div class="wrap" data-testid="post-text">!${content}</div>
!${article.closedReply ? html`<p class="soft">评论区已关闭</p>` : ''}</article>`;
}

export function reviewPage(account: BilibiliAccount): string {
  const works = [
    ...account.articles.map((article) => ({ ...article, id: String(article.id) })),
    ...account.videos.map((video) => ({ ...video, id: video.bvid })),
  ].toSorted((a, b) => b.at - a.at);
  const items = works.map((work) => reviewItem(account, work));
  return html`<h1>审核台</h1><p class="soft">${account.name} 提交的视频和专栏。真实平台由平台人员审核。</p>
<section class="card">!${items.length > 0 ? html`<ul class="list">!${items}</ul>` : html`<p class="soft">没有稿件。</p>`}</section>`;
}

const stateNames = { 'in-review': '审核中', passed: '已通过', refused: '未通过' } as const;

type Work = Pick<Article, 'title' | 'state' | 'reason' | 'at'> & { id: string };

function reviewItem(account: BilibiliAccount, article: Work): string {
  const tag = html`<span class="tag !${article.state === 'refused' ? 'warn' : ''}" data-testid="review-state">${stateNames[article.state]}</span>`;
  const head = html`<strong>${article.title}</strong> !${tag}
<div class="soft">${formatWhen(article.at)}${article.reason ? `　${article.reason}` : ''}</div>`;
  if (article.state !== 'in-review')
    return html`<li data-testid="review-item" data-id="${article.id}">!${head}</li>`;
  return html`<li data-testid="review-item" data-id="${article.id}">!${head}
<form method="post" action="${reviewAddress(account)}">
<input type="hidden" name="id" value="${article.id}">
<label for="reason-${article.id}">不通过的原因</label><input id="reason-${article.id}" name="reason" maxlength="100" data-testid="review-reason">
<button name="verdict" value="pass" data-testid="review-pass">通过</button>
<button class="plain" name="verdict" value="refuse" data-testid="review-refuse">不通过</button></form></li>`;
}
