import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newCode, newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { answeredOutcomes } from '#shared/case-outcomes.ts';
import { type CaseOutcome, type CaseState, caseStateLabels } from '#shared/inbox.ts';
import { findCaseForChange, insertEvent } from '../cases/store.ts';
import { maskSaid } from './findings.ts';
import { demandOutcome } from './outcome-rules.ts';
import { findPublicationOfCase, insertPublication } from './store.ts';
import { readCaseWords } from './words.ts';

/** Answered, or ended in an answer; spam, duplicates and what was never answered are nothing for the public. */
const hasAnswer = (outcome: CaseOutcome | null) => outcome === null || answeredOutcomes.has(outcome);

/**
 * One click: question and answer of an answered case with personal data masked, as a draft for a person to edit.
 * @throws {AppError} not-found; state-conflict when the case has no answer yet
 */
export async function draftPublicationIn(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
): Promise<{ publicationId: string }> {
  const { bureauId, personId } = actor;
  const found = await findCaseForChange(tx, bureauId, caseId);
  if (!found) throw new AppError('not-found');
  const known = await findPublicationOfCase(tx, bureauId, caseId);
  if (known) return { publicationId: known.id };
  if (found.state === 'open' || !hasAnswer(found.outcome as CaseOutcome | null)) {
    throw new AppError('state-conflict', { state: caseStateLabels[found.state as CaseState].zh });
  }
  demandOutcome(found);
  const words = await readCaseWords(tx, bureauId, caseId, found);
  // An answer that was given by telephone leaves no words: the person who edits writes them.
  const id = newId();
  const { masked } = await maskSaid(tx, bureauId, [words.question || found.title, words.answer]);
  const [question = '', answer = ''] = masked;
  const { field, kind, outcome } = found;
  const slug = `${wallDate(now()).replaceAll('-', '')}-${newCode(8)}`;
  const row = { bureauId, id, caseId, slug, question, answer, field, kind, outcome, createdBy: personId };
  await insertPublication(tx, row);
  await insertEvent(tx, { bureauId, caseId }, 'publication-drafted', { actorId: personId });
  const subject = { kind: 'published-answer', id };
  await record(tx, actor, 'published-answer.drafted', subject, { caseId, consent: words.consent });
  app.live.changed(tx, bureauId, 'cases');
  return { publicationId: id };
}
