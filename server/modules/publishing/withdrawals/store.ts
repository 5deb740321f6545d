import { sql } from 'kysely';
import type { Exchange } from '#connectors/contract.ts';
import type { Tx } from '#server/base/database.ts';
import type { WithdrawalState } from '#shared/withdrawals.ts';

export type TargetRecord = {
  bureauId: string;
  withdrawalId: string;
  deliveryId: string;
  state: WithdrawalState;
  tries: number;
  deadline: Date;
  reason: string;
};

export async function insertWithdrawal(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    article_id: string | null;
    reason: string;
    deadline: Date;
    asked_by: string;
  },
): Promise<void> {
  await tx.insertInto('withdrawals').values(row).execute();
}

/**
 * What a restore halted (open, and never to wake) goes on with the new order.
 * @returns false when the post is being taken away already
 */
export async function insertTarget(
  tx: Tx,
  row: { bureau_id: string; withdrawal_id: string; delivery_id: string; state: WithdrawalState },
): Promise<boolean> {
  const wakes = row.state === 'waiting' || row.state === 'calling';
  const { numUpdatedRows } = await tx
    .updateTable('withdrawal_targets')
    .set({
      ...{ withdrawal_id: row.withdrawal_id, state: row.state, code: null, tries: 0 },
      ...{ wake_at: wakes ? sql<Date>`clock_timestamp()` : null, updated_at: sql<Date>`clock_timestamp()` },
    })
    .where('bureau_id', '=', row.bureau_id)
    .where('delivery_id', '=', row.delivery_id)
    .where('state', 'in', ['waiting', 'calling'])
    .where('wake_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return true;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('withdrawal_targets')
    .values({ ...row, wake_at: wakes ? sql<Date>`clock_timestamp()` : null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export type TargetChange = {
  state?: WithdrawalState;
  code?: string | null;
  tries?: number;
  exchanges?: readonly Exchange[];
  /** When to look again; null: it is settled, or a person's. */
  wakeInMs: number | null;
};

export async function changeTarget(
  tx: Tx,
  target: Pick<TargetRecord, 'bureauId' | 'withdrawalId' | 'deliveryId'>,
  { wakeInMs, exchanges, ...plain }: TargetChange,
): Promise<void> {
  await tx
    .updateTable('withdrawal_targets')
    .set({
      ...plain,
      ...(exchanges ? { exchanges: JSON.stringify(exchanges) } : {}),
      wake_at:
        wakeInMs === null ? null : sql<Date>`clock_timestamp() + make_interval(secs => ${wakeInMs / 1000})`,
      updated_at: sql<Date>`clock_timestamp()`,
    })
    .where('bureau_id', '=', target.bureauId)
    .where('withdrawal_id', '=', target.withdrawalId)
    .where('delivery_id', '=', target.deliveryId)
    .execute();
}

/** Takes what is due; the lease brings back what a process that ends leaves. Calls may repeat: they take away, not post. */
export async function claimTargets(tx: Tx, limit: number, leaseMs: number): Promise<TargetRecord[]> {
  const { rows } = await sql<TargetRecord>`
    with due as (
      select bureau_id, withdrawal_id, delivery_id from withdrawal_targets
      where wake_at <= statement_timestamp() order by wake_at limit ${limit} for update skip locked
    )
    update withdrawal_targets t set wake_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
    from due, withdrawals w
    where t.bureau_id = due.bureau_id and t.withdrawal_id = due.withdrawal_id and t.delivery_id = due.delivery_id
      and w.bureau_id = t.bureau_id and w.id = t.withdrawal_id
    returning t.bureau_id as "bureauId", t.withdrawal_id as "withdrawalId", t.delivery_id as "deliveryId", t.state,
              t.tries, w.deadline, w.reason`.execute(tx);
  return rows;
}

export async function findOpenTarget(
  tx: Tx,
  bureauId: string,
  deliveryId: string,
): Promise<TargetRecord | undefined> {
  const { rows } = await sql<TargetRecord>`
    select t.bureau_id as "bureauId", t.withdrawal_id as "withdrawalId", t.delivery_id as "deliveryId", t.state, t.tries,
           w.deadline, w.reason
    from withdrawal_targets t
    join withdrawals w on w.bureau_id = t.bureau_id and w.id = t.withdrawal_id
    where t.bureau_id = ${bureauId} and t.delivery_id = ${deliveryId}
      and t.state in ('waiting', 'calling', 'by-hand')
    for update of t`.execute(tx);
  return rows[0];
}

/** Locked, so that neither a worker nor a person moves one meanwhile. */
export async function lockDeliveryIds(
  tx: Tx,
  bureauId: string,
  of: { articleId: string } | { deliveryId: string },
): Promise<string[]> {
  const rows = await tx
    .selectFrom('deliveries')
    .select('id')
    .where('bureau_id', '=', bureauId)
    .$if('articleId' in of, (query) =>
      query.where('article_id', '=', (of as { articleId: string }).articleId),
    )
    .$if('deliveryId' in of, (query) => query.where('id', '=', (of as { deliveryId: string }).deliveryId))
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

export async function listWithdrawalRows(
  tx: Tx,
  bureauId: string,
  filter: { articleId?: string | undefined; deliveryId?: string | undefined },
) {
  return tx
    .selectFrom('withdrawals')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .$if(filter.articleId !== undefined, (query) => query.where('article_id', '=', filter.articleId!))
    .$if(filter.deliveryId !== undefined, (query) =>
      query.where('id', 'in', (inner) =>
        inner
          .selectFrom('withdrawal_targets')
          .select('withdrawal_id')
          .where('bureau_id', '=', bureauId)
          .where('delivery_id', '=', filter.deliveryId!),
      ),
    )
    .orderBy('asked_at', 'desc')
    .limit(20)
    .execute();
}

export async function listTargetRows(tx: Tx, bureauId: string, withdrawalIds: readonly string[]) {
  if (withdrawalIds.length === 0) return [];
  return tx
    .selectFrom('withdrawal_targets')
    .innerJoin('deliveries', (join) =>
      join
        .onRef('deliveries.bureau_id', '=', 'withdrawal_targets.bureau_id')
        .onRef('deliveries.id', '=', 'withdrawal_targets.delivery_id'),
    )
    .select([
      'withdrawal_targets.withdrawal_id',
      'withdrawal_targets.delivery_id',
      'withdrawal_targets.state',
      'withdrawal_targets.code',
      'withdrawal_targets.tries',
      'withdrawal_targets.updated_at',
      'deliveries.state as delivery_state',
      'deliveries.account_id',
      'deliveries.platform',
      'deliveries.url',
    ])
    .where('withdrawal_targets.bureau_id', '=', bureauId)
    .where('withdrawal_id', 'in', withdrawalIds)
    .orderBy('deliveries.account_id')
    .execute();
}

export async function countOpenTargets(tx: Tx, bureauId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('withdrawal_targets')
    .select(sql<number>`count(*)`.as('count'))
    .where('bureau_id', '=', bureauId)
    .where('state', 'in', ['waiting', 'calling', 'by-hand'])
    .executeTakeFirstOrThrow();
  return count;
}
