import { sql } from 'kysely';
import type { World } from '#sandbox/core/world.ts';
import { stateOf } from '#sandbox/weibo/state.ts';
import type { App } from '#server/base/app.ts';

/**
 * Lets time pass for one delivery: everything that already happened to it moves into the past and it is due for a look.
 * Settling times of minutes are tested this way, by the same clock and code as in earnest.
 */
export async function letTimePass(app: App, deliveryId: string, milliseconds: number): Promise<void> {
  await app.database.withWorker(async (tx) => {
    await sql`
      update deliveries set
        submitted_at = submitted_at - make_interval(secs => ${milliseconds / 1000}),
        absent_at = absent_at - make_interval(secs => ${milliseconds / 1000}),
        wake_at = clock_timestamp()
      where id in (
        select id from deliveries
        where id = ${deliveryId} and state in ('unknown', 'pending')
          -- Only while it waits: a look that is under way is left to end.
          and wake_at > clock_timestamp() and claimed_by is null
        for update skip locked)`.execute(tx);
    // A breaker that the very fault opened would make the test wait a minute for nothing.
    // A row the worker holds is changing anyway; waiting for it could deadlock with its batches.
    await sql`
      update call_holds set until = clock_timestamp()
      where subject in (select subject from call_holds for update skip locked)`.execute(tx);
    await sql`
      delete from call_uses where (subject, name) in (
        select subject, name from call_uses for update skip locked)`.execute(tx);
    await sql`
      update deliveries set wake_at = clock_timestamp()
      where id in (
        select id from deliveries where id = ${deliveryId} and reason in ('limit', 'own-key') for update skip locked)`.execute(
      tx,
    );
  });
}

/** Makes the posts on the Weibo stand-in a day older. */
export function agePosts(world: World): void {
  for (const account of Object.values(stateOf(world).accounts)) {
    for (const post of account.posts) post.at -= 86_400_000;
  }
}
