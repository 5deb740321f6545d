/** SQL on mention_polls. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { claimWithLease } from '#server/base/lease.ts';

export type MentionPoll = { bureauId: string; accountId: string; newest: string | null };

/**
 * A new account is first asked after ten minutes: whoever made it may still be setting it up, and would be told that it is
 * signed out. Those known already keep their time.
 */
export async function insertMissingMentionPolls(
  tx: Tx,
  accounts: readonly { bureauId: string; accountId: string }[],
): Promise<void> {
  if (accounts.length === 0) return;
  await tx
    .insertInto('mention_polls')
    .values(
      accounts.map(({ bureauId, accountId }) => ({
        ...{ bureau_id: bureauId, account_id: accountId, next_at: sql<Date>`now() + interval '10 minutes'` },
      })),
    )
    .onConflict((conflict) => conflict.columns(['bureau_id', 'account_id']).doNothing())
    .execute();
}

export async function claimDueMentionPolls(
  tx: Tx,
  limit: number,
  leaseSeconds: number,
): Promise<MentionPoll[]> {
  const key = ['bureau_id', 'account_id'] as const;
  const rows = await claimWithLease(
    tx,
    { table: 'mention_polls', key, also: ['newest'], wake: 'next_at' },
    limit,
    leaseSeconds,
  );
  return rows.map((row) => ({ bureauId: row.bureau_id, accountId: row.account_id, newest: row.newest }));
}

/** @param change.outcome what is shown to operators: how many, or the failure; never what was written */
export async function settleMentionPoll(
  tx: Tx,
  poll: MentionPoll,
  change: { nextAt: Date; newest?: string | null; outcome: Record<string, unknown> },
): Promise<void> {
  await tx
    .updateTable('mention_polls')
    .set({
      ...(change.newest === undefined ? {} : { newest: change.newest }),
      next_at: change.nextAt,
      last_at: sql<Date>`clock_timestamp()`,
      last_outcome: JSON.stringify(change.outcome),
    })
    .where('bureau_id', '=', poll.bureauId)
    .where('account_id', '=', poll.accountId)
    .execute();
}

export async function deleteMentionPoll(tx: Tx, poll: MentionPoll): Promise<void> {
  await tx
    .deleteFrom('mention_polls')
    .where('bureau_id', '=', poll.bureauId)
    .where('account_id', '=', poll.accountId)
    .execute();
}
