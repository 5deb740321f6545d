/** What became of an article: by its number, else by the short link in the account's own newest articles. */
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, CheckResult, PlatformIds } from '../contract.ts';
import { call, notRead } from './client.ts';
import { carriesLink } from './compose.ts';
import { limits, waits } from './limits.ts';
import { wordsOf } from './markup.ts';
import { Article, ArticleList } from './shapes.ts';
import { addressOn } from './wire.ts';

/** Clocks differ; the contract's window begins this long before the call. */
const WINDOW_BEFORE_MS = 2 * 60_000;
const PAGE_SIZE = 20;
const PAGES = 3;
/** Each candidate costs a call: the list does not show the text. */
const CANDIDATES = 15;

/** The list's own parts. What the number in `state` means is documented nowhere, so it is never read. */
const groups = { all: 0, inReview: 1, passed: 2, refused: 3 } as const;

type Unread = Extract<CheckResult, { kind: 'unknown' | 'sign-in-again' | 'retry-later' }>;

export async function check(
  session: AccountSession,
  payload: PackagePayload,
  { articleId }: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  if (articleId) return fateOf(session, articleId);
  const found = await findByLink(session, payload, sentAt);
  return 'id' in found ? fateOf(session, found.id) : found;
}

/** Asked in the order in which an article moves, so that one which moves meanwhile is met in the next part. */
async function fateOf(session: AccountSession, articleId: string): Promise<CheckResult> {
  const ids = { articleId };
  for (const group of [groups.inReview, groups.passed, groups.refused]) {
    const found = await findInGroup(session, articleId, group);
    if ('kind' in found) return found;
    if (!found.article) continue;
    const { article } = found;
    if (group === groups.inReview)
      return { kind: 'pending', ids, checkAfterMs: waits.reviewMs, waitingFor: 'platform' };
    if (group === groups.passed) {
      const url = addressOn(session, 'www', `/read/cv${articleId}`);
      return { kind: 'published', ids, url, at: article.publish_time };
    }
    return { kind: 'rejected', code: 'review', reason: `平台审核未通过：${article.reason || '没有说明'}` };
  }
  return unknown('平台没有列出这篇专栏，可能已被删除 / not listed; it may have been deleted');
}

async function findInGroup(
  session: AccountSession,
  articleId: string,
  group: number,
): Promise<{ article: Article | null } | Unread> {
  for (let page = 1; page <= PAGES; page += 1) {
    const read = await readPage(session, group, page);
    if ('kind' in read) return read;
    const article = read.articles.find((candidate) => candidate.id === articleId);
    if (article) return { article };
    if (isLast(read, page)) break;
  }
  return { article: null };
}

async function findByLink(
  session: AccountSession,
  payload: PackagePayload,
  sentAt: Date,
): Promise<{ id: string } | CheckResult> {
  const recent = await listSince(session, sentAt.getTime() - WINDOW_BEFORE_MS);
  if ('kind' in recent) return recent;
  let doubtful: Article | undefined;
  for (const candidate of recent.articles.slice(0, CANDIDATES)) {
    const detail = await readDetail(session, candidate.id);
    if ('kind' in detail) return detail;
    const words = wordsOf(detail.content);
    if (carriesLink(words, payload.shortLink)) return { id: candidate.id };
    if (resembles(detail, words, payload)) doubtful ??= candidate;
  }
  if (doubtful)
    return unknown(`专栏 ${doubtful.id} 很像这一篇，请人工核对 / article ${doubtful.id} resembles it`);
  if (!recent.complete || recent.articles.length > CANDIDATES)
    return unknown('专栏列表没有列全，无法断定 / the list was not read in full');
  return { kind: 'absent' };
}

/** The text is not shown, or the title is ours and no short link of another delivery stands in it. */
function resembles(article: Article, words: string, payload: PackagePayload): boolean {
  if (words.trim() === '') return true;
  if (normalise(article.title) !== normalise(payload.title ?? '')) return false;
  const others = payload.shortLink.slice(0, payload.shortLink.lastIndexOf('/') + 1);
  return !words.includes(others);
}

const normalise = (text: string): string =>
  [...text.normalize('NFKC').replaceAll(/\s+/g, '')].slice(0, limits.titleCharacters).join('');

/** Newest first, back to the moment; `complete` when the list reaches back that far, or ends before. */
async function listSince(
  session: AccountSession,
  begin: number,
): Promise<{ articles: Article[]; complete: boolean } | Unread> {
  const articles: Article[] = [];
  let seen = 0;
  for (let page = 1; page <= PAGES; page += 1) {
    const read = await readPage(session, groups.all, page);
    if ('kind' in read) return read;
    seen += read.articles.length;
    // Without a time it may be anything: it is looked at.
    articles.push(...read.articles.filter(({ ctime }) => !ctime || ctime.getTime() >= begin));
    // The last one decides: an old article that is pinned on top says nothing about those below it.
    const oldest = read.articles.at(-1)?.ctime;
    if (oldest && oldest.getTime() < begin) return { articles, complete: true };
    // A page that shows fewer than it counts (an empty one above all) is not the whole list.
    if (isLast(read, page)) return { articles, complete: seen >= read.total };
  }
  return { articles, complete: false };
}

type Page = { articles: Article[]; total: number };

const isLast = (read: Page, page: number): boolean =>
  read.articles.length === 0 || page * PAGE_SIZE >= read.total;

async function readPage(session: AccountSession, group: number, page: number): Promise<Page | Unread> {
  const answer = await call(session, {
    method: 'GET',
    path: '/arcopen/fn/article/list',
    query: { pn: page, ps: PAGE_SIZE, sort: 1, group },
  });
  if (answer.kind !== 'ok') return notRead(answer);
  const read = ArticleList.safeParse(answer.data);
  return read.success ? read.data : unknown('专栏列表无法识别 / unreadable list');
}

async function readDetail(session: AccountSession, id: string): Promise<Article | Unread> {
  const answer = await call(session, { method: 'GET', path: '/arcopen/fn/article/detail', query: { id } });
  if (answer.kind !== 'ok') return notRead(answer);
  const read = Article.safeParse(answer.data);
  return read.success ? read.data : unknown('专栏详情无法识别 / unreadable article');
}

const unknown = (reason: string): Extract<CheckResult, { kind: 'unknown' }> => ({ kind: 'unknown', reason });
