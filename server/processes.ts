/**
 * Processes of this installation. Each holds a session lock on a connection of its own: the lock ends with the process,
 * by whatever death, so "who is alive" is the database's knowledge and no guess by time. The heartbeat beside it is for
 * people (health line, /readyz).
 */
import { sql } from 'kysely';
import pg from 'pg';
import type { Database } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';

const beatMs = 5_000;
/** First half of the advisory lock's key; the second is the hash of the process id. */
const lockSpace = 8_271_655;

export async function listAliveProcesses(database: Database): Promise<string[]> {
  const { rows } = await database.withWorker((tx) =>
    sql<{ process_id: string }>`
      select process_id from heartbeats h
      where exists (
        select from pg_locks l
        where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())
          and l.classid = ${lockSpace} and l.objid::int8 = (hashtext(h.process_id)::int8 & 4294967295) and l.granted)`.execute(
      tx,
    ),
  );
  return rows.map((row) => row.process_id);
}

/** @param directUrl must reach the server itself: a session lock does not survive a pooler */
export async function announceProcess(
  database: Database,
  directUrl: string,
  processId: string,
  options: { roles: readonly string[]; clockAlarm(): boolean },
): Promise<{ stop(): Promise<void> }> {
  let stopped = false;
  let holder: pg.Client | undefined;

  async function hold(): Promise<void> {
    const client = new pg.Client({ connectionString: directUrl, application_name: `huisheng ${processId}` });
    client.on('error', () => {
      holder = undefined;
    });
    await client.connect();
    await client.query('select pg_advisory_lock($1, hashtext($2))', [lockSpace, processId]);
    holder = client;
  }

  const beat = async () => {
    if (!holder && !stopped) await hold();
    const values = { process_id: processId, roles: [...options.roles], clock_alarm: options.clockAlarm() };
    await database.withWorker((tx) =>
      tx
        .insertInto('heartbeats')
        .values(values)
        .onConflict((conflict) =>
          conflict
            .column('process_id')
            .doUpdateSet({ seen_at: sql<Date>`clock_timestamp()`, clock_alarm: values.clock_alarm }),
        )
        .execute(),
    );
  };
  await beat();
  await database.withWorker((tx) =>
    tx
      .deleteFrom('heartbeats')
      .where('seen_at', '<', sql<Date>`clock_timestamp() - interval '1 day'`)
      .execute(),
  );
  const timer = setInterval(() => {
    beat().catch((error: Error) => log.warn({ error: error.message }, 'heartbeat failed'));
  }, beatMs);
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await database.withWorker((tx) =>
        tx.deleteFrom('heartbeats').where('process_id', '=', processId).execute(),
      );
      await holder?.end();
    },
  };
}
