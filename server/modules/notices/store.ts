import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export type NoticeRow = {
  bureau_id: string;
  id: string;
  kind: string;
  urgency: string;
  subject_kind: string;
  subject_id: string;
  reference: string | null;
  words_zh: string;
  words_en: string;
  link: string;
  phone_link: string | null;
  due_at: Date | null;
  dedup_key: string;
};

/** @returns false when the key is there already: the same happening was told before */
export async function insertNotice(tx: Tx, row: NoticeRow): Promise<boolean> {
  const result = await tx
    .insertInto('notices')
    .values(row)
    .onConflict((conflict) => conflict.columns(['bureau_id', 'dedup_key']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function insertRecipients(
  tx: Tx,
  bureauId: string,
  noticeId: string,
  people: readonly string[],
): Promise<void> {
  if (people.length === 0) return;
  await tx
    .insertInto('notice_recipients')
    .values(people.map((personId) => ({ bureau_id: bureauId, notice_id: noticeId, person_id: personId })))
    .execute();
}

/** Newest first; ids grow with time, so the id is the cursor. */
export async function listNoticesOf(
  tx: Tx,
  bureauId: string,
  personId: string,
  { unread, before, limit }: { unread: boolean; before: string | undefined; limit: number },
) {
  return tx
    .selectFrom('notice_recipients as r')
    .innerJoin('notices as n', (join) =>
      join.onRef('n.bureau_id', '=', 'r.bureau_id').onRef('n.id', '=', 'r.notice_id'),
    )
    .select(['n.id', 'n.kind', 'n.urgency', 'n.words_zh', 'n.words_en', 'n.reference', 'n.link', 'n.due_at'])
    .select(['n.created_at', 'r.read_at'])
    .where('r.bureau_id', '=', bureauId)
    .where('r.person_id', '=', personId)
    .$if(unread, (query) => query.where('r.read_at', 'is', null))
    .$if(before !== undefined, (query) => query.where('r.notice_id', '<', before!))
    .orderBy('r.notice_id', 'desc')
    .limit(limit)
    .execute();
}

/** Stops counting at `limit`: nobody reads a larger number. */
export async function countUnreadOf(
  tx: Tx,
  bureauId: string,
  personId: string,
  limit: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select from notice_recipients
      where bureau_id = ${bureauId} and person_id = ${personId} and read_at is null
      limit ${limit}) as unread`.execute(tx);
  return rows[0]!.count;
}

/** @param noticeIds null: all of the person's */
export async function setRead(
  tx: Tx,
  bureauId: string,
  personId: string,
  noticeIds: readonly string[] | null,
  read: boolean,
): Promise<void> {
  await tx
    .updateTable('notice_recipients')
    .set({ read_at: read ? sql<Date>`clock_timestamp()` : null })
    .where('bureau_id', '=', bureauId)
    .where('person_id', '=', personId)
    .where('read_at', read ? 'is' : 'is not', null)
    .$if(noticeIds !== null, (query) => query.where('notice_id', '=', sql<string>`any(${noticeIds}::uuid[])`))
    .execute();
}

/** As they are to be told outside the desk, the oldest first. */
export async function listOutgoing(tx: Tx, bureauId: string, noticeIds: readonly string[]) {
  return tx
    .selectFrom('notices')
    .select(['kind', 'reference', 'words_zh', 'link', 'phone_link', 'due_at'])
    .where('bureau_id', '=', bureauId)
    .where('id', 'in', noticeIds)
    .orderBy('id')
    .execute();
}

/** After half a year a notice says nothing to anybody; what it was about is in the audit log. Worker's role. */
export async function deleteOldNotices(tx: Tx): Promise<void> {
  await sql`delete from notices where created_at < now() - interval '180 days'`.execute(tx);
}
