import type { Exchange, MediaReader, Outcome, PlatformIds, RemotePublish } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { log } from '#server/base/log.ts';
import { openAccountSession } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPackage, openPackage } from '#server/modules/content/index.ts';
import { backoffMs } from '../state.ts';
import {
  beginAttempt,
  countAttempts,
  type DeliveryRecord,
  findDelivery,
  finishAttempt,
  moveDelivery,
} from '../store.ts';
import { mayPrepare } from './may-go-out.ts';
import { settleOutcome } from './settle.ts';

const maximumTries = 8;

/**
 * The reversible part: token, uploads, draft. Each step's ids are saved before the next step begins, so that a crash
 * repeats at most the step it fell in. Leaves the delivery `prepared`, to be sent at its time.
 */
export async function prepareDelivery(
  app: App,
  claimed: DeliveryRecord,
  publish: RemotePublish,
): Promise<void> {
  const begun = await app.database.withWorker(async (tx) => {
    if (!(await mayPrepare(app, tx, claimed))) return null;
    await moveDelivery(tx, claimed, { state: 'preparing' });
    const delivery = (await findDelivery(tx, claimed.bureau_id, claimed.id))!;
    const row = (await findPackage(tx, delivery.bureau_id, delivery.package_id))!;
    const exchanges: Exchange[] = [];
    const { session } = await openAccountSession(
      app,
      tx,
      { bureauId: delivery.bureau_id, accountId: delivery.account_id },
      (exchange) => exchanges.push(exchange),
    );
    const tries = await countAttempts(tx, delivery, 'prepare');
    const attemptId = await beginAttempt(tx, delivery, 'prepare');
    return { delivery, payload: openPackage(row), session, exchanges, attemptId, tries };
  });
  if (!begun) return;
  const { delivery, payload, session, exchanges, attemptId, tries } = begun;
  await app.failpoints.hit('prepare.begun');
  const media: MediaReader = (sha256) => app.files.get(sha256);
  const steps: Record<string, PlatformIds> = { ...delivery.steps };

  async function once(name: string, step: () => Promise<PlatformIds>): Promise<PlatformIds> {
    const saved = steps[name];
    if (saved) return saved;
    const ids = await step();
    await app.failpoints.hit(`prepare.step`);
    steps[name] = ids;
    await app.database.withWorker((tx) => moveDelivery(tx, delivery, { steps: { ...steps } }));
    return ids;
  }

  const result = await publish.prepare(session, payload, media, once).catch((error: unknown) => {
    // A stale fence means that another process took over: leave everything to it.
    if (error instanceof AppError && error.code === 'state-conflict') throw error;
    log.warn({ delivery: delivery.id, error: (error as Error).message }, 'preparation failed');
    return { kind: 'error' as const, reason: (error as Error).message };
  });

  await app.database.withWorker(async (tx) => {
    await finishAttempt(tx, delivery.bureau_id, attemptId, { exchanges, outcome: result });
    if (result.kind === 'prepared') {
      await moveDelivery(tx, delivery, {
        state: 'prepared',
        reason: null,
        platform_ids: { ...delivery.platform_ids, ...result.ids },
        wake_at: delivery.due_at,
      });
      await record(
        tx,
        systemActor(delivery.bureau_id),
        'delivery.prepared',
        { kind: 'delivery', id: delivery.id },
        { ids: result.ids },
      );
      app.live.changed(tx, delivery.bureau_id, 'deliveries');
    } else if (result.kind !== 'error') {
      await settleOutcome(app, tx, delivery, result satisfies Outcome);
    } else if (tries + 1 >= maximumTries) {
      await moveDelivery(tx, delivery, { state: 'failed', reason: 'gave-up', wake_at: null });
      await record(
        tx,
        systemActor(delivery.bureau_id),
        'delivery.failed',
        { kind: 'delivery', id: delivery.id },
        { reason: result.reason },
      );
      app.live.changed(tx, delivery.bureau_id, 'deliveries');
    } else {
      await moveDelivery(tx, delivery, { state: 'due', wakeInMs: backoffMs(tries + 1) });
    }
  });
  await app.failpoints.hit('prepare.saved');
}
