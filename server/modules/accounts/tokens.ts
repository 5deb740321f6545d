/**
 * Access tokens shared by all processes: sealed in account_secrets under `token:<name>`, renewed by one of them at a
 * time. Platforms invalidate the old token when a new one is fetched, so two renewals at once would chase each other.
 */
import { sql } from 'kysely';
import type { TokenStore } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { deleteSecret, listSecrets, putSecret } from './store.ts';

type Owner = { bureauId: string; accountId: string };

export function tokenStoreFor(app: App, owner: Owner): TokenStore {
  const column = (name: string) => `token:${name}`;
  const place = (name: string) => ({
    bureauId: owner.bureauId,
    table: 'account_secrets',
    row: owner.accountId,
    column: column(name),
  });

  async function read(tx: Tx, name: string) {
    const rows = await listSecrets(tx, owner.bureauId, owner.accountId);
    const row = rows.find((candidate) => candidate.name === column(name));
    if (!row?.expires_at) return null;
    return {
      token: app.sealer.open(place(name), row.sealed).toString(),
      expiresAt: row.expires_at,
      sealed: row.sealed,
    };
  }

  return {
    async get(name, marginMs, renew) {
      const fresh = (found: Awaited<ReturnType<typeof read>>) =>
        found && found.expiresAt.getTime() - now().getTime() > marginMs ? found.token : null;
      const cached = fresh(await app.database.withWorker((tx) => read(tx, name)));
      if (cached) return cached;
      return app.database.withWorker(async (tx) => {
        // Waits here while another process renews; its result is then read below.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`token ${owner.accountId} ${name}`}, 0))`.execute(
          tx,
        );
        const renewed = fresh(await read(tx, name));
        if (renewed) return renewed;
        const { token, expiresInMs } = await renew();
        await putSecret(tx, {
          bureau_id: owner.bureauId,
          account_id: owner.accountId,
          name: column(name),
          sealed: app.sealer.seal(place(name), token),
          expires_at: new Date(now().getTime() + expiresInMs),
        });
        return token;
      });
    },
    async drop(name, token) {
      await app.database.withWorker(async (tx) => {
        const found = await read(tx, name);
        if (found?.token === token)
          await deleteSecret(tx, owner.bureauId, owner.accountId, column(name), found.sealed);
      });
    },
  };
}
