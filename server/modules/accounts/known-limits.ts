/**
 * Limits that a platform is known to have, kept before a call and by all processes together (DESIGN §5.6). What was taken
 * for a call that then was not made stays taken: rather a call too few than one that the platform refuses.
 */
import type { KnownLimit } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { Tx } from '#server/base/database.ts';
import { owe } from '#server/base/gathered-rows.ts';
import type { LimitLeft } from '#shared/quotas.ts';
import { type Ask, countSpent, keyOf, spend } from './known-limits-store.ts';
import { holdSubjects } from './view.ts';

type Account = Parameters<typeof holdSubjects>[0];
/** What a step is about to do. */
type Use = { account: Account; counts: readonly KnownLimit['counts'][] };

const anyNumber = 1_000_000_000;

/**
 * Takes one of each limit that the step falls under. Of several steps under one limit the first ones get what is left.
 * @returns in the order given: null when it may go on, else when to ask again
 */
export async function takeCalls(tx: Tx, uses: readonly Use[]): Promise<(Date | null)[]> {
  const asked = uses.map(({ account, counts }) =>
    limitsOf(account).filter((limit) => counts.includes(limit.counts)),
  );
  const left = await spend(tx, sumUp(asked.flat().map((limit) => ({ ...limit, n: 1 }))));
  return asked.map((limits) => {
    let wait: Date | null = null;
    for (const limit of limits) {
      const row = left.get(keyOf(limit))!;
      row.granted -= 1;
      if (row.granted < 0 && (wait === null || row.freeAt > wait)) wait = row.freeAt;
    }
    return wait;
  });
}

/** What a step needed beyond the one call that was taken for it; written before the transaction ends. */
export async function countMoreCalls(tx: Tx, account: Account, more: number): Promise<void> {
  if (more <= 0) return;
  for (const limit of limitsOf(account))
    if (limit.counts === 'calls') await owe(tx, spendAll, { ...limit, most: anyNumber, n: more });
}

/** In one statement, which locks in one order: transactions that each count for many accounts never block each other. */
async function spendAll(tx: Tx, asks: readonly Ask[]): Promise<void> {
  await spend(tx, sumUp(asks));
}

function sumUp(asks: readonly Ask[]): Ask[] {
  const sums = new Map<string, Ask>();
  for (const ask of asks) {
    const known = sums.get(keyOf(ask));
    if (known) known.n += ask.n;
    else sums.set(keyOf(ask), { ...ask });
  }
  return [...sums.values()];
}

/** What is left of each limit now, by account; accounts without a known limit are absent. */
export async function listCallsLeft(tx: Tx, accounts: readonly Account[]): Promise<Map<string, LimitLeft[]>> {
  const asked = accounts.map((account) => ({ id: account.id, limits: limitsOf(account) }));
  const spent = await countSpent(
    tx,
    asked.flatMap(({ limits }) => limits),
  );
  return new Map(
    asked
      .filter(({ limits }) => limits.length > 0)
      .map(({ id, limits }) => [
        id,
        limits.map(({ counts, most, windowMs, ...limit }) => {
          const row = spent.get(keyOf(limit));
          const left = Math.max(0, most - (row?.used ?? 0));
          const freeAt = left === 0 ? (row?.freeAt.toISOString() ?? null) : null;
          return { counts, most, left, windowMs, freeAt };
        }),
      ]),
  );
}

function limitsOf(account: Account) {
  const settings = account.settings as Record<string, string>;
  const subjects = holdSubjects(account);
  return (getConnector(account.platform).limits ?? []).map((limit) => ({
    subject: subjects[limit.scope],
    name: `${limit.counts}:${limit.windowMs}`,
    most: Number((limit.setting && settings[limit.setting]) || limit.most),
    windowMs: limit.windowMs,
    counts: limit.counts,
  }));
}
