/**
 * The worker's side of withdrawals. Unlike posting, taking away may be repeated, so an unclear answer is asked again, and what
 * the platform cannot or will not do in time goes to a person.
 */
import type { Exchange, WithdrawOutcome } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import {
  demandSignIn,
  findHold,
  holdCalls,
  holdSubjects,
  openAccountSession,
} from '#server/modules/accounts/index.ts';
import { backoffMs } from '../state.ts';
import { type DeliveryRecord, findDelivery } from '../store.ts';
import { changeTarget, claimTargets, type TargetRecord } from './store.ts';
import { askPerson, markGone, takeAway } from './take-away.ts';

const atOnce = 8;
/** Longer than the slowest call. */
const leaseMs = 120_000;
/** A post whose outcome is not known yet is looked at this often; the look costs one row. */
const lookAgainMs = 2_000;
/** Calls without success, after which a person is quicker: unclear answers and refusals for now alike. */
const triesAtMost = 5;

/** @returns how many were dealt with */
export async function runWithdrawals(app: App): Promise<number> {
  const targets = await app.database.withWorker((tx) => claimTargets(tx, atOnce, leaseMs));
  await Promise.all(
    targets.map((target) =>
      runTarget(app, target).catch((error: Error) => {
        log.warn(
          { deliveryId: target.deliveryId, error: error.message },
          'a post was not taken away; the lease brings it back',
        );
      }),
    ),
  );
  return targets.length;
}

type Call = {
  withdraw: () => Promise<WithdrawOutcome>;
  subjects: ReturnType<typeof holdSubjects>;
  exchanges: Exchange[];
};

async function runTarget(app: App, target: TargetRecord): Promise<void> {
  const call = await app.database.withWorker((tx) => beginCall(app, tx, target));
  if (!call) return;
  await app.failpoints.hit('withdraw.begun');
  const outcome = await call
    .withdraw()
    .catch((error: unknown): WithdrawOutcome => ({ kind: 'unknown', reason: (error as Error).message }));
  await app.failpoints.hit('withdraw.answered');
  await app.database.withWorker((tx) => settle(app, tx, target, call, outcome));
}

/** Null: there is no call to make now, and the target was moved on. */
async function beginCall(app: App, tx: Tx, target: TargetRecord): Promise<Call | null> {
  const delivery = await findDelivery(tx, target.bureauId, target.deliveryId, true);
  if (!delivery) return null;
  if (target.state === 'waiting') {
    await lookAgain(app, tx, target, delivery);
    return null;
  }
  // A person was quicker.
  if (delivery.state !== 'published') {
    await changeTarget(tx, target, { state: 'gone', wakeInMs: null });
    return null;
  }
  if ((await clockOf(tx)) > target.deadline) {
    await giveToPerson(app, tx, target, delivery, 'deadline');
    return null;
  }
  const exchanges: Exchange[] = [];
  const ids = { bureauId: target.bureauId, accountId: delivery.account_id };
  const opened = await openAccountSession(app, tx, ids, (exchange) => exchanges.push(exchange));
  const { account, connector, session } = opened;
  if (account.state !== 'active' || !connector.withdraw) {
    await giveToPerson(app, tx, target, delivery, account.state);
    return null;
  }
  const subjects = holdSubjects(account);
  const hold = await findHold(tx, Object.values(subjects));
  if (hold) {
    const wait = Math.max(1_000, hold.until.getTime() - (await clockOf(tx)).getTime());
    // Beyond the deadline there is no use in waiting.
    if (hold.until > target.deadline) await giveToPerson(app, tx, target, delivery, hold.reason);
    else await changeTarget(tx, target, { code: hold.reason, wakeInMs: wait });
    return null;
  }
  const { withdraw } = connector;
  return { withdraw: () => withdraw.withdraw(session, delivery.platform_ids), subjects, exchanges };
}

/** What was not known may be now: out (take it away), due again (stop it) or refused (nothing there). */
async function lookAgain(app: App, tx: Tx, target: TargetRecord, delivery: DeliveryRecord): Promise<void> {
  if (['submitting', 'pending', 'unknown'].includes(delivery.state)) {
    await changeTarget(tx, target, { wakeInMs: lookAgainMs });
    return;
  }
  const state = await takeAway(app, tx, systemActor(target.bureauId), delivery, target);
  const next = state ?? (delivery.state === 'withdrawn' ? 'gone' : 'never-out');
  await changeTarget(tx, target, { state: next, wakeInMs: next === 'calling' ? 0 : null });
  app.live.changed(tx, target.bureauId, 'deliveries');
}

async function settle(
  app: App,
  tx: Tx,
  target: TargetRecord,
  call: Call,
  outcome: WithdrawOutcome,
): Promise<void> {
  const delivery = await findDelivery(tx, target.bureauId, target.deliveryId, true);
  if (delivery?.state !== 'published') {
    await changeTarget(tx, target, { state: 'gone', exchanges: call.exchanges, wakeInMs: null });
    return;
  }
  const { exchanges } = call;
  switch (outcome.kind) {
    case 'withdrawn':
      await markGone(app, tx, systemActor(target.bureauId), delivery, 'platform');
      await changeTarget(tx, target, { state: 'gone', code: null, exchanges, wakeInMs: null });
      break;
    case 'by-hand':
      await giveToPerson(app, tx, target, delivery, outcome.code, exchanges);
      break;
    case 'retry-later':
      await holdCalls(tx, call.subjects[outcome.scope], outcome.afterMs, outcome.code);
      await askAgain(app, tx, target, delivery, { code: outcome.code, exchanges, wakeInMs: outcome.afterMs });
      break;
    case 'sign-in-again':
      await demandSignIn(app, tx, target.bureauId, delivery.account_id, outcome.code);
      await giveToPerson(app, tx, target, delivery, outcome.code, exchanges);
      break;
    case 'unknown': {
      const wakeInMs = backoffMs(target.tries + 1);
      await askAgain(app, tx, target, delivery, { code: outcome.reason, exchanges, wakeInMs });
      break;
    }
  }
  app.live.changed(tx, target.bureauId, 'deliveries');
}

async function askAgain(
  app: App,
  tx: Tx,
  target: TargetRecord,
  delivery: DeliveryRecord,
  again: { code: string; exchanges: readonly Exchange[]; wakeInMs: number },
): Promise<void> {
  const tries = target.tries + 1;
  if (tries < triesAtMost) await changeTarget(tx, target, { ...again, tries });
  else await giveToPerson(app, tx, target, delivery, again.code, again.exchanges);
}

async function giveToPerson(
  app: App,
  tx: Tx,
  target: TargetRecord,
  delivery: DeliveryRecord,
  code: string,
  exchanges?: readonly Exchange[],
): Promise<void> {
  await askPerson(tx, delivery, target);
  await changeTarget(tx, target, {
    state: 'by-hand',
    code,
    wakeInMs: null,
    ...(exchanges ? { exchanges } : {}),
  });
  app.live.changed(tx, target.bureauId, 'deliveries');
}
