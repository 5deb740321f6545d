/** Tells platforms to open or close comments. Repeatable by contract, so a lost answer is tried again. */
import type { CommentsCapability } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { obeyFailure, openForCall, takeOneCall } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findDeliveryForReading } from '#server/modules/publishing/index.ts';
import { changeSwitch, claimDueSwitches, findSwitch, type SwitchRef } from './switch-store.ts';

const atOnce = 4;
const leaseSeconds = 120;
const againMs = 60_000;
/** What did not work for this long is told to people, who may wish it again. */
const giveUpMs = 3_600_000;

type Answer = Awaited<ReturnType<NonNullable<CommentsCapability['setOpen']>>>;
type Row = NonNullable<Awaited<ReturnType<typeof findSwitch>>>;
type Ready = { call: () => Promise<Answer>; row: Row };

/** @returns how many were tried */
export async function actOnSwitches(app: App): Promise<number> {
  const due = await app.database.withWorker((tx) => claimDueSwitches(tx, atOnce, leaseSeconds));
  for (const ref of due) {
    await actOn(app, ref).catch((error: Error) => {
      // The lease brings it back.
      log.warn(
        { deliveryId: ref.deliveryId, error: error.message },
        'comments were not switched; trying again',
      );
    });
  }
  return due.length;
}

async function actOn(app: App, ref: SwitchRef): Promise<void> {
  const ready = await app.database.withWorker((tx) => prepare(app, tx, ref));
  if (!ready) return;
  const answer = await ready.call();
  await app.database.withWorker(async (tx) => {
    const row = await findSwitch(tx, ref, true);
    // Wished anew meanwhile: the newer wish has a wake-up of its own.
    if (row?.asked_at.getTime() !== ready.row.asked_at.getTime()) return;
    await settle(app, tx, ref, row, answer);
  });
}

async function settle(app: App, tx: Tx, ref: SwitchRef, row: Row, answer: Answer): Promise<void> {
  const { bureauId, deliveryId } = ref;
  await obeyFailure(app, tx, { bureauId, accountId: row.account_id }, answer);
  const failure = answer.kind === 'done' ? null : answer.code;
  const tired = now().getTime() - row.asked_at.getTime() > giveUpMs;
  if (answer.kind === 'done') await changeSwitch(tx, ref, { state: 'done', failure, wakeInMs: null });
  else if (answer.kind === 'rejected' || tired)
    await changeSwitch(tx, ref, { state: 'failed', failure, wakeInMs: null });
  else {
    const wakeInMs = answer.kind === 'retry-later' ? Math.max(answer.afterMs, againMs) : againMs;
    await changeSwitch(tx, ref, { state: 'acting', failure, wakeInMs });
  }
  const detail = { open: row.open, outcome: answer.kind, code: failure };
  const subject = { kind: 'delivery', id: deliveryId };
  await record(tx, systemActor(bureauId), 'comments.switch-outcome', subject, detail);
  app.live.changed(tx, bureauId, 'deliveries');
}

/** Null when nothing is to be called now; then the row says what comes next. */
async function prepare(app: App, tx: Tx, ref: SwitchRef): Promise<Ready | null> {
  const { bureauId } = ref;
  const row = await findSwitch(tx, ref, true);
  if (row?.state !== 'acting') return null;
  const stop = async (failure: string) => {
    await changeSwitch(tx, ref, { state: 'failed', failure, wakeInMs: null });
    app.live.changed(tx, bureauId, 'deliveries');
    return null;
  };
  const wait = async (until: Date, failure: string) => {
    if (now().getTime() - row.asked_at.getTime() > giveUpMs) return stop(failure);
    const wakeInMs = Math.max(until.getTime() - now().getTime(), 1_000);
    await changeSwitch(tx, ref, { state: 'acting', failure, wakeInMs });
    return null;
  };
  const opened = await openForCall(app, tx, { bureauId, accountId: row.account_id });
  const delivery = await findDeliveryForReading(tx, bureauId, ref.deliveryId);
  if (!opened || delivery?.state !== 'published') return stop('post-gone');
  if ('until' in opened) return wait(opened.until, opened.why);
  const { session, connector } = opened;
  const setOpen = connector.comments?.setOpen;
  if (!setOpen) return stop('not-offered');
  const limited = await takeOneCall(app, tx, opened, 'act');
  if (limited) return wait(limited.until, limited.why);
  return { row, call: () => setOpen(session, delivery.platformIds, row.open) };
}
