import type { Tx } from '#server/base/database.ts';
import { horizonMs } from './grant-end.ts';
import { listGrantEnds } from './renew-grant.ts';
import { findHolds, listAccountRows } from './store.ts';
import { holdSubjects } from './view.ts';

type AccountsHealth = {
  holds: { accountId: string; accountName: string; until: string; reason: string }[];
  nextGrantEnd: { accountName: string; end: string } | null;
};

/** What keeps accounts from working, now or soon. A hold over an app is said of each account that uses it. */
export async function readAccountsHealth(tx: Tx, bureauId: string): Promise<AccountsHealth> {
  const accounts = (await listAccountRows(tx, bureauId)).map((row) => ({
    row,
    subjects: Object.values(holdSubjects(row)),
  }));
  const { holds } = await findHolds(
    tx,
    accounts.flatMap(({ subjects }) => subjects),
  );
  const held = accounts.flatMap(({ row, subjects }) => {
    const [longest] = subjects
      .flatMap((subject) => holds.get(subject) ?? [])
      .toSorted((a, b) => b.until.getTime() - a.until.getTime());
    if (!longest) return [];
    const { until, reason } = longest;
    return [{ accountId: row.id, accountName: row.name, until: until.toISOString(), reason }];
  });
  const [first] = (await listGrantEnds(tx, horizonMs, bureauId)).toSorted(
    (a, b) => a.end.getTime() - b.end.getTime(),
  );
  return {
    holds: held,
    nextGrantEnd: first ? { accountName: first.name, end: first.end.toISOString() } : null,
  };
}
