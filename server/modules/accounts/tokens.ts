/**
 * Access tokens shared by all processes: sealed in account_secrets under `token:<name>`, renewed by one of them at a
 * time. Platforms invalidate the old token when a new one is fetched, so two renewals at once would chase each other.
 */
import { sql } from 'kysely';
import type { TokenStore } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { monotonicMs, now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { deleteSecret, listSecrets, putSecret } from './store.ts';

type Owner = { bureauId: string; accountId: string };
type Token = { token: string; expiresAt: Date };

const prefix = 'token:';
/** What was read at the beginning of an operation is believed complete for so long. */
const trustMs = 5_000;
const placeOf = (owner: Owner, name: string) => ({
  bureauId: owner.bureauId,
  table: 'account_secrets',
  row: owner.accountId,
  column: `${prefix}${name}`,
});

/** The tokens among an account's secrets, opened, by name. */
export function tokensAmong(
  app: App,
  owner: Owner,
  secrets: readonly { name: string; sealed: Buffer; expires_at: Date | null }[],
): Map<string, Token> {
  const tokens = new Map<string, Token>();
  for (const { name, sealed, expires_at } of secrets) {
    if (!name.startsWith(prefix) || !expires_at) continue;
    const short = name.slice(prefix.length);
    tokens.set(short, {
      token: app.sealer.open(placeOf(owner, short), sealed).toString(),
      expiresAt: expires_at,
    });
  }
  return tokens;
}

/**
 * @param atBeginning all tokens of the account, read at the beginning of this very operation; a store lives as long as
 *   the operation, so that what it remembers is never older. What is not among them is asked for under the lock at once
 */
export function tokenStoreFor(app: App, owner: Owner, atBeginning?: ReadonlyMap<string, Token>): TokenStore {
  const known = new Map(atBeginning);
  const readAt = atBeginning ? monotonicMs() : Number.NEGATIVE_INFINITY;
  async function read(tx: Tx, name: string) {
    const rows = await listSecrets(tx, owner.bureauId, owner.accountId);
    const row = rows.find((candidate) => candidate.name === `${prefix}${name}`);
    if (!row?.expires_at) return null;
    const token = app.sealer.open(placeOf(owner, name), row.sealed).toString();
    return { token, expiresAt: row.expires_at, sealed: row.sealed };
  }

  const freshAmong = (name: string, marginMs: number) => (found: Token | null | undefined) => {
    if (!found || found.expiresAt.getTime() - now().getTime() <= marginMs) return null;
    known.set(name, found);
    return found.token;
  };

  return {
    async peek(name, marginMs) {
      const fresh = freshAmong(name, marginMs);
      const found = fresh(known.get(name));
      if (found || monotonicMs() - readAt < trustMs) return found;
      return fresh(await app.database.withWorker((tx) => read(tx, name)));
    },
    async get(name, marginMs, renew) {
      const fresh = freshAmong(name, marginMs);
      const cached =
        fresh(known.get(name)) ??
        (atBeginning ? null : fresh(await app.database.withWorker((tx) => read(tx, name))));
      if (cached) return cached;
      return app.database.withWorker(async (tx) => {
        // Waits here while another process renews; its result is then read below.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`token ${owner.accountId} ${name}`}, 0))`.execute(
          tx,
        );
        const renewed = fresh(await read(tx, name));
        if (renewed) return renewed;
        const { token, expiresInMs } = await renew();
        const expiresAt = new Date(now().getTime() + expiresInMs);
        await putSecret(tx, {
          bureau_id: owner.bureauId,
          account_id: owner.accountId,
          name: `${prefix}${name}`,
          sealed: app.sealer.seal(placeOf(owner, name), token),
          expires_at: expiresAt,
        });
        known.set(name, { token, expiresAt });
        return token;
      });
    },
    async drop(name, token) {
      if (known.get(name)?.token === token) known.delete(name);
      await app.database.withWorker(async (tx) => {
        const found = await read(tx, name);
        if (found?.token === token)
          await deleteSecret(tx, owner.bureauId, owner.accountId, `${prefix}${name}`, found.sealed);
      });
    },
  };
}
