/** SQL on inbound_files: what people sent and the platform still holds. */
import { sql } from 'kysely';
import type { InboundAttachment } from '#connectors/contract.ts';
import type { Tx } from '#server/base/database.ts';
import { claimWithLease } from '#server/base/lease.ts';
import type { SentFileState } from '#shared/sent-files.ts';

export type FetchRef = { bureauId: string; messageId: string };

export async function insertFetch(
  tx: Tx,
  { bureauId, messageId, accountId }: FetchRef & { accountId: string },
): Promise<void> {
  await tx
    .insertInto('inbound_files')
    .values({
      ...{ bureau_id: bureauId, message_id: messageId, account_id: accountId, state: 'waiting' },
      wake_at: sql<Date>`clock_timestamp()`,
    })
    .execute();
}

export async function claimDueFetches(tx: Tx, limit: number, leaseSeconds: number): Promise<FetchRef[]> {
  const from = { table: 'inbound_files', key: ['bureau_id', 'message_id'], wake: 'wake_at' } as const;
  const rows = await claimWithLease(tx, from, limit, leaseSeconds);
  return rows.map((row) => ({ bureauId: row.bureau_id, messageId: row.message_id }));
}

export type FetchRow = {
  accountId: string;
  conversationId: string;
  tries: number;
  attachment: InboundAttachment;
  /** When the person sent it, by the platform's clock. */
  sentAt: Date;
};

/** Locks the row. Undefined once nothing waits any more. */
export async function findWaitingFetch(
  tx: Tx,
  { bureauId, messageId }: FetchRef,
): Promise<FetchRow | undefined> {
  const { rows } = await sql<FetchRow>`
    select i.account_id as "accountId", m.conversation_id as "conversationId", i.tries, m.attachment, m.at as "sentAt"
    from inbound_files i join messages m on m.bureau_id = i.bureau_id and m.id = i.message_id
    where i.bureau_id = ${bureauId} and i.message_id = ${messageId} and i.state = 'waiting'
    for update of i`.execute(tx);
  return rows[0];
}

/** @param change.wakeInMs milliseconds from the database's now; null: nothing wakes it */
export async function changeFetch(
  tx: Tx,
  { bureauId, messageId }: FetchRef,
  change: { state: SentFileState; failure: string | null; tries: number; wakeInMs: number | null },
): Promise<void> {
  const { state, failure, tries, wakeInMs } = change;
  const wake =
    wakeInMs === null ? null : sql<Date>`clock_timestamp() + make_interval(secs => ${wakeInMs / 1000})`;
  await tx
    .updateTable('inbound_files')
    .set({ state, failure, tries, wake_at: wake, changed_at: sql<Date>`clock_timestamp()` })
    .where('bureau_id', '=', bureauId)
    .where('message_id', '=', messageId)
    .execute();
}

/** By the message. */
export async function listFetches(
  tx: Tx,
  bureauId: string,
  messageIds: readonly string[],
): Promise<Map<string, { state: SentFileState; failure: string | null }>> {
  const rows = await tx
    .selectFrom('inbound_files')
    .select(['message_id', 'state', 'failure'])
    .where('bureau_id', '=', bureauId)
    .where('message_id', '=', sql<string>`any(${[...messageIds]}::uuid[])`)
    .execute();
  return new Map(
    rows.map((row) => [row.message_id, { state: row.state as SentFileState, failure: row.failure }]),
  );
}
