/** Looks on the platform whether an answer of unknown outcome stands there. Only comments can be read back. */
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import { log } from '#server/base/log.ts';
import { makeReady } from './send-reply.ts';
import { settleMs, settleReply } from './settle-reply.ts';
import { lockDue, moveReply, type ReplyRecord, type ReplyRef } from './store.ts';

/** After this long without certainty a person is asked; they may decide earlier. */
const giveUpAfterMs = 30 * 60_000;
/** Two looks, a settling time apart, must both find nothing before it is sent again. */
const absencesNeeded = 2;

export async function checkReply(app: App, ref: ReplyRef): Promise<void> {
  const ready = await app.database.withWorker(async (tx) => {
    const reply = await lockDue(tx, ref, 'unknown');
    const made = reply && (await makeReady(app, tx, reply));
    if (!made) return null;
    // Raised before looking: a decision by a person meanwhile makes what is found here stale.
    const fence = await moveReply(tx, made.reply, { state: 'unknown', wakeInMs: settleMs * 2 });
    return fence === null ? null : { ...made, reply: { ...made.reply, fence } };
  });
  if (!ready) return;
  const { reply, session, connector, to, exchanges } = ready;
  if (to?.kind !== 'comment' || !connector.comments) return giveUp(app, reply);
  const found = await connector.comments
    .checkReply(session, to.ids, to.commentId, reply.text)
    .catch((error: Error) => ({ kind: 'unknown' as const, reason: error.name }));
  await app.failpoints.hit('reply.checked');
  if (found.kind === 'unknown') {
    if (now().getTime() - (reply.submitted_at?.getTime() ?? 0) > giveUpAfterMs) return giveUp(app, reply);
    log.info({ replyId: reply.id, reason: found.reason }, 'an answer could not be looked up; trying again');
    return;
  }
  await app.database.withWorker(async (tx) => {
    if (found.kind === 'sent') {
      await settleReply(app, tx, reply, { outcome: { kind: 'sent', ids: {} }, exchanges });
      return;
    }
    const absences = reply.absences + 1;
    const again = absences >= absencesNeeded;
    const change = again
      ? ({ state: 'due', reason: 'absent-twice', wakeInMs: 0, absences: 0 } as const)
      : ({ state: 'unknown', wakeInMs: settleMs, absences } as const);
    if ((await moveReply(tx, reply, { ...change, exchanges })) !== null) {
      app.live.changed(tx, reply.bureau_id, 'cases');
    }
  });
}

async function giveUp(app: App, reply: ReplyRecord): Promise<void> {
  await app.database.withWorker(async (tx) => {
    await moveReply(tx, reply, { state: 'unknown', reason: 'check-gave-up', wakeInMs: null });
    app.live.changed(tx, reply.bureau_id, 'cases');
  });
}
