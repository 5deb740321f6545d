import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { listHeldFiles } from '#server/modules/content/index.ts';
import { insertCaseFiles, insertNote } from './note-store.ts';
import { findCaseForChange, insertEvent } from './store.ts';

/** Colleagues read it, the person never does. @throws {AppError} not-found also when a file is not of this bureau */
export async function addNoteIn(
  app: App,
  tx: Tx,
  actor: Actor,
  caseId: string,
  note: { text: string; fileIds: readonly string[] },
): Promise<{ noteId: string }> {
  const { bureauId, personId } = actor;
  if (!(await findCaseForChange(tx, bureauId, caseId))) throw new AppError('not-found');
  const files = await listHeldFiles(app, tx, bureauId, note.fileIds);
  if (note.fileIds.some((id) => !files.has(id))) throw new AppError('not-found');
  const noteId = newId();
  await insertNote(tx, bureauId, { id: noteId, caseId, text: note.text, createdBy: personId });
  await insertCaseFiles(tx, bureauId, { noteId }, [...files.keys()]);
  await insertEvent(tx, { bureauId, caseId }, 'noted', { actorId: personId, detail: { noteId } });
  await record(tx, actor, 'case.noted', { kind: 'case', id: caseId }, { noteId, files: files.size });
  app.live.changed(tx, bureauId, 'cases');
  return { noteId };
}
