import { pagePath, type SitePage } from '#server/modules/publishing/index.ts';
import { isoTime, latest, timeElement } from '../dates.ts';
import { html, jsonForScript, shorten } from '../html.ts';
import { renderPage } from '../layout.ts';
import type { Frame } from '../site-frame.ts';
import { renderCorrections } from './corrections.ts';

export function renderArticle(frame: Frame, page: SitePage): string {
  const description = shorten(page.digest || page.plain, 120);
  const path = pagePath(page.slug);
  return renderPage(frame, {
    title: page.title,
    description,
    path,
    head: renderHead(frame, page, description),
    main: renderMain(frame, page),
  });
}

function renderMain({ site, publicUrl }: Frame, page: SitePage): string {
  const address = `${publicUrl}${pagePath(page.slug)}`;
  const mended = page.updatedAt.getTime() - page.publishedAt.getTime() > 60_000 && page.revision > 1;
  return html`<article>
<h1 data-read>${page.title}</h1>
<p class="quiet">!${timeElement(page.publishedAt, { withClock: true })}　<span class="whole">来源：${page.author || site.name}</span>
!${mended ? html`　更新于 !${timeElement(page.updatedAt, { withClock: true })}` : ''}</p>
<div class="tools" data-tools data-address="${address}"></div>
!${page.corrections.length > 0 ? html`<div data-read>!${renderCorrections(page)}</div>` : ''}<div class="text" data-read>!${page.html}</div>
<p class="address quiet">本页网址：<a href="${address}">${address}</a></p>
</article>`;
}

function renderHead({ site, publicUrl }: Frame, page: SitePage, description: string): string {
  const picture = firstPicture(page.html, publicUrl);
  const url = `${publicUrl}${pagePath(page.slug)}`;
  const article = {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: page.title,
    description,
    inLanguage: 'zh-CN',
    datePublished: isoTime(page.publishedAt),
    dateModified: isoTime(latest(page.updatedAt, page.publishedAt)),
    mainEntityOfPage: url,
    author: { '@type': 'GovernmentOrganization', name: page.author || site.name },
    publisher: { '@type': 'GovernmentOrganization', name: site.name },
    ...(picture ? { image: [picture] } : {}),
  };
  return html`<meta property="og:type" content="article">
<meta property="article:published_time" content="${isoTime(page.publishedAt)}">
!${picture ? html`<meta property="og:image" content="${picture}">` : ''}
<script type="application/ld+json">!${jsonForScript(article)}</script>`;
}

/** Our own pictures only; the text was cleaned, so the attribute's shape is known. */
function firstPicture(text: string, publicUrl: string): string | null {
  const found = /<img[^>]* src="(\/files\/[\w-]+)"/.exec(text);
  return found ? `${publicUrl}${found[1]}` : null;
}
