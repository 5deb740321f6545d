import { getConnector } from '#connectors/registry.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { wallTime } from '#server/base/clock.ts';
import { findAccount, findHold, holdSubjects } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { judgeLateness } from '../state.ts';
import { type DeliveryRecord, moveDelivery } from '../store.ts';
import { checkDelivery } from './check-delivery.ts';
import { handOff, publishLocally } from './local-delivery.ts';
import { mayGoOut } from './may-go-out.ts';
import { prepareDelivery } from './prepare-delivery.ts';
import { sendDelivery } from './send-delivery.ts';
import { settleOutcome } from './settle.ts';

export type RunOptions = {
  /** Set when the clock jumped: nothing new goes out, read-back goes on. */
  paused: boolean;
  /** The database's clock at the claim. */
  now: Date;
};

/** It was there at its time: waiting for the platform, or for certainty, is not "missed while down". */
const resumed = new Set(['limit', 'absent-twice', 'own-key']);

/** One step of one claimed delivery; the state says which. */
export async function runDelivery(app: App, claimed: DeliveryRecord, options: RunOptions): Promise<void> {
  const { publish } = getConnector(claimed.platform);
  switch (claimed.state) {
    case 'submitting':
      // Claimed again although a call was under way: the process that made it is gone. Nobody knows.
      return app.database.withWorker((tx) =>
        settleOutcome(app, tx, claimed, { kind: 'unknown', reason: 'program-ended' }),
      );
    case 'pending':
    case 'unknown':
      if (publish.kind === 'remote' && !(await waitForHold(app, claimed)))
        await checkDelivery(app, claimed, publish);
      return;
    case 'handed-off':
      if (options.paused)
        return app.database.withWorker((tx) => moveDelivery(tx, claimed, { wakeInMs: 5_000 }));
      return app.database.withWorker((tx) => expire(app, tx, claimed, 'handoff-expired'));
    case 'planned':
    case 'due':
    case 'preparing':
    case 'prepared':
      return runUnsent(app, claimed, options);
    default:
      // Moved by a person between wake-up and claim.
      return app.database.withWorker((tx) => moveDelivery(tx, claimed, { wake_at: null }));
  }
}

async function runUnsent(app: App, claimed: DeliveryRecord, { paused, now }: RunOptions): Promise<void> {
  const { publish } = getConnector(claimed.platform);
  if (paused) return app.database.withWorker((tx) => moveDelivery(tx, claimed, { wakeInMs: 5_000 }));
  const lateMs = now.getTime() - claimed.due_at.getTime();
  const verdict = judgeLateness(lateMs, claimed.even_if_late, Number(wallTime(now).slice(11, 13)));
  if (!resumed.has(claimed.reason ?? '') && verdict === 'hold') {
    return app.database.withWorker(async (tx) => {
      await moveDelivery(tx, claimed, { state: 'held', reason: 'missed', wake_at: null });
      await record(
        tx,
        systemActor(claimed.bureau_id),
        'delivery.held',
        { kind: 'delivery', id: claimed.id },
        { lateMs },
      );
      app.live.changed(tx, claimed.bureau_id, 'deliveries');
    });
  }
  if (verdict === 'expire') return app.database.withWorker((tx) => expire(app, tx, claimed, 'missed-long'));
  if (publish.kind !== 'remote') {
    if (lateMs < 0)
      return app.database.withWorker((tx) => moveDelivery(tx, claimed, { wake_at: claimed.due_at }));
    return app.database.withWorker(async (tx) => {
      if (!(await mayGoOut(app, tx, claimed))) return;
      await (publish.kind === 'local' ? publishLocally(app, tx, claimed, now) : handOff(app, tx, claimed));
    });
  }
  if (await waitForAccount(app, claimed)) return;
  if (claimed.state === 'prepared') return sendDelivery(app, claimed, publish);
  return prepareDelivery(app, claimed, publish);
}

async function expire(
  app: App,
  tx: Parameters<typeof moveDelivery>[0],
  claimed: DeliveryRecord,
  reason: string,
): Promise<void> {
  await moveDelivery(tx, claimed, { state: 'expired', reason, wake_at: null });
  await record(
    tx,
    systemActor(claimed.bureau_id),
    'delivery.expired',
    { kind: 'delivery', id: claimed.id },
    { reason },
  );
  app.live.changed(tx, claimed.bureau_id, 'deliveries');
}

/** @returns true when the account can't be used now; the delivery then looks again later by itself */
async function waitForAccount(app: App, claimed: DeliveryRecord): Promise<boolean> {
  return app.database.withWorker(async (tx) => {
    const account = await findAccount(tx, claimed.bureau_id, claimed.account_id);
    if (account?.state !== 'active') {
      await moveDelivery(tx, claimed, { reason: 'account-not-active', wakeInMs: 60_000 });
      return true;
    }
    const hold = await findHold(tx, Object.values(holdSubjects(account)));
    if (hold) await moveDelivery(tx, claimed, { reason: 'limit', wake_at: hold.until });
    return hold !== null;
  });
}

async function waitForHold(app: App, claimed: DeliveryRecord): Promise<boolean> {
  return app.database.withWorker(async (tx) => {
    const account = await findAccount(tx, claimed.bureau_id, claimed.account_id);
    if (!account) return false;
    // Read-back is not a mutation: only the account's own limits stop it, not a breaker that its own unknown opened.
    const hold = await findHold(tx, [holdSubjects(account).app]);
    if (hold) await moveDelivery(tx, claimed, { wake_at: hold.until });
    return hold !== null;
  });
}
