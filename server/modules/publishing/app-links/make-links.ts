/** The worker's side of links into a platform's app. What goes wrong is said on the page; the steps by hand remain. */
import type { Exchange, HandOffPublish, OpenAppCapability, PlatformIds } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { demandSignIn, findHold, holdSubjects, openAccountSession } from '#server/modules/accounts/index.ts';
import { payloadOf } from '../payload.ts';
import { findDelivery, moveDelivery } from '../store.ts';
import { findTask } from '../tasks/store.ts';
import { handedMediaUrl } from './handed-media.ts';
import { type AppLinkJob, claimAppLinks, settleAppLink } from './store.ts';

const atOnce = 8;
const leaseMs = 60_000;
/** An app that begins to fetch in the last moment is let finish. */
const fetchingMs = 10 * 60_000;

export function openAppOf(platform: string, settings: unknown): OpenAppCapability | null {
  const { publish } = getConnector(platform);
  const openApp = publish.kind === 'hand-off' ? (publish as HandOffPublish).openApp : undefined;
  return openApp?.isOffered(settings as Record<string, string>) ? openApp : null;
}

/** @returns how many were dealt with */
export async function makeAppLinks(app: App): Promise<number> {
  const jobs = await app.database.withWorker((tx) => claimAppLinks(tx, atOnce, leaseMs));
  await Promise.all(
    jobs.map((job) =>
      makeOne(app, job).catch((error: Error) => {
        log.warn({ taskId: job.taskId, error: error.message }, 'a link into the app was not made');
        return app.database.withWorker((tx) => settleAppLink(tx, job, { failure: 'not-made' }));
      }),
    ),
  );
  return jobs.length;
}

type Making = { until: Date; accountId: string; call: () => ReturnType<OpenAppCapability['make']> };

async function makeOne(app: App, job: AppLinkJob): Promise<void> {
  const making = await app.database.withWorker((tx) => begin(app, tx, job));
  if (!making) return;
  const made = await making.call();
  await app.database.withWorker(async (tx) => {
    if (!('failure' in made)) return save(app, tx, job, making, made);
    const { failure } = made;
    if (failure.kind === 'sign-in-again')
      await demandSignIn(app, tx, job.bureauId, making.accountId, failure.code);
    const why = failure.kind === 'rejected' ? failure.reason : failure.code;
    await settleAppLink(tx, job, { failure: why });
  });
}

/** Null: there is none to make, and the row says so. */
async function begin(app: App, tx: Tx, job: AppLinkJob): Promise<Making | null> {
  const fail = async (failure: string) => {
    await settleAppLink(tx, job, { failure });
    return null;
  };
  const task = await findTask(tx, job.bureauId, job.taskId);
  const delivery = task && (await findDelivery(tx, job.bureauId, task.subject_id));
  if (delivery?.state !== 'handed-off') return fail('over');
  const exchanges: Exchange[] = [];
  const ids = { bureauId: job.bureauId, accountId: delivery.account_id };
  const { session, account } = await openAccountSession(app, tx, ids, (one) => exchanges.push(one));
  const openApp = openAppOf(account.platform, account.settings);
  if (!openApp || account.state !== 'active') return fail('not-offered');
  const hold = await findHold(tx, Object.values(holdSubjects(account)));
  if (hold) return fail(hold.reason);
  const payload = await payloadOf(tx, delivery);
  const until = new Date((await clockOf(tx)).getTime() + openApp.lifeMs);
  const fetchedUntil = new Date(until.getTime() + fetchingMs);
  const media = payload.media.map((one) => ({
    ...one,
    url: handedMediaUrl(app, { ...job, sha256: one.sha256, until: fetchedUntil }, one.mime),
  }));
  return {
    until,
    accountId: account.id,
    call: () => openApp.make(session, payload, media, delivery.platform_ids, until),
  };
}

/** The ids are saved with the link, before anybody sees it: whatever is posted with it can be told from then on. */
async function save(
  app: App,
  tx: Tx,
  job: AppLinkJob,
  { until }: Making,
  { phone, desk, ids }: { phone: string; desk: string | null; ids: PlatformIds },
): Promise<void> {
  const task = await findTask(tx, job.bureauId, job.taskId);
  const delivery = task && (await findDelivery(tx, job.bureauId, task.subject_id, true));
  if (delivery?.state !== 'handed-off') return settleAppLink(tx, job, { failure: 'over' });
  await moveDelivery(tx, delivery, { platform_ids: { ...delivery.platform_ids, ...ids } });
  await settleAppLink(tx, job, { phone, desk, until });
  app.live.changed(tx, job.bureauId, 'deliveries');
}
