/** Finds a delivery among the account's own statuses, and says whether its key still holds. */
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, CheckResult, Outcome, PlatformIds } from '../contract.ts';
import { call, notRead } from './client.ts';
import { readOwner } from './instance.ts';
import { KEY_HOLDS_MS, SETTLE_MS } from './limits.ts';
import { Status, Statuses } from './shapes.ts';
import { carriesLink, plainText } from './text.ts';

/** Clocks differ; the contract's window begins this long before the call. */
const WINDOW_BEFORE_MS = 2 * 60_000;
const PAGE_SIZE = 40;
const PAGES_AT_MOST = 8;

type NotRead = Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }>;

export async function check(
  session: AccountSession,
  payload: PackagePayload,
  ids: PlatformIds,
  sentAt: Date,
): Promise<CheckResult> {
  if (ids.postId) return lookUp(session, ids.postId);
  const owner = await ownerOf(session, ids);
  if ('kind' in owner) return owner;
  const found = await search(session, payload, owner, beginOf(ids, sentAt));
  if (found !== 'absent') return found;
  return repeatable(session, ids, sentAt) ?? { kind: 'absent' };
}

async function lookUp(session: AccountSession, postId: string): Promise<CheckResult> {
  const answer = await call(session, {
    method: 'GET',
    path: `/api/v1/statuses/${encodeURIComponent(postId)}`,
  });
  if (answer.kind === 'refused' && answer.status === 404) {
    return {
      kind: 'unknown',
      reason: '嘟文已不在实例上，可能被删除 / no longer there; it may have been deleted',
    };
  }
  if (answer.kind !== 'ok') return notRead(answer);
  const status = Status.safeParse(answer.json);
  return status.success && status.data.id === postId ? published(status.data) : unreadable;
}

const unreadable = { kind: 'unknown', reason: '答复无法识别 / unreadable answer' } as const;

const published = ({ id, url, created_at }: Status): Extract<Outcome, { kind: 'published' }> => ({
  kind: 'published',
  ids: { postId: id },
  url,
  at: created_at,
});

async function ownerOf(
  session: AccountSession,
  ids: PlatformIds,
): Promise<{ id: string; posts: number | null } | NotRead> {
  const owner = await readOwner(session);
  if ('failure' in owner) {
    const { failure } = owner;
    if (failure.kind === 'sign-in-again') return failure;
    if (failure.kind === 'retry-later' && failure.code === 'HTTP 429') return failure;
    return { kind: 'unknown', reason: `读不到账号 / cannot read the account: ${failure.code}` };
  }
  // The token was exchanged for another account's between sending and asking: its time line proves nothing.
  if (ids.ownerId && owner.id !== ids.ownerId)
    return { kind: 'sign-in-again', code: 'token-of-another-account' };
  return owner;
}

/**
 * `sentAt` is the last submission; under one key there may have been earlier ones, none before `keyFrom` and none that
 * the key outlived. The search begins with them, or a post accepted by an earlier call would be called absent.
 */
function beginOf({ keyFrom }: PlatformIds, sentAt: Date): number {
  const sent = sentAt.getTime();
  const first = keyFrom ? Math.min(sent, Math.max(Number(keyFrom), sent - KEY_HOLDS_MS)) : sent;
  return first - WINDOW_BEFORE_MS;
}

/** Reads back page by page until before `begin`; anything short of that is not "absent". */
async function search(
  session: AccountSession,
  payload: PackagePayload,
  owner: { id: string; posts: number | null },
  begin: number,
): Promise<Extract<Outcome, { kind: 'published' }> | NotRead | 'absent'> {
  let maxId: string | undefined;
  for (let page = 0; page < PAGES_AT_MOST; page += 1) {
    const answer = await call(session, {
      method: 'GET',
      path: `/api/v1/accounts/${encodeURIComponent(owner.id)}/statuses`,
      query: { limit: PAGE_SIZE, ...(maxId ? { max_id: maxId } : {}) },
    });
    if (answer.kind !== 'ok') return notRead(answer);
    const read = Statuses.safeParse(answer.json);
    if (!read.success) return unreadable;
    const statuses = read.data;
    const ours = statuses.find((status) => isOurs(status, payload.shortLink, owner.id));
    if (ours) return published(ours);
    const last = statuses.at(-1);
    // A first page without anything is believed only of an account that says it has no posts.
    if (!last) return page > 0 || owner.posts === 0 ? 'absent' : unreadable;
    if (last.created_at.getTime() < begin) return 'absent';
    if (last.id === maxId) return unreadable;
    maxId = last.id;
  }
  return { kind: 'unknown', reason: '时间线没有列全，无法断定 / the time line was not listed in full' };
}

/** Answers and passed-on posts may quote the link; the post itself is neither. */
function isOurs(status: Status, shortLink: string, ownerId: string): boolean {
  if (status.reblog || status.in_reply_to_id || status.account.id !== ownerId) return false;
  if (carriesLink(plainText(status.content), shortLink)) return true;
  const targets = [...status.content.matchAll(/href="([^"]*)"/g)].map((match) => plainText(match[1] ?? ''));
  return targets.includes(shortLink);
}

/**
 * While the key surely holds, sending again is safe and the only way to ask: the time line may lag behind. It is offered
 * only after the list was read in full without the post, because a call that failed inside the instance may have left
 * a post and no key (the key is written last, post_status_service.rb). Null when it no longer surely holds.
 */
function repeatable(
  session: AccountSession,
  { keyFrom }: PlatformIds,
  sentAt: Date,
): Extract<CheckResult, { kind: 'repeatable' }> | null {
  if (!keyFrom) return null;
  const now = session.now().getTime();
  const afterMs = Math.max(0, SETTLE_MS - (now - sentAt.getTime()));
  return now + afterMs - Number(keyFrom) < KEY_HOLDS_MS ? { kind: 'repeatable', afterMs } : null;
}
