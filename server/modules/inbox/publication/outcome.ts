/** What became of a suggestion, as everybody may read it. 采纳与不采纳都公开. */
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { lockReviewOf, voidReview } from '#server/modules/review/index.ts';
import { publicationKind } from './change.ts';
import { draftPublicationIn } from './draft.ts';
import { maskSaid, readSaid } from './findings.ts';
import { findPublication, findPublicationOfCase, rewritePublication } from './store.ts';
import { outcomeLine, withOutcomeLine } from './words.ts';

/**
 * What ends in 采纳 or 不采纳 is to be public: its draft is made at once, and where there is one from an earlier end it says what
 * holds now. What is being checked goes back, since nobody approves what no longer holds. What is public stays until a person
 * takes it down; the home list tells them.
 */
export async function prepareOutcomeIn(app: App, tx: Tx, actor: Actor, caseId: string): Promise<void> {
  const { bureauId } = actor;
  const known = await findPublicationOfCase(tx, bureauId, caseId);
  if (!known) {
    await draftPublicationIn(app, tx, actor, caseId);
    return;
  }
  const subject = { kind: publicationKind, id: known.id };
  // The review first, as whoever decides does.
  await lockReviewOf(tx, bureauId, subject);
  const row = await findPublication(tx, bureauId, known.id, true);
  if (!row || row.state === 'published') return;
  const { found, said } = await readSaid(tx, row);
  const line = outcomeLine(found);
  const { masked } = await maskSaid(tx, bureauId, [said.question, said.answer, line]);
  const answer = withOutcomeLine(row.answer, masked[2] ?? '');
  const { kind, field, outcome } = found;
  if (answer === row.answer && outcome === row.outcome) return;
  if (row.state === 'reviewing') await voidReview(app, tx, actor, subject, 'outcome-changed');
  const state = row.state === 'reviewing' ? 'draft' : row.state;
  const words = { question: row.question, answer };
  const revision = await rewritePublication(tx, row, words, { state, kind, field, outcome });
  await record(tx, actor, 'published-answer.edited', subject, { revision, outcome });
}
