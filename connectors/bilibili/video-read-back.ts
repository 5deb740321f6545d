/** What became of a video: by its number, else by the short link in the descriptions of the newest ones. */
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, CheckResult, PlatformIds } from '../contract.ts';
import { call, notRead } from './client.ts';
import { carriesLink } from './compose.ts';
import { limits, waits } from './limits.ts';
import { Video, VideoList } from './shapes.ts';
import { addressOn } from './wire.ts';

/** Clocks differ; the contract's window begins this long before the call. */
const WINDOW_BEFORE_MS = 2 * 60_000;
const PAGE_SIZE = 20;
const PAGES = 3;
/** `addit_info.state` as far as samples show it; every other number is "not yet". */
const STATE = { open: 0, refused: -2, deleted: -100 } as const;

export async function checkVideo(
  session: AccountSession,
  payload: PackagePayload,
  { resourceId }: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  if (!resourceId) return findByLink(session, payload, sentAt);
  const answer = await call(session, {
    method: 'GET',
    path: '/arcopen/fn/archive/view',
    query: { resource_id: resourceId },
  });
  if (answer.kind !== 'ok') return notRead(answer);
  const video = Video.safeParse(answer.data);
  return video.success && video.data.id === resourceId
    ? fateOf(session, video.data)
    : unknown('稿件详情无法识别 / unreadable video');
}

function fateOf(session: AccountSession, video: Video): CheckResult {
  const ids = { resourceId: video.id };
  if (video.state === STATE.open) {
    const url = addressOn(session, 'www', `/video/${video.id}`);
    return { kind: 'published', ids, url, at: video.ptime };
  }
  if (video.state === STATE.deleted) return unknown('稿件已被删除 / the video was deleted');
  if (video.state === STATE.refused || video.reject_reason) {
    const reason = `平台审核未通过：${video.reject_reason || video.state_desc || '没有说明'}`;
    return { kind: 'rejected', code: 'review', reason };
  }
  return { kind: 'pending', ids, checkAfterMs: waits.reviewMs, waitingFor: 'platform' };
}

async function findByLink(
  session: AccountSession,
  payload: PackagePayload,
  sentAt: Date,
): Promise<CheckResult> {
  const begin = sentAt.getTime() - WINDOW_BEFORE_MS;
  let doubtful: Video | undefined;
  let seen = 0;
  for (let page = 1; page <= PAGES; page += 1) {
    const answer = await call(session, {
      method: 'GET',
      path: '/arcopen/fn/archive/viewlist',
      query: { pn: page, ps: PAGE_SIZE, status: 'all' },
    });
    if (answer.kind !== 'ok') return notRead(answer);
    const read = VideoList.safeParse(answer.data);
    if (!read.success) return unknown('稿件列表无法识别 / unreadable list');
    const { list, page: paging } = read.data;
    seen += list.length;
    const ours = list.find((video) => carriesLink(video.desc, payload.shortLink));
    if (ours) return fateOf(session, ours);
    const recent = list.filter(({ ctime }) => !ctime || ctime.getTime() >= begin);
    doubtful ??= recent.find((video) => resembles(video, payload));
    const oldest = list.at(-1)?.ctime;
    if (oldest && oldest.getTime() < begin) return judge(doubtful);
    if (list.length === 0 || page * PAGE_SIZE >= paging.total) {
      // A list that shows fewer than it counts is not the whole list.
      return seen >= paging.total ? judge(doubtful) : unknown('稿件列表没有列全 / not listed in full');
    }
  }
  return unknown('稿件列表没有列全，无法断定 / the list was not read in full');
}

const judge = (doubtful: Video | undefined): CheckResult =>
  doubtful
    ? unknown(`稿件 ${doubtful.id} 很像这一个，请人工核对 / video ${doubtful.id} resembles it`)
    : { kind: 'absent' };

/** Our title, and no short link of another delivery in the description. */
function resembles(video: Video, payload: PackagePayload): boolean {
  if (normalise(video.title) !== normalise(payload.title ?? '')) return false;
  const others = payload.shortLink.slice(0, payload.shortLink.lastIndexOf('/') + 1);
  return !video.desc.includes(others);
}

const normalise = (text: string): string =>
  [...text.normalize('NFKC').replaceAll(/\s+/g, '')].slice(0, limits.videoTitle).join('');

const unknown = (reason: string): Extract<CheckResult, { kind: 'unknown' }> => ({ kind: 'unknown', reason });
