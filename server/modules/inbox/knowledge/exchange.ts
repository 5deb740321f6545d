import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { type SheetCell, type SheetRow, writeSheets } from '#server/base/sheets.ts';
import { record } from '#server/modules/audit/index.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import type { KnowledgeContent } from '#shared/knowledge.ts';
import { type MadeFile, sheetMime } from '#shared/sheet.ts';
import { readKnowledge, type SheetProblem, sheetColumns } from './sheet.ts';
import { insertEntry, listEntries } from './store.ts';

/** More than a bureau writes in its life; a sheet of this size is still opened by every program. */
const mostExported = 5_000;
const problemsShown = 200;

/** The whole base as it stands, in the columns that come back in. */
export async function exportKnowledgeIn(tx: Tx, actor: Actor, template: boolean): Promise<MadeFile> {
  const { bureauId } = actor;
  const names = new Map((await listUnitsOf(tx, bureauId)).map((unit) => [unit.id, unit.name]));
  const entries = template ? [] : await listEntries(tx, bureauId, {}, mostExported);
  const cellOf = (content: KnowledgeContent, key: keyof KnowledgeContent): SheetCell =>
    key === 'unitId' ? (names.get(content.unitId ?? '') ?? null) : content[key];
  const sheet = {
    name: '知识库',
    header: sheetColumns.map((column) => column.name),
    widths: sheetColumns.map((column) => column.width),
    rows: entries.map(({ content }) => sheetColumns.map(({ key }) => cellOf(content, key))),
  };
  const bytes = await writeSheets([sheet]);
  const name = template ? '知识库模板.xlsx' : '知识库.xlsx';
  return { name, mime: sheetMime, base64: bytes.toString('base64') };
}

/**
 * All rows or none: with any problem nothing is added. What comes in waits as a draft until somebody puts it to use.
 * @throws {AppError} sheet-unreadable, sheet-too-large
 */
export async function importKnowledgeIn(
  app: App,
  tx: Tx,
  actor: Actor,
  sheet: readonly SheetRow[],
): Promise<{ imported: number; problems: SheetProblem[] }> {
  const { bureauId, personId } = actor;
  const units = new Map((await listUnitsOf(tx, bureauId)).map((unit) => [unit.name, unit.id]));
  const { entries, problems } = readKnowledge(sheet, units);
  if (problems.length > 0) return { imported: 0, problems: problems.slice(0, problemsShown) };
  for (const content of entries) {
    const saved = { bureauId, id: newId(), content, personId };
    await insertEntry(tx, saved, { state: 'draft', answerId: null });
  }
  const subject = { kind: 'knowledge', id: newId() };
  await record(tx, actor, 'knowledge.imported', subject, { imported: entries.length });
  app.live.changed(tx, bureauId, 'cases');
  return { imported: entries.length, problems: [] };
}
