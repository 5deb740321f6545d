import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { findConversation } from '../threads/store.ts';
import { settleMs } from './settle-reply.ts';
import { listAbandoned, moveReply, type ReplyRecord } from './store.ts';

/**
 * Answers that a dead process was sending. Whether the platform took them nobody can know from here: they are
 * `unknown`, and the raised fence keeps a process that was only asleep from writing over what follows.
 * @param alive ids of the processes that live
 * @param mine this process, and the answers it is busy with
 * @returns how many were found
 */
export async function sweepAbandoned(
  app: App,
  alive: readonly string[],
  mine: { processId: string; inFlight: ReadonlySet<string> },
): Promise<number> {
  const others = alive.filter((id) => id !== mine.processId);
  return app.database.withWorker(async (tx) => {
    const abandoned = await listAbandoned(tx, others, mine);
    for (const reply of abandoned) await markUnknown(app, tx, reply);
    return abandoned.length;
  });
}

async function markUnknown(app: App, tx: Tx, reply: ReplyRecord): Promise<void> {
  const { bureau_id: bureauId, case_id: caseId } = reply;
  const conversation = await findConversation(tx, bureauId, reply.conversation_id);
  const wakeInMs = conversation?.kind === 'comment' ? settleMs : null;
  await moveReply(tx, reply, { state: 'unknown', reason: 'process-ended', wakeInMs, claimedBy: null });
  const detail = { replyId: reply.id, code: 'process-ended' };
  await record(tx, systemActor(bureauId), 'reply.unknown', { kind: 'case', id: caseId }, detail);
  app.live.changed(tx, bureauId, 'cases');
}
