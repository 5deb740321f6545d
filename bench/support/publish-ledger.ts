/** What the stand-ins really accepted against what was to go out. */
import { numberIn, type StagedDelivery } from './publish-fixtures.ts';
import { recipes } from './publish-recipes.ts';
import type { LedgerLine } from './publish-stage.ts';

export type Judged = { lost: number; doubled: number; outOfOrder: number };

/**
 * Posts are known by the number in their title. Out of order is a post of an account that was accepted after one that
 * was planned later.
 */
export function judgeLedger(ledger: readonly LedgerLine[], deliveries: readonly StagedDelivery[]): Judged {
  const times = new Map(deliveries.map(({ number }) => [number, 0]));
  const last = new Map<string, number>();
  let outOfOrder = 0;
  for (const { number, entry } of listAccepted(ledger)) {
    const before = times.get(number);
    if (before === undefined) continue;
    times.set(number, before + 1);
    const account = `${entry.platform} ${entry.account}`;
    if ((last.get(account) ?? 0) > number) outOfOrder += 1;
    last.set(account, Math.max(number, last.get(account) ?? 0));
  }
  const counts = [...times.values()];
  return {
    lost: counts.filter((count) => count === 0).length,
    doubled: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    outOfOrder,
  };
}

/** The ledger's lines of the irreversible call, with the number of the post. */
export function listAccepted(ledger: readonly LedgerLine[]): { number: number; entry: LedgerLine }[] {
  return ledger.flatMap((entry) => {
    if (entry.kind !== recipes[entry.platform]?.accepted) return [];
    const number = numberIn(JSON.stringify(entry.detail));
    return number === null ? [] : [{ number, entry }];
  });
}
