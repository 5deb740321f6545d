/** What became of a video: by its id, else by its mark in the account's newest works. */
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, CheckResult, PlatformIds } from '../contract.ts';
import { call, notRead } from './client.ts';
import { NOT_FOUND } from './codes.ts';
import { carriesMark, codeOf } from './compose.ts';
import { askAgainMs, limits, waits } from './limits.ts';
import { type Video, VideoInfo, VideoList } from './shapes.ts';

/** Clocks differ; the contract's window begins this long before the call. */
const WINDOW_BEFORE_MS = 2 * 60_000;
const PAGES = 3;
/** Characters at the beginning that make two captions look alike. */
const ALIKE = 12;

export async function check(
  session: AccountSession,
  payload: PackagePayload,
  { photoId }: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  if (!photoId) return findByMark(session, payload, sentAt);
  const answer = await call(session, {
    method: 'GET',
    path: '/openapi/photo/info',
    query: { photo_id: photoId },
  });
  const age = session.now().getTime() - sentAt.getTime();
  if (answer.kind === 'refused' && answer.code === NOT_FOUND) {
    const ids = { photoId };
    if (age < waits.readyMs)
      return { kind: 'pending', ids, checkAfterMs: askAgainMs(age), waitingFor: 'platform' };
    return unknown('平台没有列出这个作品，可能未通过审核或已被删除 / not listed: refused or deleted');
  }
  if (answer.kind !== 'ok') return notRead(answer);
  const video = VideoInfo.safeParse(answer.json);
  return video.success && video.data.id === photoId
    ? fateOf(session, video.data, age)
    : unknown('作品详情无法识别 / unreadable work');
}

function fateOf(session: AccountSession, video: Video, age: number): CheckResult {
  const ids = { photoId: video.id };
  // Left out is not "no".
  if (video.pending !== false)
    return { kind: 'pending', ids, checkAfterMs: askAgainMs(age), waitingFor: 'platform' };
  const { baseUrl } = session.http;
  const root = new URL(baseUrl).hostname === 'open.kuaishou.com' ? 'https://www.kuaishou.com' : baseUrl;
  return { kind: 'published', ids, url: `${root}/short-video/${video.id}`, at: video.at };
}

async function findByMark(
  session: AccountSession,
  payload: PackagePayload,
  sentAt: Date,
): Promise<CheckResult> {
  const begin = sentAt.getTime() - WINDOW_BEFORE_MS;
  const seen: Video[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const cursor = seen.at(-1)?.id;
    const answer = await call(session, {
      method: 'GET',
      path: '/openapi/photo/list',
      query: { count: limits.pageSize, ...(cursor ? { cursor } : {}) },
    });
    if (answer.kind !== 'ok') return notRead(answer);
    const read = VideoList.safeParse(answer.json);
    if (!read.success) return unknown('作品列表无法识别 / unreadable list');
    seen.push(...read.data);
    const ours = read.data.find(({ caption }) => carriesMark(caption, payload.shortLink));
    if (ours) return fateOf(session, ours, session.now().getTime() - sentAt.getTime());
    const oldest = read.data.at(-1)?.at;
    const reachesBack = oldest !== undefined && oldest.getTime() < begin;
    if (reachesBack || read.data.length < limits.pageSize) return judgeMissing(payload, seen, begin);
  }
  return unknown('作品列表没有列全，无法断定 / the works were not listed in full');
}

function judgeMissing(payload: PackagePayload, seen: readonly Video[], begin: number): CheckResult {
  // An empty list may mean "nothing yet" or "not shown to this application"; nothing tells which.
  if (seen.length === 0) return unknown('作品列表是空的，无法断定 / the list of works is empty');
  const doubtful = seen.find(({ at, caption }) => at.getTime() >= begin && resembles(caption, payload));
  if (!doubtful) return { kind: 'absent' };
  return unknown(`作品 ${doubtful.id} 很像这一条，请人工核对 / work ${doubtful.id} resembles it`);
}

/** Begins like ours, and no other delivery's mark stands in it. */
function resembles(theirs: string, { body, shortLink }: PackagePayload): boolean {
  const [mine, other] = [normalise(body.value), normalise(theirs)];
  if (mine.slice(0, ALIKE) !== other.slice(0, ALIKE)) return false;
  const tail = body.value.includes(shortLink) ? shortLink.slice(0, -codeOf(shortLink).length) : '编号：';
  return !theirs.includes(tail);
}

const normalise = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, '');
const unknown = (reason: string): Extract<CheckResult, { kind: 'unknown' }> => ({ kind: 'unknown', reason });
