/** The same list in the three forms that readers and partner media know: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1. */
import { pagePath, type SitePage } from '#server/modules/publishing/index.ts';
import { renderCorrections } from '../article/corrections.ts';
import { isoTime, latest } from '../dates.ts';
import { html, shorten } from '../html.ts';
import { type Frame, homePath } from '../site-frame.ts';

export const feedLength = 20;

type Feed = { type: string; render(frame: Frame, pages: readonly SitePage[]): string };

export const feeds: ReadonlyMap<string, Feed> = new Map([
  ['atom.xml', { type: 'application/atom+xml; charset=utf-8', render: renderAtom }],
  ['rss.xml', { type: 'application/rss+xml; charset=utf-8', render: renderRss }],
  ['feed.json', { type: 'application/feed+json; charset=utf-8', render: renderJsonFeed }],
]);

// The templates' escaping writes numeric references only, which XML knows as well as HTML.
const xml = html;

/** Characters that XML 1.0 can't hold at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const noXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const addressOf = ({ publicUrl }: Frame, page: SitePage) => `${publicUrl}${pagePath(page.slug)}`;
const homeAddress = ({ publicUrl, site }: Frame) => `${publicUrl}${homePath(site)}`;
const summaryOf = (page: SitePage) => shorten(page.digest || page.plain, 200);

/** Feeds are read elsewhere: addresses on our site become whole. */
function textOf({ publicUrl }: Frame, page: SitePage): string {
  return `${renderCorrections(page)}${page.html}`.replace(/ (src|href)="\/(?!\/)/g, ` $1="${publicUrl}/`);
}

function renderAtom(frame: Frame, pages: readonly SitePage[]): string {
  const { site, publicUrl } = frame;
  const updated = latest(new Date(0), ...pages.map((page) => page.updatedAt));
  const entries = pages.map(
    (page) => xml`<entry>
<id>${addressOf(frame, page)}</id>
<title>${page.title}</title>
<link href="${addressOf(frame, page)}"/>
<published>${isoTime(page.publishedAt)}</published>
<updated>${isoTime(page.updatedAt)}</updated>
<author><name>${page.author || site.name}</name></author>
<summary>${summaryOf(page)}</summary>
<content type="html">${textOf(frame, page)}</content>
</entry>
`,
  );
  return xml`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
<id>${homeAddress(frame)}</id>
<title>${site.name}</title>
<updated>${isoTime(updated)}</updated>
<link href="${homeAddress(frame)}"/>
<link rel="self" type="application/atom+xml" href="${publicUrl}${site.base}/feeds/atom.xml"/>
<author><name>${site.name}</name></author>
!${entries}</feed>
`.replace(noXml, '');
}

function renderRss(frame: Frame, pages: readonly SitePage[]): string {
  const { site, publicUrl } = frame;
  const items = pages.map(
    (page) => xml`<item>
<title>${page.title}</title>
<link>${addressOf(frame, page)}</link>
<guid isPermaLink="true">${addressOf(frame, page)}</guid>
<pubDate>${page.publishedAt.toUTCString()}</pubDate>
<description>${summaryOf(page)}</description>
<content:encoded>${textOf(frame, page)}</content:encoded>
</item>
`,
  );
  return xml`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>${site.name}</title>
<link>${homeAddress(frame)}</link>
<description>${site.name}发布的内容</description>
<language>zh-cn</language>
<atom:link rel="self" type="application/rss+xml" href="${publicUrl}${site.base}/feeds/rss.xml"/>
!${items}</channel>
</rss>
`.replace(noXml, '');
}

function renderJsonFeed(frame: Frame, pages: readonly SitePage[]): string {
  const { site, publicUrl } = frame;
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: site.name,
    home_page_url: homeAddress(frame),
    feed_url: `${publicUrl}${site.base}/feeds/feed.json`,
    language: 'zh-CN',
    items: pages.map((page) => ({
      id: addressOf(frame, page),
      url: addressOf(frame, page),
      title: page.title,
      summary: summaryOf(page),
      content_html: textOf(frame, page),
      date_published: isoTime(page.publishedAt),
      date_modified: isoTime(page.updatedAt),
      authors: [{ name: page.author || site.name }],
    })),
  });
}
