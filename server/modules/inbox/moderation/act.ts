/** Carries decided actions out. Repeatable by contract ("what is so already is done"), so a lost answer is tried again. */
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { obeyFailure, openForCall, takeOneCall } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findDeliveryForReading } from '#server/modules/publishing/index.ts';
import type { CommentAction } from '#shared/comment-checks.ts';
import { type CheckRef, changeCheck, claimDueActions, findCheck } from './store.ts';

const atOnce = 4;
const leaseSeconds = 120;
const againMs = 60_000;
/** What did not work for this long waits for a person. */
const giveUpMs = 3_600_000;

/** @returns how many were tried */
export async function actOnComments(app: App): Promise<number> {
  const due = await app.database.withWorker((tx) => claimDueActions(tx, atOnce, leaseSeconds));
  for (const ref of due) {
    await actOn(app, ref).catch((error: Error) => {
      // The lease brings it back.
      log.warn({ checkId: ref.id, error: error.message }, 'a comment was not dealt with; trying again');
    });
  }
  return due.length;
}

async function actOn(app: App, ref: CheckRef): Promise<void> {
  const ready = await app.database.withWorker((tx) => prepare(app, tx, ref));
  if (!ready) return;
  const { moderation, session, ids, commentId, action } = ready;
  const outcome = await moderation.act(session, ids, commentId, action);
  await app.database.withWorker(async (tx) => {
    const found = await findCheck(tx, ref);
    if (found?.state !== 'acting') return;
    if (outcome.kind === 'done') await changeCheck(tx, ref, { state: 'done', failure: null, wakeInMs: null });
    else if (outcome.kind === 'rejected')
      await changeCheck(tx, ref, { state: 'failed', failure: outcome.code, wakeInMs: null });
    else await tryAgain(app, tx, ref, found, outcome);
    const detail = { action, outcome: outcome.kind };
    const subject = { kind: 'comment-check', id: ref.id };
    await record(tx, systemActor(ref.bureauId), 'comment.acted-on', subject, detail);
    app.live.changed(tx, ref.bureauId, 'cases');
  });
}

type Found = NonNullable<Awaited<ReturnType<typeof findCheck>>>;
type Unsettled = Exclude<Awaited<ReturnType<Ready['moderation']['act']>>, { kind: 'done' | 'rejected' }>;

async function tryAgain(app: App, tx: Tx, ref: CheckRef, found: Found, outcome: Unsettled): Promise<void> {
  await obeyFailure(app, tx, { bureauId: ref.bureauId, accountId: found.account_id }, outcome);
  const waitMs = outcome.kind === 'retry-later' ? Math.max(outcome.afterMs, againMs) : againMs;
  const since = now().getTime() - (found.decided_at ?? found.created_at).getTime();
  const failure = 'code' in outcome ? outcome.code : outcome.kind;
  if (since > giveUpMs) await changeCheck(tx, ref, { state: 'failed', failure, wakeInMs: null });
  else await changeCheck(tx, ref, { state: 'acting', failure, wakeInMs: waitMs });
}

type Ready = NonNullable<Awaited<ReturnType<typeof prepare>>>;

/** Null when nothing is to be called now; then the row says what comes next. */
async function prepare(app: App, tx: Tx, ref: CheckRef) {
  const found = await findCheck(tx, ref);
  if (found?.state !== 'acting' || !found.action) return null;
  const { bureauId } = ref;
  const wait = async (until: Date) => {
    const wakeInMs = Math.max(until.getTime() - now().getTime(), 1_000);
    await changeCheck(tx, ref, { state: 'acting', wakeInMs });
    return null;
  };
  const opened = await openForCall(app, tx, { bureauId, accountId: found.account_id });
  const delivery =
    found.delivery_id === null ? null : await findDeliveryForReading(tx, bureauId, found.delivery_id);
  if (!opened || !delivery) {
    await changeCheck(tx, ref, { state: 'failed', failure: 'post-gone', wakeInMs: null });
    return null;
  }
  if ('until' in opened) return wait(opened.until);
  const { session, connector } = opened;
  if (!connector.moderation) {
    await changeCheck(tx, ref, { state: 'by-hand', wakeInMs: null });
    return null;
  }
  const limited = await takeOneCall(app, tx, opened, 'act');
  if (limited) return wait(limited.until);
  const { moderation } = connector;
  const action = found.action as CommentAction;
  return { moderation, session, ids: delivery.platformIds, commentId: found.comment_id, action };
}
