/** SQL of the public side of the inbox: receipts and what belongs to them. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export async function findAskByKey(
  tx: Tx,
  bureauId: string,
  key: string,
): Promise<{ id: string; receipt: string } | undefined> {
  const { rows } = await sql<{ id: string; receipt: string }>`
    select id, receipt from conversations
    where bureau_id = ${bureauId} and account_id is null and kind in ('ask', 'error-report') and thread_key = ${key}
      and receipt is not null`.execute(tx);
  return rows[0];
}

export type ReceiptRow = {
  bureau_id: string;
  id: string;
  kind: 'ask' | 'error-report';
  thread_key: string;
  receipt: string;
  receipt_code_hash: Buffer;
  person_key: string;
  person_name: string | null;
};

export async function findReceipt(tx: Tx, receipt: string): Promise<ReceiptRow | undefined> {
  const { rows } = await sql<ReceiptRow>`
    select bureau_id, id, kind, thread_key, receipt, receipt_code_hash, person_key, person_name
    from conversations where receipt = ${receipt}`.execute(tx);
  return rows[0];
}

export type SaidRow = { id: string; direction: 'in' | 'out'; text: string; at: Date; pictures: number };

export async function listSaid(tx: Tx, bureauId: string, conversationId: string): Promise<SaidRow[]> {
  const { rows } = await sql<SaidRow>`
    select m.id, m.direction, m.text, m.at, count(f.id)::int as pictures
    from messages m
    left join case_files f on f.bureau_id = m.bureau_id and f.message_id = m.id
    where m.bureau_id = ${bureauId} and m.conversation_id = ${conversationId}
    group by m.bureau_id, m.id
    order by m.at, m.id`.execute(tx);
  return rows;
}
