/** What is looked up whole, never in part: the telephone number somebody left, and the number of a receipt. */
import { sql } from 'kysely';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { looksLikePhone } from '#shared/phone.ts';
import { readCode, receiptLength } from '../asks/receipt-code.ts';
import { phoneKeyOf } from '../threads/phone-key.ts';
import { seesPerson } from './handlers.ts';

/**
 * Cases of whoever left this number, and the case of this receipt, written with spaces and dashes or without. A case is
 * found by its number only by those whom the list shows who it is; the code beside a receipt finds nothing.
 */
export async function findExactly(app: App, tx: Tx, actor: Actor, search: string): Promise<string[]> {
  const { bureauId } = actor;
  const phone = search.normalize('NFKC');
  const phoneKey = looksLikePhone(phone) ? phoneKeyOf(app, bureauId, phone) : null;
  const typed = readCode(search);
  const receipt = typed.length === receiptLength ? typed : null;
  if (phoneKey === null && receipt === null) return [];
  // Each way by its own index.
  const { rows } = await sql<Found>`
    select c.id, c.unit_id, c.owner_id, bool_or(v.open) as open
    from (
      select id, false as open from conversations where bureau_id = ${bureauId} and person_key = ${phoneKey}
      union all select id, false from conversations where bureau_id = ${bureauId} and phone_key = ${phoneKey}
      union all select id, true from conversations where bureau_id = ${bureauId} and receipt = ${receipt}
    ) v
    join case_conversations l on l.bureau_id = ${bureauId} and l.conversation_id = v.id
    join cases d on d.bureau_id = ${bureauId} and d.id = l.case_id
    join cases c on c.bureau_id = ${bureauId} and c.id = coalesce(d.merged_into, d.id)
    group by c.id, c.unit_id, c.owner_id limit ${mostFound}`.execute(tx);
  return rows.filter((found) => found.open || seesPerson(actor, found, [])).map(({ id }) => id);
}

/** `open`: by what all who read cases see. */
type Found = { id: string; unit_id: string | null; owner_id: string | null; open: boolean };

/** Nobody has that many; a number that stands for many people is no answer to who wrote. */
const mostFound = 500;
