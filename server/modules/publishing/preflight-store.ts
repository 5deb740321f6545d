import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

/** Posts by API that are planned within the next `ms`. */
export async function listPlannedWithin(tx: Tx, ms: number) {
  const { rows } = await sql<{
    bureau_id: string;
    id: string;
    account_id: string;
    article_id: string;
    due_at: Date;
    planned_wall: string;
  }>`
    select bureau_id, id, account_id, article_id, due_at, planned_wall from deliveries
    where state = 'planned' and mode = 'api'
      and due_at between clock_timestamp() and clock_timestamp() + make_interval(secs => ${ms / 1_000})
    order by due_at limit 500`.execute(tx);
  return rows;
}
