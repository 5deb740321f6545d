/** SQL on mention_polls. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

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

/** Moves their time on: whoever took them and died leaves them to the next after the lease. */
export async function claimDueMentionPolls(
  tx: Tx,
  limit: number,
  leaseSeconds: number,
): Promise<MentionPoll[]> {
  const { rows } = await sql<{ bureau_id: string; account_id: string; newest: string | null }>`
    with due as (
      select bureau_id, account_id from mention_polls
      where next_at <= clock_timestamp() order by next_at limit ${limit} for update skip locked
    )
    update mention_polls p set next_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    from due where p.bureau_id = due.bureau_id and p.account_id = due.account_id
    returning p.bureau_id, p.account_id, p.newest`.execute(tx);
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
