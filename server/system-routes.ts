import { sql } from 'kysely';
import { now } from '#server/base/clock.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { readAccountsHealth } from '#server/modules/accounts/index.ts';
import { countWaitingPushes, readPushLag } from '#server/modules/inbox/index.ts';
import { readPublishingHealth } from '#server/modules/publishing/index.ts';
import { getHealth } from '#shared/system.ts';

/** A worker that has not been seen for this long is not working. */
const silentMs = 20_000;

export function systemRoutes(): RouteSet {
  return [
    serve(getHealth, async ({ tx, actor }) => {
      const workers = await tx
        .selectFrom('heartbeats')
        .select(['process_id', 'roles', 'seen_at', 'clock_alarm'])
        .where('seen_at', '>', sql<Date>`now() - interval '1 hour'`)
        .execute();
      const publishing = await readPublishingHealth(tx, actor.bureauId);
      return {
        workers: workers.map((row) => ({
          processId: row.process_id,
          roles: row.roles,
          seenAt: row.seen_at.toISOString(),
        })),
        workerAlive: workers.some(
          (row) => row.roles.includes('worker') && now().getTime() - row.seen_at.getTime() < silentMs,
        ),
        ...(await readAccountsHealth(tx, actor.bureauId)),
        withdrawalsOpen: publishing.withdrawalsOpen,
        tasksOpen: publishing.tasksOpen,
        oldestDue: publishing.oldestDue?.toISOString() ?? null,
        unknown: publishing.unknown,
        pushesWaiting: await countWaitingPushes(tx, actor.bureauId),
        pushLag: await readPushLag(tx, actor.bureauId),
        clockAlarm: workers.some((row) => row.clock_alarm),
      };
    }),
  ];
}
