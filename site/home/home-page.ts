import { type PageCursor, type PageLine, pagePath } from '#server/modules/publishing/index.ts';
import { timeElement } from '../dates.ts';
import { html, shorten } from '../html.ts';
import { renderPage } from '../layout.ts';
import { type Frame, homePath } from '../site-frame.ts';

export type HomeList = { pages: readonly PageLine[]; next: PageCursor | null; first: boolean };

export function renderHome(frame: Frame, list: HomeList): string {
  const { site } = frame;
  return renderPage(frame, {
    title: list.first ? '' : '更早的内容',
    description: `${site.name}发布的政策解读、办事指南和通知公告。`,
    path: homePath(site),
    home: list.first,
    indexed: list.first,
    main: renderMain(frame, list),
  });
}

function renderMain({ site }: Frame, { pages, next, first }: HomeList): string {
  const ask = first
    ? html`<p class="doors"><a href="${site.base}/ask">我要留言咨询</a> <a href="${site.base}/receipt">查看答复</a> <a href="${site.base}/answers">大家问过的</a></p>`
    : '';
  const heading = first ? html`<h2>最新发布</h2>` : html`<h1>更早的内容</h1>`;
  if (pages.length === 0) {
    return html`!${ask}!${heading}<p>${first ? '这里还没有发布内容。首篇文章发布后会显示在这里。' : '没有更早的内容了。'}</p>`;
  }
  const [open, close] = first ? ['<h3>', '</h3>'] : ['<h2>', '</h2>'];
  const lines = pages.map(
    (page) => html`<li>!${open}<a href="${pagePath(page.slug)}">${page.title}</a>!${close}
!${page.digest ? html`<p>${shorten(page.digest, 100)}</p>` : ''}<p class="quiet">!${timeElement(page.publishedAt)}</p></li>`,
  );
  return html`!${ask}!${heading}
<ul class="list">!${lines}</ul>
!${next ? html`<p class="more"><a href="${homePath(site)}?before=${writeCursor(next)}" rel="next">更早的内容</a></p>` : ''}`;
}

const cursorPattern = /^([0-9a-z]{6,9})~([0-9]{8}-[0-9A-Z]{8})$/;

export function writeCursor({ publishedAt, slug }: PageCursor): string {
  return `${publishedAt.getTime().toString(36)}~${slug}`;
}

/** Undefined for anything that is no cursor: the list then begins at its beginning. */
export function readCursor(text: unknown): PageCursor | undefined {
  const found = typeof text === 'string' ? cursorPattern.exec(text) : null;
  if (!found) return undefined;
  return { publishedAt: new Date(Number.parseInt(found[1]!, 36)), slug: found[2]! };
}
