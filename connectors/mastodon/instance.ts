/** Whose token it is, and what the account's instance allows. */
import type { AccountAbility, AccountSession, Grant, ProbeCapability } from '../contract.ts';
import { asksAgain, call, type Failure, failureOf } from './client.ts';
import { defaultLimits, type PostLimits } from './limits.ts';
import { Account, Instance, Statuses } from './shapes.ts';

export type Owner = { id: string; acct: string; posts: number | null };

/** @returns the account that the token belongs to; a failure when it is not the one that was set up */
export async function readOwner(session: AccountSession): Promise<Owner | { failure: Failure }> {
  const answer = await call(session, { method: 'GET', path: '/api/v1/accounts/verify_credentials' });
  if (answer.kind !== 'ok') return { failure: failureOf(answer) };
  const read = Account.safeParse(answer.json);
  if (!read.success) return { failure: asksAgain('unreadable-account') };
  const { id, acct, statuses_count } = read.data;
  const wanted = (session.account.settings.username ?? '').replace(/^@/, '').toLowerCase();
  if (acct.toLowerCase() !== wanted) {
    return { failure: { kind: 'sign-in-again', code: 'token-of-another-account' } };
  }
  return { id, acct, posts: statuses_count ?? null };
}

/** Servers before Mastodon 4.0 have no `/api/v2/instance`: Mastodon's own limits are taken then. */
export async function readLimits(session: AccountSession): Promise<PostLimits | { failure: Failure }> {
  const answer = await call(session, { method: 'GET', path: '/api/v2/instance' });
  if (answer.kind === 'refused' && answer.status === 404) return defaultLimits;
  if (answer.kind !== 'ok') return { failure: failureOf(answer) };
  const read = Instance.safeParse(answer.json);
  if (!read.success) return { failure: asksAgain('unreadable-instance') };
  const { statuses, media_attachments } = read.data.configuration;
  return {
    characters: statuses.max_characters,
    charactersPerLink: statuses.characters_reserved_per_url,
    pictures: statuses.max_media_attachments,
    pictureBytes: media_attachments?.image_size_limit ?? defaultLimits.pictureBytes,
  };
}

/**
 * A list that is told shows the scope `read`: replies and counters come by it. Whether the token may write cannot be
 * tried without writing, so that publishing and deleting are never called granted.
 */
async function grantsOfReading(
  session: AccountSession,
  ownerId: string,
): Promise<Partial<Record<AccountAbility, Grant>>> {
  const path = `/api/v1/accounts/${encodeURIComponent(ownerId)}/statuses`;
  const answer = await call(session, { method: 'GET', path, query: { limit: 1 } });
  const isTold = answer.kind === 'ok' && Statuses.safeParse(answer.json).success;
  return isTold ? { comments: 'granted', metrics: 'granted' } : {};
}

export const probe: ProbeCapability = {
  async probe(session) {
    const owner = await readOwner(session);
    if ('failure' in owner) return { kind: 'failed', outcome: owner.failure };
    const limits = await readLimits(session);
    if ('failure' in limits) return { kind: 'failed', outcome: limits.failure };
    return {
      kind: 'ok',
      grants: await grantsOfReading(session, owner.id),
      notes: [
        `账号 @${owner.acct} / signed in as @${owner.acct}`,
        `实例上限：${limits.characters} 字、${limits.pictures} 张图片 / the instance takes ${limits.characters} characters and ${limits.pictures} pictures`,
      ],
    };
  },
};
