import type { FoundPage } from '#server/modules/publishing/index.ts';
import { pagePath } from '#server/modules/publishing/index.ts';
import { timeElement } from '../dates.ts';
import { html } from '../html.ts';
import { renderPage } from '../layout.ts';
import type { Frame } from '../site-frame.ts';

/** More than these nobody reads; a narrower question helps more. */
export const foundLimit = 20;

export function renderSearch(frame: Frame, query: string, found: readonly FoundPage[]): string {
  return renderPage(frame, {
    title: query ? `搜索：${query}` : '搜索',
    description: `在${frame.site.name}的内容中搜索。`,
    path: `${frame.site.base}/search`,
    back: `${frame.site.base}/search?q=${encodeURIComponent(query)}`,
    indexed: false,
    query,
    main: renderMain(query, found),
  });
}

function renderMain(query: string, found: readonly FoundPage[]): string {
  if (!query) return html`<h1>搜索</h1><p>请在上方输入想办的事或关键词，例如“退休”“失业金”“社保卡”。</p>`;
  if (found.length === 0) {
    return html`<h1>搜索“${query}”</h1>
<p>没有找到相关内容。</p>
<ul><li>换一个更短或更常用的说法，例如“社保卡”“退休手续”。</li>
<li>检查有没有错别字。</li>
<li>仍未找到，可拨打人社服务热线 <a href="tel:12333">12333</a> 咨询。</li></ul>`;
  }
  const lines = found.map(
    (page) => html`<li><h2><a href="${pagePath(page.slug)}">!${renderMarked(page.title)}</a></h2>
<p>!${renderMarked(page.snippet)}</p><p class="quiet">!${timeElement(page.publishedAt)}</p></li>`,
  );
  const count = found.length === foundLimit ? `最相关的 ${foundLimit} 条` : `共 ${found.length} 条`;
  return html`<h1>搜索“${query}”</h1><p class="quiet">${count}</p><ul class="list">!${lines}</ul>`;
}

function renderMarked(parts: FoundPage['title']): string {
  return parts.map((part) => (part.hit ? html`<mark>${part.text}</mark>` : html`${part.text}`)).join('');
}
