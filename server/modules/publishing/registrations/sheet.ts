import { getConnector } from '#connectors/registry.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { readSheet, type SheetRow, writeSheets } from '#server/base/sheets.ts';
import { listAccountRows } from '#server/modules/accounts/index.ts';
import { registrationsAtOnce } from '#shared/registrations.ts';
import { type MadeFile, sheetMime } from '#shared/sheet.ts';
import type { AskedRegistration } from './check-rows.ts';

const columns = [
  { head: '账号', names: ['账号', '账号名称', 'account'], width: 20 },
  { head: '标题', names: ['标题', 'title'], width: 40 },
  { head: '链接', names: ['链接', '作品链接', '网址', 'link', 'url'], width: 50 },
  { head: '发布时间', names: ['发布时间', '时间', 'published', 'time'], width: 20 },
] as const;

/**
 * Rows of a sheet with a heading; the columns may stand in any order, others are passed over.
 * @throws {AppError} sheet-unreadable, sheet-too-large, sheet-columns-missing, sheet-empty
 */
export async function readRegistrations(bytes: Buffer): Promise<AskedRegistration[]> {
  const [heading, ...rows] = await readSheet(bytes);
  if (!heading) throw new AppError('sheet-empty');
  const places = columns.map(({ names }) =>
    heading.cells.findIndex((cell) => (names as readonly string[]).includes(cell.trim().toLowerCase())),
  );
  const missing = columns.filter((_, at) => places[at] === -1).map(({ head }) => head);
  if (missing.length > 0) throw new AppError('sheet-columns-missing', { columns: missing.join('、') });
  if (rows.length === 0) throw new AppError('sheet-empty');
  if (rows.length > registrationsAtOnce)
    throw new AppError('sheet-too-many-rows', { rows: registrationsAtOnce });
  return rows.map((row) => {
    const [accountName, title, pasted, publishedWall] = places.map((at) => cellAt(row, at));
    return {
      line: row.line,
      accountName: accountName!,
      title: title!,
      pasted: pasted!,
      publishedWall: publishedWall!,
    };
  });
}

const cellAt = (row: SheetRow, at: number): string => row.cells[at]?.trim() ?? '';

/** The first sheet is filled in, the second says how the accounts are called. */
export async function makeRegistrationTemplate(tx: Tx, bureauId: string): Promise<MadeFile> {
  const accounts = (await listAccountRows(tx, bureauId)).filter(
    ({ platform, state }) => state !== 'closed' && getConnector(platform).publish.kind !== 'local',
  );
  const bytes = await writeSheets([
    {
      name: '登记',
      header: columns.map(({ head }) => head),
      rows: [],
      widths: columns.map(({ width }) => width),
    },
    {
      name: '账号',
      header: ['账号', '平台'],
      rows: accounts.map(({ name, platform }) => [name, getConnector(platform).label.zh]),
      widths: [24, 24],
    },
  ]);
  return { name: '登记模板.xlsx', mime: sheetMime, base64: bytes.toString('base64') };
}
