/** Processes of this installation, by heartbeat: who is alive decides whose claims may be taken over. */
import { sql } from 'kysely';
import type { Database } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';

const beatMs = 5_000;
/** Three missed beats: longer than any pause of a healthy process. */
const deadAfterSeconds = 20;

export async function listAliveProcesses(database: Database): Promise<string[]> {
  const rows = await database.withWorker((tx) =>
    tx
      .selectFrom('heartbeats')
      .select('process_id')
      .where('seen_at', '>', sql<Date>`clock_timestamp() - make_interval(secs => ${deadAfterSeconds})`)
      .execute(),
  );
  return rows.map((row) => row.process_id);
}

/** @param options.alone true when the data lock proves that no other process can be alive: old heartbeats are forgotten */
export async function startHeartbeat(
  database: Database,
  processId: string,
  options: { roles: readonly string[]; alone: boolean; clockAlarm(): boolean },
): Promise<{ stop(): Promise<void> }> {
  const beat = () =>
    database.withWorker(async (tx) => {
      await tx
        .insertInto('heartbeats')
        .values({ process_id: processId, roles: [...options.roles], clock_alarm: options.clockAlarm() })
        .onConflict((conflict) =>
          conflict
            .column('process_id')
            .doUpdateSet({ seen_at: sql<Date>`clock_timestamp()`, clock_alarm: options.clockAlarm() }),
        )
        .execute();
    });
  await database.withWorker(async (tx) => {
    await tx
      .deleteFrom('heartbeats')
      .$if(!options.alone, (query) =>
        query.where('seen_at', '<', sql<Date>`clock_timestamp() - interval '1 day'`),
      )
      .execute();
  });
  await beat();
  const timer = setInterval(() => {
    beat().catch((error: Error) => log.warn({ error: error.message }, 'heartbeat failed'));
  }, beatMs);
  return {
    async stop() {
      clearInterval(timer);
      await database.withWorker((tx) =>
        tx.deleteFrom('heartbeats').where('process_id', '=', processId).execute(),
      );
    },
  };
}
