import { getConnector } from '#connectors/registry.ts';
import { wallDate } from '#server/base/clock.ts';
import { asWorker, clockOf, type Tx } from '#server/base/database.ts';
import { listAccountRows, listCallsLeft } from '#server/modules/accounts/index.ts';
import type { AccountQuota } from '#shared/quotas.ts';
import { countReachUses } from './store.ts';

/** Accounts in use whose platform is known to limit something; nothing is guessed for the others. */
export async function listQuotaViews(tx: Tx, bureauId: string): Promise<AccountQuota[]> {
  const accounts = (await listAccountRows(tx, bureauId)).filter(({ state }) => state !== 'closed');
  // The counts belong to accounts and applications, not to a bureau; asked for by this bureau's accounts alone.
  const left = await asWorker(tx, (worker) => listCallsLeft(worker, accounts));
  const today = wallDate(await clockOf(tx));
  const rows: AccountQuota[] = [];
  for (const account of accounts) {
    const settings = account.settings as Record<string, string>;
    const reaches: AccountQuota['reaches'] = [];
    for (const known of getConnector(account.platform).quota?.known?.(settings) ?? []) {
      const uses = await countReachUses(tx, { bureauId, accountId: account.id, today, ...known });
      reaches.push({ ...known, ...uses });
    }
    const limits = left.get(account.id) ?? [];
    if (limits.length > 0 || reaches.length > 0) rows.push({ accountId: account.id, limits, reaches });
  }
  return rows;
}
