import { createHash } from 'node:crypto';
import type { PackagePayload } from '#shared/package.ts';
import type { AccountSession, MediaReader, Outcome, PlatformIds, RemotePublish } from '../contract.ts';
import { asksAgain, call, type Failure, outcomeOf } from './client.ts';
import { compose, inspect, inspectFor, TOPICS_MOST } from './compose.ts';
import { readLimits, readOwner } from './instance.ts';
import { SETTLE_MS } from './limits.ts';
import { NotPrepared } from './not-prepared.ts';
import { offerPicture } from './pictures.ts';
import { check } from './read-back.ts';
import { Status } from './shapes.ts';

export const publish: RemotePublish = {
  kind: 'remote',
  reaches: ['timeline'],
  carriesShortLink: true,
  settleMs: SETTLE_MS,
  picturesOnly: true,
  topics: { most: TOPICS_MOST },
  compose,
  inspect,
  prepare,
  submit,
  check,
};

/** Whose token, which limits, the pictures; nothing of it can be seen by anybody. */
async function prepare(
  session: AccountSession,
  payload: PackagePayload,
  media: MediaReader,
  once: Parameters<RemotePublish['prepare']>[3],
): Promise<{ kind: 'prepared'; ids: PlatformIds } | Failure> {
  try {
    const { ownerId = '' } = await once('owner', () => askOwner(session));
    await examine(session, payload);
    const mediaIds: string[] = [];
    for (const [place, picture] of payload.media.entries()) {
      mediaIds.push(await offerPicture(session, picture, media, once, place));
    }
    // No submission can be older than this moment, so that a key is surely alive for an hour after it.
    const { keyFrom = '' } = await once('key', async () => ({ keyFrom: String(session.now().getTime()) }));
    return { kind: 'prepared', ids: { ownerId, keyFrom, mediaIds: mediaIds.join(',') } };
  } catch (error) {
    if (error instanceof NotPrepared) return error.failure;
    throw error;
  }
}

async function askOwner(session: AccountSession): Promise<PlatformIds> {
  const owner = await readOwner(session);
  if ('failure' in owner) throw new NotPrepared(owner.failure);
  return { ownerId: owner.id };
}

/** By the instance's own limits, asked anew every time: they may have changed since. */
async function examine(session: AccountSession, payload: PackagePayload): Promise<void> {
  const limits = await readLimits(session);
  if ('failure' in limits) throw new NotPrepared(limits.failure);
  const { problems } = inspectFor(limits, payload, payload);
  const block = problems.find((problem) => problem.level === 'block');
  if (block) throw new NotPrepared({ kind: 'rejected', code: `content-${block.field}`, reason: block.zh });
}

/**
 * The one call. No `scheduled_at`, ever: the platform ignores the key for scheduled posts (mastodon pull 30039), and
 * other servers post them at once.
 */
async function submit(session: AccountSession, payload: PackagePayload, ids: PlatformIds): Promise<Outcome> {
  const mediaIds = (ids.mediaIds ?? '').split(',').filter((id) => id !== '');
  // Provably nothing was sent: `prepare` has not run for this package.
  if (mediaIds.length !== payload.media.length) return asksAgain('pictures-not-uploaded');
  const answer = await call(session, {
    method: 'POST',
    path: '/api/v1/statuses',
    headers: { 'idempotency-key': postKey(payload.shortLink) },
    json: {
      status: payload.body.value,
      media_ids: mediaIds,
      visibility: 'public',
      language: 'zh',
    },
  });
  if (answer.kind !== 'ok') return outcomeOf(answer);
  const status = Status.safeParse(answer.json);
  if (!status.success) return { kind: 'unknown', reason: '答复里没有嘟文编号 / no status id in the answer' };
  const { id, url, created_at } = status.data;
  return { kind: 'published', ids: { postId: id }, url, at: created_at };
}

/** One delivery has one short link, hence one key, whoever sends it and however often. */
export function postKey(shortLink: string): string {
  return `huisheng-${createHash('sha256').update(shortLink).digest('hex').slice(0, 40)}`;
}
