import type { Credentials } from '#connectors/contract.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { putSecret } from './store.ts';

/** Seals what a platform granted in the place of what was there; the same end stands with each part. */
export async function storeGranted(
  app: App,
  tx: Tx,
  { bureauId, accountId }: { bureauId: string; accountId: string },
  credentials: Credentials,
  expiresAt: Date | null,
): Promise<void> {
  for (const [name, value] of Object.entries(credentials)) {
    const place = { bureauId, table: 'account_secrets', row: accountId, column: name };
    await putSecret(tx, {
      bureau_id: bureauId,
      account_id: accountId,
      name,
      sealed: app.sealer.seal(place, value),
      expires_at: expiresAt,
    });
  }
}
