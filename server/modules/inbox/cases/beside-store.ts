/** SQL of what stands beside a case: helpers, what was merged into it, earlier cases of the same person. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export async function putHelper(
  tx: Tx,
  bureauId: string,
  caseId: string,
  helper: { unitId: string; note: string; addedBy: string },
): Promise<void> {
  const { unitId: unit_id, note, addedBy: added_by } = helper;
  await tx
    .insertInto('case_helpers')
    .values({ bureau_id: bureauId, case_id: caseId, unit_id, note, added_by })
    .onConflict((conflict) =>
      conflict
        .columns(['bureau_id', 'case_id', 'unit_id'])
        .doUpdateSet({ note, added_by, added_at: sql<Date>`now()`, removed_at: null }),
    )
    .execute();
}

export async function removeHelper(tx: Tx, bureauId: string, caseId: string, unitId: string): Promise<void> {
  await tx
    .updateTable('case_helpers')
    .set({ removed_at: sql<Date>`now()` })
    .where('bureau_id', '=', bureauId)
    .where('case_id', '=', caseId)
    .where('unit_id', '=', unitId)
    .execute();
}

export async function listHelpers(tx: Tx, bureauId: string, caseId: string) {
  return tx
    .selectFrom('case_helpers')
    .select(['unit_id', 'note', 'added_at'])
    .where('bureau_id', '=', bureauId)
    .where('case_id', '=', caseId)
    .where('removed_at', 'is', null)
    .orderBy('added_at')
    .execute();
}

/** Open cases that a unit was asked to help with, and to which this person wrote no note since. */
export async function listToAdvise(
  tx: Tx,
  bureauId: string,
  who: { unitId: string; personId: string },
  limit: number,
) {
  return tx
    .selectFrom('case_helpers as h')
    .innerJoin('cases as c', (join) =>
      join.onRef('c.bureau_id', '=', 'h.bureau_id').onRef('c.id', '=', 'h.case_id'),
    )
    .select(['c.id', 'c.title', 'c.due_at', 'h.note'])
    .select(sql<boolean>`coalesce(c.due_at < clock_timestamp(), false)`.as('overdue'))
    .where('h.bureau_id', '=', bureauId)
    .where('h.unit_id', '=', who.unitId)
    .where('h.removed_at', 'is', null)
    .where('c.state', '=', 'open')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('case_notes as n')
            .select('n.id')
            .whereRef('n.bureau_id', '=', 'h.bureau_id')
            .whereRef('n.case_id', '=', 'h.case_id')
            .where('n.created_by', '=', who.personId)
            .whereRef('n.created_at', '>', 'h.added_at'),
        ),
      ),
    )
    .orderBy('c.sort_key')
    .orderBy('c.id')
    .limit(limit)
    .execute();
}

export async function listMerged(tx: Tx, bureauId: string, caseId: string) {
  return tx
    .selectFrom('cases')
    .select(['id', 'number', 'title'])
    .where('bureau_id', '=', bureauId)
    .where('merged_into', '=', caseId)
    .where('merged_into', 'is not', null)
    .orderBy('number')
    .execute();
}

/**
 * Other cases of the people of these conversations: the same account's number of the same person, or the same telephone's.
 * A name joins nobody, nor does a number that another account uses too.
 */
export async function listEarlier(
  tx: Tx,
  bureauId: string,
  caseId: string,
  threads: readonly { account_id: string | null; person_key: string }[],
) {
  const keys = threads.map((thread) => thread.person_key);
  const accounts = threads.map((thread) => thread.account_id);
  const { rows } = await sql<{
    id: string;
    number: string;
    title: string;
    state: string;
    received_at: Date;
  }>`
    select distinct c.id, c.number, c.title, c.state, c.received_at
    from conversations v
    join case_conversations l on l.bureau_id = v.bureau_id and l.conversation_id = v.id
    join cases c on c.bureau_id = l.bureau_id and c.id = l.case_id
    where v.bureau_id = ${bureauId} and v.person_key = any(${keys}::text[])
      and exists (select from unnest(${keys}::text[], ${accounts}::uuid[]) as known (person_key, account_id)
                  where known.person_key = v.person_key and known.account_id is not distinct from v.account_id)
      and c.id <> ${caseId} and c.merged_into is distinct from ${caseId}
    order by c.received_at desc limit 20`.execute(tx);
  return rows;
}

/** The newest case of each conversation. */
export async function listCasesOfConversations(
  tx: Tx,
  bureauId: string,
  conversationIds: readonly string[],
): Promise<Map<string, string>> {
  if (conversationIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('case_conversations')
    .select(['conversation_id', 'case_id'])
    .where('bureau_id', '=', bureauId)
    .where('conversation_id', 'in', [...conversationIds])
    // Ids grow with time: the last one wins.
    .orderBy('case_id')
    .execute();
  return new Map(rows.map((row) => [row.conversation_id, row.case_id]));
}
