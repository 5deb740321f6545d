import type { PublicAnswer } from '#server/modules/inbox/index.ts';
import type { FoundPage } from '#server/modules/publishing/index.ts';
import { pagePath } from '#server/modules/publishing/index.ts';
import { timeElement } from '../dates.ts';
import { html } from '../html.ts';
import { renderAnswerLines, searchPath } from '../inbox/answers-page.ts';
import { renderPage } from '../layout.ts';
import type { Frame, Site } from '../site-frame.ts';

export type Found = {
  pages: readonly FoundPage[];
  /** Published answers that hold every word, one more than are shown where there are more. */
  answers: readonly PublicAnswer[];
  /** Words that find something here; asked for only where they are shown. */
  examples: readonly string[];
};

/** More than these nobody reads; a narrower question helps more. */
export const foundLimit = 20;
export const answersShown = 3;

export function renderSearch(frame: Frame, query: string, found: Found): string {
  return renderPage(frame, {
    title: query ? `搜索：${query}` : '搜索',
    description: `在${frame.site.name}的内容中搜索。`,
    path: `${frame.site.base}/search`,
    back: `${frame.site.base}/search?q=${encodeURIComponent(query)}`,
    indexed: false,
    query,
    main: renderMain(frame.site, query, found),
  });
}

function renderMain(site: Site, query: string, { pages, answers, examples }: Found): string {
  const words = examples.map((word) => `“${word}”`).join('');
  if (!query) return html`<h1>搜索</h1><p>请在上方输入想办的事或关键词${words ? `，例如${words}` : ''}。</p>`;
  if (pages.length + answers.length === 0) {
    return html`<h1>搜索“${query}”</h1>
<p>没有找到相关内容。</p>
<ul><li>换一个更短或更常用的说法${words ? `，例如${words}` : ''}。</li>
<li>检查有没有错别字。</li>
<li>仍未找到，可以<a href="${site.base}/ask">写留言</a>，或拨打人社服务热线 <a href="tel:12333">12333</a> 咨询。</li></ul>`;
  }
  return html`<h1>搜索“${query}”</h1>
!${answers.length > 0 ? renderAnswers(site, query, answers) : ''}
!${pages.length > 0 ? renderPages(pages, answers.length > 0) : ''}`;
}

function renderAnswers(site: Site, query: string, answers: readonly PublicAnswer[]): string {
  const more =
    answers.length > answersShown
      ? html`<p class="more"><a href="${searchPath(site, query)}">更多公开答复</a></p>`
      : '';
  return html`<h2>公开答复</h2>!${renderAnswerLines(site, answers.slice(0, answersShown))}!${more}`;
}

function renderPages(pages: readonly FoundPage[], beside: boolean): string {
  const lines = pages.map(
    (page) => html`<li><h2><a href="${pagePath(page.slug)}">!${renderMarked(page.title)}</a></h2>
<p>!${renderMarked(page.snippet)}</p><p class="quiet">!${timeElement(page.publishedAt)}</p></li>`,
  );
  const count = pages.length === foundLimit ? `最相关的 ${foundLimit} 条` : `共 ${pages.length} 条`;
  return html`!${beside ? '<h2>文章</h2>' : ''}<p class="quiet">${count}</p><ul class="list">!${lines}</ul>`;
}

function renderMarked(parts: FoundPage['title']): string {
  return parts.map((part) => (part.hit ? html`<mark>${part.text}</mark>` : html`${part.text}`)).join('');
}
