import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now, wallDate } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import { caseFields } from '#shared/inbox.ts';
import { KnowledgeContent, type KnowledgeState, knowledgeStateLabels } from '#shared/knowledge.ts';
import { publicationStateLabels } from '#shared/publication.ts';
import { findCase } from '../cases/store.ts';
import { findPublication } from '../publication/store.ts';
import { loadSettings } from '../settings/store.ts';
import { findContradiction, mayMove, monthsAfter } from './rules.ts';
import { findEntry, findEntryOfAnswer, insertEntry, moveEntry, saveEntry } from './store.ts';

const subjectOf = (id: string) => ({ kind: 'knowledge', id });

/** @throws {AppError} input-invalid */
async function demandSound(tx: Tx, bureauId: string, content: KnowledgeContent): Promise<void> {
  const contradiction = findContradiction(content);
  if (contradiction) {
    throw new AppError('input-invalid', { problem: `${contradiction.zh} / ${contradiction.en}` });
  }
  if (content.unitId === null) return;
  const units = await listUnitsOf(tx, bureauId);
  if (!units.some(({ id }) => id === content.unitId)) {
    throw new AppError('input-invalid', { problem: '没有这个科室 / no such section' });
  }
}

/** @throws {AppError} input-invalid */
export async function createKnowledgeIn(
  app: App,
  tx: Tx,
  actor: Actor,
  content: KnowledgeContent,
): Promise<{ entryId: string }> {
  await demandSound(tx, actor.bureauId, content);
  const id = newId();
  await insertEntry(
    tx,
    { bureauId: actor.bureauId, id, content, personId: actor.personId },
    { state: 'draft', answerId: null },
  );
  await record(tx, actor, 'knowledge.created', subjectOf(id), {});
  app.live.changed(tx, actor.bureauId, 'cases');
  return { entryId: id };
}

/**
 * One click on a public answer: what was checked for everybody is put to use at once, until the day on which its section looks at it
 * again. On what it rests stands in no answer as such: the entry is marked until somebody writes it down.
 * @throws {AppError} not-found, state-conflict
 */
export async function knowledgeFromAnswerIn(
  app: App,
  tx: Tx,
  actor: Actor,
  publicationId: string,
): Promise<{ entryId: string }> {
  const { bureauId, personId } = actor;
  const answer = await findPublication(tx, bureauId, publicationId, true);
  if (!answer) throw new AppError('not-found');
  const known = await findEntryOfAnswer(tx, bureauId, publicationId);
  if (known) return { entryId: known.id };
  if (answer.state !== 'published') {
    throw new AppError('state-conflict', { state: publicationStateLabels[answer.state].zh });
  }
  const of = await findCase(tx, bureauId, answer.case_id);
  const today = wallDate(now());
  const { settings } = await loadSettings(tx, bureauId);
  const content = KnowledgeContent.parse({
    question: [...answer.question].slice(0, 500).join(''),
    answer: answer.answer,
    field: caseFields.find((field) => field === answer.field) ?? null,
    // The section that answered knows whether it still holds.
    unitId: of?.unit_id ?? (await findOwnUnit(tx, actor)),
    validFrom: today,
    reviewOn: monthsAfter(today, settings.knowledgeReviewMonths),
  });
  const id = newId();
  await insertEntry(tx, { bureauId, id, content, personId }, { state: 'in-use', answerId: publicationId });
  await record(tx, actor, 'knowledge.created', subjectOf(id), { publicationId });
  app.live.changed(tx, bureauId, 'cases');
  return { entryId: id };
}

/** Of whoever makes it, where no section has the case; the bureau as a whole keeps nothing. */
async function findOwnUnit(tx: Tx, { bureauId, unitId }: Actor): Promise<string | null> {
  const units = await listUnitsOf(tx, bureauId);
  return unitId !== bureauId && units.some(({ id }) => id === unitId) ? unitId : null;
}

/** @throws {AppError} not-found, edit-conflict, input-invalid */
export async function saveKnowledgeIn(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  { baseVersion, content }: { baseVersion: number; content: KnowledgeContent },
): Promise<{ version: number }> {
  const { bureauId, personId } = actor;
  const entry = await findEntry(tx, bureauId, id, true);
  if (!entry) throw new AppError('not-found');
  if (entry.version !== baseVersion)
    throw new AppError('edit-conflict', { name: '', revision: entry.version });
  await demandSound(tx, bureauId, content);
  const version = entry.version + 1;
  await saveEntry(tx, { bureauId, id, content, personId }, version);
  await record(tx, actor, 'knowledge.saved', subjectOf(id), { version });
  app.live.changed(tx, bureauId, 'cases');
  return { version };
}

/** @throws {AppError} not-found, state-conflict */
export async function moveKnowledgeIn(
  app: App,
  tx: Tx,
  actor: Actor,
  id: string,
  to: Exclude<KnowledgeState, 'draft'>,
): Promise<void> {
  const entry = await findEntry(tx, actor.bureauId, id, true);
  if (!entry) throw new AppError('not-found');
  if (!mayMove(entry.state, to)) {
    throw new AppError('state-conflict', { state: knowledgeStateLabels[entry.state].zh });
  }
  await moveEntry(tx, actor.bureauId, id, to);
  await record(tx, actor, to === 'in-use' ? 'knowledge.put-to-use' : 'knowledge.retired', subjectOf(id), {});
  app.live.changed(tx, actor.bureauId, 'cases');
}
