/**
 * What an outcome does to a delivery. The one place where answers of platforms become states; used by the answer of the
 * call, by read-back, by pushes and by people.
 */
import type { CheckResult, Outcome } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import { type Actor, systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import {
  countCallFailure,
  countCallSuccess,
  demandSignIn,
  findAccount,
  holdCalls,
  holdSubjects,
} from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { backoffMs, judgeAbsence } from '../state.ts';
import {
  type AttemptEnd,
  countAttempts,
  type DeliveryChange,
  type DeliveryRecord,
  moveDelivery,
} from '../store.ts';

type Who = Pick<Actor, 'personId' | 'name' | 'bureauId'> | ReturnType<typeof systemActor>;

const recheckMs = { pending: 5_000, unknownFirst: 5_000, unknownMax: 5 * 60_000 } as const;

/** How long a pending or unknown delivery is asked about by itself; a person can always ask again. */
const giveUpCheckingMs = 24 * 3_600_000;

/** What the caller has at hand, so that it is not read again. */
type Known = {
  account?: Parameters<typeof holdSubjects>[0];
  /** The attempt that ends with this outcome; saved with the change of state. */
  end?: AttemptEnd;
  /** False: no breaker over the account counted failures when the step began, so that none has to be closed. */
  failing?: boolean;
  /** Preparation steps that are not saved yet. */
  steps?: DeliveryChange['steps'];
};

export async function settleOutcome(
  app: App,
  tx: Tx,
  delivery: DeliveryRecord,
  outcome: Outcome,
  who: Who = systemActor(delivery.bureau_id),
  known: Known = {},
): Promise<void> {
  const move = (change: DeliveryChange) =>
    moveDelivery(tx, delivery, known.steps ? { ...change, steps: known.steps } : change, known.end);
  const audit = (action: string, detail: Record<string, unknown> = {}) =>
    record(tx, who, action, { kind: 'delivery', id: delivery.id }, detail);
  const subjects = await subjectsOf(tx, delivery, known);
  const succeeded = async (...which: string[]) => {
    if (known.failing !== false) await countCallSuccess(tx, ...which);
  };
  switch (outcome.kind) {
    case 'published':
      await move(publishedChange(delivery, outcome));
      // A person's word says nothing of the platform's health (and staff may not touch the breakers).
      if (who.personId === null) await succeeded(subjects.account, subjects.platform);
      await audit('delivery.published', { url: outcome.url });
      break;
    case 'pending':
      await move({
        state: 'pending',
        reason: null,
        waiting_for: outcome.waitingFor,
        // The platform knows it: absences seen before count for nothing.
        absences: 0,
        absent_at: null,
        platform_ids: { ...delivery.platform_ids, ...outcome.ids },
        wakeInMs: stillAsking(delivery) ? Math.max(outcome.checkAfterMs, 250) : giveUpCheckingMs,
      });
      await succeeded(subjects.account);
      if (delivery.state !== 'pending')
        await audit('delivery.accepted', { ids: outcome.ids, waitingFor: outcome.waitingFor });
      break;
    case 'rejected':
      await move({
        state: 'rejected',
        reason: outcome.reason,
        waiting_for: null,
        wake_at: null,
      });
      await audit('delivery.rejected', { code: outcome.code, reason: outcome.reason });
      break;
    case 'retry-later':
      // Provably not accepted: it is due again after the wait. Never counted as a failed attempt.
      await holdCalls(tx, subjects[outcome.scope], outcome.afterMs, outcome.code);
      await move({
        state: 'due',
        reason: 'limit',
        wakeInMs: outcome.afterMs,
      });
      await audit('delivery.delayed', { code: outcome.code, afterMs: outcome.afterMs, scope: outcome.scope });
      break;
    case 'sign-in-again':
      await demandSignIn(app, tx, delivery.bureau_id, delivery.account_id, outcome.code);
      await move({
        ...(delivery.state === 'pending' || delivery.state === 'unknown' ? {} : { state: 'due' as const }),
        reason: 'account-not-active',
        wakeInMs: 60_000,
      });
      await audit('delivery.delayed', { code: outcome.code });
      break;
    case 'unknown': {
      const settleMs = settleTimeOf(delivery.platform);
      await move({
        state: 'unknown',
        reason: outcome.reason === 'program-ended' ? 'program-ended' : 'answer-lost',
        waiting_for: null,
        absences: 0,
        wakeInMs: Math.max(settleMs, recheckMs.unknownFirst),
      });
      await countCallFailure(tx, subjects.account, outcome.reason);
      await countCallFailure(tx, subjects.platform, outcome.reason);
      await audit('delivery.unknown', { reason: outcome.reason });
      break;
    }
  }
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}

/** Read-back also knows "absent": believed only after the settling time, and only twice. */
export async function settleCheck(
  app: App,
  tx: Tx,
  delivery: DeliveryRecord,
  result: CheckResult,
  known: Known = {},
): Promise<void> {
  if (result.kind === 'absent') return settleAbsent(app, tx, delivery, known);
  if (result.kind === 'repeatable') return settleRepeatable(app, tx, delivery, result.afterMs, known);
  if (result.kind === 'unknown' || result.kind === 'retry-later')
    return keepAsking(app, tx, delivery, result, known);
  await settleOutcome(app, tx, delivery, result, undefined, known);
}

async function settleAbsent(app: App, tx: Tx, delivery: DeliveryRecord, known: Known): Promise<void> {
  const settleMs = Math.max(settleTimeOf(delivery.platform), recheckMs.unknownFirst);
  const now = await clockOf(tx);
  const { submitted_at: submittedAt, absences, absent_at: absentAt } = delivery;
  const absence = judgeAbsence({ submittedAt, absences, absentAt }, settleMs, now);
  const state = delivery.state === 'pending' ? ({ state: 'unknown', reason: 'answer-lost' } as const) : {};
  if (absence.verdict === 'too-early') {
    await moveDelivery(tx, delivery, { ...state, wakeInMs: absence.waitMs }, known.end);
  } else if (absence.verdict === 'first') {
    const first = { ...state, absences: 1, absent_at: now, wakeInMs: settleMs };
    await moveDelivery(tx, delivery, first, known.end);
  } else {
    const again = {
      state: 'due',
      reason: 'absent-twice',
      absences: 0,
      absent_at: null,
      wakeInMs: 0,
    } as const;
    await moveDelivery(tx, delivery, again, known.end);
    await record(
      tx,
      systemActor(delivery.bureau_id),
      'delivery.found-absent',
      { kind: 'delivery', id: delivery.id },
      { absences: 2, fence: delivery.fence },
    );
  }
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}

/** Sending again is the look-up: the platform's own key makes a second post impossible. */
async function settleRepeatable(
  app: App,
  tx: Tx,
  delivery: DeliveryRecord,
  afterMs: number,
  known: Known,
): Promise<void> {
  const sendAgain = { state: 'due', reason: 'own-key', waiting_for: null, wakeInMs: afterMs } as const;
  if (delivery.state === 'pending') {
    // Confirmed by the administrator meanwhile, say: what it became is unknown until the platform names the send.
    await moveDelivery(tx, delivery, { state: 'unknown' });
    await moveDelivery(tx, { ...delivery, state: 'unknown' }, sendAgain, known.end);
  } else await moveDelivery(tx, delivery, sendAgain, known.end);
  await record(
    tx,
    systemActor(delivery.bureau_id),
    'delivery.repeated',
    { kind: 'delivery', id: delivery.id },
    { fence: delivery.fence },
  );
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}

async function keepAsking(
  app: App,
  tx: Tx,
  delivery: DeliveryRecord,
  result: Extract<CheckResult, { kind: 'unknown' | 'retry-later' }>,
  known: Known,
): Promise<void> {
  const checks = await countAttempts(tx, delivery, 'check');
  const wait =
    result.kind === 'retry-later' ? result.afterMs : Math.min(backoffMs(checks), recheckMs.unknownMax);
  const subjects = await subjectsOf(tx, delivery, known);
  if (result.kind === 'retry-later') await holdCalls(tx, subjects[result.scope], result.afterMs, result.code);
  await moveDelivery(tx, delivery, stillAsking(delivery) ? { wakeInMs: wait } : { wake_at: null }, known.end);
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}

function publishedChange(
  delivery: DeliveryRecord,
  outcome: Extract<Outcome, { kind: 'published' }>,
): DeliveryChange {
  const at = outcome.at ?? delivery.submitted_at ?? now();
  return {
    state: 'published',
    reason: null,
    waiting_for: null,
    platform_ids: { ...delivery.platform_ids, ...outcome.ids },
    url: outcome.url,
    published_at: at,
    late_seconds: lateSeconds(delivery, at),
    wake_at: null,
  };
}

export function lateSeconds(delivery: Pick<DeliveryRecord, 'due_at' | 'submitted_at'>, at: Date): number {
  const began = delivery.submitted_at ?? at;
  return Math.max(0, Math.round((began.getTime() - delivery.due_at.getTime()) / 1000));
}

function settleTimeOf(platform: string): number {
  return getConnector(platform).publish.settleMs;
}

function stillAsking(delivery: DeliveryRecord): boolean {
  return (
    delivery.submitted_at === null || now().getTime() - delivery.submitted_at.getTime() < giveUpCheckingMs
  );
}

async function subjectsOf(
  tx: Tx,
  delivery: DeliveryRecord,
  known: Known,
): Promise<{ account: string; app: string; platform: string }> {
  const account = known.account ?? (await findAccount(tx, delivery.bureau_id, delivery.account_id));
  return holdSubjects(account ?? { id: delivery.account_id, platform: delivery.platform, settings: {} });
}
