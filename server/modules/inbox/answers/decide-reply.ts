import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { replyStateLabels } from '#shared/inbox.ts';
import { insertEvent } from '../cases/store.ts';
import { demandReplyHandler } from './reply-handler.ts';
import { noteSent } from './settle-reply.ts';
import { findReply, moveReply, type ReplyChange } from './store.ts';

export type Verdict = 'went-out' | 'did-not-resend' | 'did-not-cancel';

const changes = {
  'went-out': { state: 'sent', reason: 'person-confirmed', wakeInMs: null, sent: true },
  'did-not-resend': { state: 'due', reason: 'person-resent', wakeInMs: 0 },
  'did-not-cancel': { state: 'cancelled', reason: 'person-cancelled', wakeInMs: null },
} as const satisfies Record<Verdict, ReplyChange>;

/**
 * A person looked on the platform and says what became of an answer. A running check loses against them.
 * @throws {AppError} not-found, case-of-others, state-conflict when the outcome is not (or no longer) unknown
 */
export async function decideReplyIn(
  app: App,
  tx: Tx,
  actor: Actor,
  replyId: string,
  decision: { verdict: Verdict; evidence: string },
): Promise<void> {
  const { bureauId } = actor;
  const reply = await findReply(tx, { bureauId, id: replyId }, true);
  if (!reply) throw new AppError('not-found');
  await demandReplyHandler(tx, actor, reply);
  if (reply.state !== 'unknown') {
    throw new AppError('state-conflict', { state: replyStateLabels[reply.state].zh });
  }
  const { verdict, evidence } = decision;
  await moveReply(tx, reply, { ...changes[verdict], claimedBy: null, absences: 0 });
  if (verdict === 'went-out') await noteSent(tx, reply, actor.personId);
  const caseRef = { bureauId, caseId: reply.case_id };
  // The evidence may name the citizen: it stays with the case, which can be erased; the audit log can't.
  const detail = { replyId, verdict, evidence };
  await insertEvent(tx, caseRef, 'reply-decided', { actorId: actor.personId, detail });
  await record(tx, actor, 'reply.decided', { kind: 'case', id: reply.case_id }, { replyId, verdict });
  if (verdict === 'did-not-resend') await app.jobs.enqueue(tx, 'inbox.wake', { bureauId });
  app.live.changed(tx, bureauId, 'cases');
}
