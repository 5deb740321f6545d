/** Looking for a post in the platform's list of publications. Mass sends are in no list. */
import type { AccountSession, CheckResult, PlatformIds } from '#connectors/contract.ts';
import type { PackagePayload } from '#shared/package.ts';
import { call, type Json } from './client.ts';
import { withMid } from './publish-ids.ts';

const PER_PAGE = 20;
/** With content a page may be several megabytes. */
const PER_PAGE_WITH_CONTENT = 5;
const MOST_ITEMS = 200;
const BEFORE_MS = 120_000;

type Page = { listed: Listed[]; total: number };
type Listed = { articleId: string; articles: Json[]; at: Date | null };

/**
 * Reads pages, newest first, until a whole page is older than two minutes before the submission. `absent` only
 * when the list was read that far.
 */
export async function findInList(
  session: AccountSession,
  payload: PackagePayload,
  ids: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  // The source link is told without the content; only where an editor took it out is the content needed.
  const withContent = payload.sourceUrl !== payload.shortLink;
  const count = withContent ? PER_PAGE_WITH_CONTENT : PER_PAGE;
  const since = sentAt.getTime() - BEFORE_MS;
  let offset = 0;
  while (offset < MOST_ITEMS) {
    const answer = await call(session, {
      method: 'POST',
      path: '/cgi-bin/freepublish/batchget',
      json: { offset, count, no_content: withContent ? 0 : 1 },
    });
    if (answer.kind !== 'ok') {
      return { kind: 'unknown', reason: '发布列表没有查成。The list of publications could not be read.' };
    }
    const page = readPage(answer.body, offset);
    if (!page) return { kind: 'unknown', reason: '发布列表看不懂。The list of publications is unreadable.' };
    const found = page.listed.find(({ articles }) =>
      articles.some((article) => carries(article, payload.shortLink)),
    );
    if (found) return published(found, ids);
    const over =
      offset + page.listed.length >= page.total ||
      page.listed.every(({ at }) => at !== null && at.getTime() < since);
    if (over) return { kind: 'absent' };
    // A page may be shorter than asked for; nothing may be skipped.
    offset += page.listed.length;
  }
  return { kind: 'unknown', reason: `看了 ${MOST_ITEMS} 篇还没到那个时间。The list is too long to be read.` };
}

/**
 * Null unless the answer really is a page: it says how many publications there are, and shows some as long as there
 * are more. An empty object would otherwise read as "nothing was published".
 */
function readPage(body: Json, offset: number): Page | null {
  const total = Number(body.total_count ?? Number.NaN);
  const items = body.item ?? [];
  if (!Number.isInteger(total) || !Array.isArray(items)) return null;
  if (items.length === 0 && offset < total) return null;
  return { total, listed: items.map(readItem) };
}

function readItem(item: Json): Listed {
  const content = (item.content ?? {}) as Json;
  // The documents put `update_time` beside `content`; live answers have had it inside.
  const seconds = Number(item.update_time ?? content.update_time);
  return {
    articleId: String(item.article_id ?? '').trim(),
    articles: Array.isArray(content.news_item) ? (content.news_item as Json[]) : [],
    at: Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1000) : null,
  };
}

/** The whole link and not the beginning of a longer one. */
function carries(article: Json, shortLink: string): boolean {
  const escaped = shortLink.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const whole = new RegExp(`${escaped}(?![\\w-])`);
  return whole.test(String(article.content_source_url ?? '')) || whole.test(String(article.content ?? ''));
}

function published(found: Listed, known: PlatformIds): CheckResult {
  const url = String(found.articles[0]?.url ?? '') || null;
  const ids = withMid({ ...known, articleId: found.articleId }, url);
  return { kind: 'published', ids, url, at: found.at };
}
