import { getConnector } from '#connectors/registry.ts';
import type { Tx } from '#server/base/database.ts';
import { grantEnd } from './grant-end.ts';
import { hastenProbe, listHealth } from './health-store.ts';
import { findAccount, listSecrets } from './store.ts';

export type Doubt = { name: string; zh: string; en: string; signIn: boolean };

const words = {
  'sign-in-again': { zh: '需要重新授权', en: 'must sign in again', signIn: true },
  paused: { zh: '已暂停', en: 'is paused', signIn: false },
  closed: { zh: '已关停', en: 'is closed', signIn: false },
  ended: { zh: '的授权那时已到期', en: 'will have lost its grant by then', signIn: true },
} as const;

/** Why the account could not be used at that moment; null when nothing speaks against it. Asks for a fresh probe besides. */
export async function findAccountDoubt(
  tx: Tx,
  ids: { bureauId: string; accountId: string },
  { usedAt, probeSince }: { usedAt: Date; probeSince: Date },
): Promise<Doubt | null> {
  const account = await findAccount(tx, ids.bureauId, ids.accountId);
  if (!account) return null;
  const { name, state } = account;
  if (state === 'sign-in-again' || state === 'paused' || state === 'closed') return { name, ...words[state] };
  const connector = getConnector(account.platform);
  if (connector.probe) await hastenProbe(tx, ids, probeSince);
  const health = (await listHealth(tx, ids.bureauId)).find((row) => row.account_id === ids.accountId);
  const ends = (await listSecrets(tx, ids.bureauId, ids.accountId)).flatMap((secret) =>
    secret.expires_at && !secret.name.startsWith('token:') ? [secret.expires_at.getTime()] : [],
  );
  const end = grantEnd({
    expiresAt: ends.length > 0 ? new Date(Math.min(...ends)) : null,
    renews: connector.renew !== undefined,
    renewableUntil: health?.renewable_until ?? null,
    renewFails: (health?.renew_tries ?? 0) > 0,
  });
  return end && end <= usedAt ? { name, ...words.ended } : null;
}
