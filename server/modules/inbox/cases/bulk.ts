/** The same for many cases at once. Each stands for itself: one that cannot is left as it was, and says why. */
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import type { answerCases, dispatchCases } from '#shared/case-steps.ts';
import { errorBody } from '#shared/errors.ts';
import type { RouteReply } from '#shared/route.ts';
import { queueReply } from '../answers/answer-case.ts';
import { assignCaseIn } from './change-case.ts';
import { demandHandler } from './handlers.ts';
import { findCaseForChange, listConversationIds, lockConversationsOf } from './store.ts';
import { takeStepIn } from './take-step.ts';

type Results = RouteReply<typeof answerCases>;

/**
 * Operations refuse before they write anything, so that a refused case needs no savepoint.
 * @param caseIds in one order for everybody: two people with the same cases wait for each other, not in a circle
 */
async function forEach(
  caseIds: readonly string[],
  work: (caseId: string) => Promise<void>,
): Promise<Results> {
  const results: Results['results'] = [];
  for (const caseId of [...new Set(caseIds)].toSorted()) {
    try {
      await work(caseId);
      results.push({ caseId, done: true, problem: null });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal' || error.code === 'database-unavailable')
        throw error;
      results.push({ caseId, done: false, problem: errorBody(error.code, error.details).message });
    }
  }
  return { results };
}

/** Every conversation of every case gets the answer once. */
export async function answerCasesIn(
  app: App,
  tx: Tx,
  actor: Actor,
  given: { caseIds: readonly string[]; text: string },
): Promise<Results> {
  return forEach(given.caseIds, async (caseId) => {
    await lockConversationsOf(tx, actor.bureauId, [caseId]);
    const found = await findCaseForChange(tx, actor.bureauId, caseId);
    if (!found) throw new AppError('not-found');
    demandHandler(actor, found);
    const conversationIds = await listConversationIds(tx, actor.bureauId, caseId);
    if (conversationIds.length === 0) throw new AppError('not-found');
    let queued = 0;
    let problem: AppError | undefined;
    for (const conversationId of conversationIds) {
      try {
        const answer = { conversationId, text: given.text, purpose: 'answer' } as const;
        await queueReply(app, tx, actor, caseId, answer);
        queued += 1;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        problem = error;
      }
    }
    if (queued === 0 && problem) throw problem;
  });
}

export async function dispatchCasesIn(
  app: App,
  tx: Tx,
  actor: Actor,
  given: { caseIds: readonly string[]; do: BulkStep },
): Promise<Results> {
  const { do: step } = given;
  return forEach(given.caseIds, (caseId) =>
    step.step === 'assign'
      ? assignCaseIn(app, tx, actor, caseId, step)
      : takeStepIn(app, tx, actor, caseId, step),
  );
}

type BulkStep = (typeof dispatchCases)['body']['_output']['do'];
