/** Finds a delivery among the account's works by its mark, and says what the platform's review made of it. */
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, CheckResult } from '../contract.ts';
import { notRead } from './answer.ts';
import { call } from './client.ts';
import { carriesMark, codeOf } from './compose.ts';
import { askAgainMs, limits } from './limits.ts';
import { type Item, ItemPage } from './shapes.ts';

/** Clocks differ; the contract's window begins this long before the call. */
const WINDOW_BEFORE_MS = 2 * 60_000;
const PAGES_MOST = 5;
/** Characters at the beginning that make two captions look alike. */
const ALIKE = 12;

export async function findInList(
  session: AccountSession,
  payload: PackagePayload,
  sentAt: Date,
): Promise<CheckResult> {
  const begin = sentAt.getTime() - WINDOW_BEFORE_MS;
  const seen: Item[] = [];
  let cursor = 0;
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const answer = await call(session, {
      method: 'GET',
      path: '/api/douyin/v1/video/video_list/',
      query: { cursor, count: limits.pageSize },
    });
    if (answer.kind !== 'ok') return notRead(answer);
    const read = ItemPage.safeParse(answer.json);
    if (!read.success) return { kind: 'unknown', reason: '作品列表无法识别 / unreadable list of works' };
    const { list, has_more: more, cursor: next } = read.data;
    seen.push(...list);
    // The mark is made for one delivery only, so it counts outside the window too.
    const ours = list.find((item) => carriesMark(item.text, payload.shortLink));
    if (ours) return fateOf(session, ours, sentAt);
    if (!more || reachesBack(list, begin)) return judgeMissing(payload, seen, begin);
    if (next === cursor) break;
    cursor = next;
  }
  return { kind: 'unknown', reason: '作品列表没有列全，无法断定 / the works were not listed in full' };
}

/** Newest first, but for pinned works: a page of older ones means that nothing of the window is left. */
function reachesBack(list: readonly Item[], begin: number): boolean {
  const ordinary = list.filter(({ pinned }) => !pinned);
  return ordinary.length > 0 && ordinary.every(({ at }) => at.getTime() < begin);
}

function judgeMissing(payload: PackagePayload, seen: readonly Item[], begin: number): CheckResult {
  // An empty list may mean "nothing yet" or "not shown to this application"; nothing tells which.
  if (seen.length === 0)
    return { kind: 'unknown', reason: '作品列表是空的，无法断定 / the list of works is empty' };
  const doubtful = seen.find(
    (item) => item.at.getTime() >= begin && resembles(item.text, payload.body.value, payload.shortLink),
  );
  if (!doubtful) return { kind: 'absent' };
  return {
    kind: 'unknown',
    reason: `作品 ${doubtful.id} 很像这一条，请人工核对 / work ${doubtful.id} resembles it`,
  };
}

/**
 * Begins like ours and carries no other delivery's mark where ours stands: the platform may have changed a word or
 * taken the address out.
 */
function resembles(theirs: string, ours: string, shortLink: string): boolean {
  const [mine, other] = [normalise(ours), normalise(theirs)];
  if (mine.slice(0, ALIKE) !== other.slice(0, ALIKE)) return false;
  const tail = ours.includes(shortLink) ? shortLink.slice(0, -codeOf(shortLink).length) : '编号：';
  return !theirs.includes(tail);
}

const normalise = (text: string): string =>
  text.normalize('NFKC').replaceAll(/[\s\u200b-\u200d\ufeff]+/g, '');

/** `video_status`: 1 and 5 public, 2 unfit for the public, 4 under review, 6 friends, 7 private (bulletin, 2024-11). */
export function fateOf(session: AccountSession, item: Item, sentAt: Date): CheckResult {
  const ids = { itemId: item.id };
  const checkAfterMs = askAgainMs(session.now().getTime() - sentAt.getTime());
  const out: CheckResult = { kind: 'published', ids, url: addressOf(session, item), at: item.at };
  switch (item.status) {
    case 1:
    case 5:
      return out;
    case 2:
      return { kind: 'rejected', code: 'video_status-2', reason: '平台审核未通过：不适宜公开' };
    case 6:
    case 7:
      // Somebody restricted it by hand: only a person can open it again.
      return { kind: 'pending', ids, checkAfterMs, waitingFor: 'administrator' };
    case undefined:
      // The platform stopped telling its reviews; figures of others are the proof that it is out.
      if (item.reviewed !== false && item.seen > 0) return out;
      return { kind: 'pending', ids, checkAfterMs, waitingFor: 'platform' };
    default:
      return { kind: 'pending', ids, checkAfterMs, waitingFor: 'platform' };
  }
}

/** The platform's own share address; a stand-in has its works below itself. */
function addressOf(session: AccountSession, item: Item): string | null {
  if (!URL.canParse(item.shareUrl)) return null;
  const url = new URL(item.shareUrl);
  if (url.protocol !== 'https:' || !/(?:^|\.)(?:ies)?douyin\.com$/.test(url.hostname)) return null;
  const { baseUrl } = session.http;
  return new URL(baseUrl).hostname === 'open.douyin.com'
    ? url.href
    : `${baseUrl}${url.pathname}${url.search}`;
}
