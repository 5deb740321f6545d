/** SQL on automatic_answers. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export type AutomaticKey = { bureauId: string; accountId: string; personKey: string; day: string };

/**
 * Takes this person's one automatic answer of the day.
 * @returns the words, and whether they are new; the same push again gets the same words; null when another had them
 */
export async function claimAutomatic(
  tx: Tx,
  key: AutomaticKey,
  answer: { dedupKey: string; ruleId: string; text: string },
): Promise<{ text: string; fresh: boolean } | null> {
  const { rows } = await sql<{ text: string; dedup_key: string; fresh: boolean }>`
    with made as (
      insert into automatic_answers (bureau_id, account_id, person_key, day, dedup_key, rule_id, text)
      values (${key.bureauId}, ${key.accountId}, ${key.personKey}, ${key.day}, ${answer.dedupKey}, ${answer.ruleId},
              ${answer.text})
      on conflict do nothing returning text, dedup_key
    )
    select text, dedup_key, true as fresh from made
    union all
    select text, dedup_key, false from automatic_answers
    where bureau_id = ${key.bureauId} and account_id = ${key.accountId} and person_key = ${key.personKey}
      and day = ${key.day}::date`.execute(tx);
  const found = rows.find(({ dedup_key }) => dedup_key === answer.dedupKey);
  return found ? { text: found.text, fresh: found.fresh } : null;
}

/** What the program said by itself in the conversations of these people. */
export async function listAutomatic(
  tx: Tx,
  bureauId: string,
  people: readonly { account_id: string | null; person_key: string }[],
) {
  const accounts = people.flatMap(({ account_id }) => account_id ?? []);
  if (accounts.length === 0) return [];
  return tx
    .selectFrom('automatic_answers')
    .select(['account_id', 'person_key', 'text', 'at', 'dedup_key'])
    .where('bureau_id', '=', bureauId)
    .where('account_id', 'in', accounts)
    .where(
      'person_key',
      'in',
      people.map(({ person_key }) => person_key),
    )
    .orderBy('at')
    .execute();
}
