/** SQL on internal notes and on the files beside messages and notes. */
import { sql } from 'kysely';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { listHeldFiles, setFileUses } from '#server/modules/content/index.ts';
import type { CaseFile } from '#shared/sent-files.ts';

export async function insertNote(
  tx: Tx,
  bureauId: string,
  note: { id: string; caseId: string; text: string; createdBy: string },
): Promise<void> {
  await tx
    .insertInto('case_notes')
    .values({
      ...{ bureau_id: bureauId, id: note.id, case_id: note.caseId },
      ...{ text: note.text, created_by: note.createdBy },
    })
    .execute();
}

export async function listNotes(tx: Tx, bureauId: string, caseId: string) {
  return tx
    .selectFrom('case_notes')
    .select(['id', 'text', 'created_by', 'created_at'])
    .where('bureau_id', '=', bureauId)
    .where('case_id', '=', caseId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function insertCaseFiles(
  tx: Tx,
  bureauId: string,
  beside: { messageId: string } | { noteId: string },
  fileIds: readonly string[],
): Promise<void> {
  if (fileIds.length === 0) return;
  const place = 'noteId' in beside ? { note_id: beside.noteId } : { message_id: beside.messageId };
  await tx
    .insertInto('case_files')
    .values(fileIds.map((file_id) => ({ bureau_id: bureauId, id: newId(), file_id, ...place })))
    .execute();
  const owner = { kind: 'case', id: 'noteId' in beside ? beside.noteId : beside.messageId } as const;
  await setFileUses(tx, bureauId, owner, fileIds);
}

/** Files by the message or note they stand beside. */
export async function listFiles(
  app: App,
  tx: Tx,
  bureauId: string,
  of: { messageIds: readonly string[]; noteIds: readonly string[] },
): Promise<Map<string, CaseFile[]>> {
  const rows = await tx
    .selectFrom('case_files')
    .select(['file_id', sql<string>`coalesce(message_id, note_id)`.as('beside')])
    .where('bureau_id', '=', bureauId)
    .where((or) =>
      or.or([
        or('message_id', '=', sql<string>`any(${[...of.messageIds]}::uuid[])`),
        or('note_id', '=', sql<string>`any(${[...of.noteIds]}::uuid[])`),
      ]),
    )
    .orderBy('created_at')
    .execute();
  const files = await listHeldFiles(
    app,
    tx,
    bureauId,
    rows.map((row) => row.file_id),
  );
  const beside = new Map<string, CaseFile[]>();
  for (const row of rows) {
    const file = files.get(row.file_id);
    if (file) beside.set(row.beside, [...(beside.get(row.beside) ?? []), file]);
  }
  return beside;
}
