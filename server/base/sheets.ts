/**
 * Tables of people: spreadsheets that come in and go out, behind our own small interface. Every cell comes in as the text a
 * person sees; everything that goes out is safe from formulas. Exact formats are two: xlsx and csv.
 */
import { unzipSync } from 'fflate';
import { type CellValue, readXlsx, writeXlsx } from 'hucre/xlsx';
import { AppError } from './app-error.ts';
import { readCsv, safeFromFormulas, writeCsvRow } from './csv.ts';

/** A row with the number that the spreadsheet shows beside it, from 1. Empty rows are passed over. */
export type SheetRow = { line: number; cells: string[] };

/** Text goes out as text, numbers as numbers; null is an empty cell, which is not zero. */
export type SheetCell = string | number | null;
export type Sheet = {
  name: string;
  header: readonly string[];
  rows: readonly (readonly SheetCell[])[];
  /** Width of each column in characters; 18 where nothing is said. */
  widths?: readonly number[];
};

export const sheetLimits = { bytes: 10 * 1024 * 1024, rows: 20_000, columns: 60, cell: 5_000 } as const;
/** A real sheet within the limits unpacks to a tenth of it. */
const unpackedLimit = 100 * 1024 * 1024;

/**
 * Reads the first visible sheet of an xlsx, or a csv (UTF-8 or GB 18030), by its content and not by its name. Dates become
 * wall time, `2026-11-28` or `2026-11-28 09:05`.
 * @throws {AppError} sheet-unreadable, sheet-too-large
 */
export async function readSheet(bytes: Buffer): Promise<SheetRow[]> {
  if (bytes.length > sheetLimits.bytes) throw tooLarge();
  if (bytes.length === 0) throw unreadable('文件是空的', 'the file is empty');
  if (bytes.subarray(0, 4).equals(oldOffice)) {
    throw unreadable(
      '这是旧版 .xls 或加了密码的文件，请另存为 .xlsx（不设密码）',
      'an old .xls or a file with a password: save it as .xlsx without one',
    );
  }
  return within(bytes.subarray(0, 2).equals(zip) ? await readWorkbook(bytes) : readText(bytes));
}

const oldOffice = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const zip = Buffer.from('PK');

/**
 * Reads what a spreadsheet puts on the clipboard: columns parted by tabs, cells with line breaks in quotes.
 * @throws {AppError} sheet-unreadable, sheet-too-large
 */
export function readPastedCells(pasted: string): SheetRow[] {
  return within(parse(() => readCsv(Buffer.from(pasted), '\t')));
}

/** Other files that are text enough to pass for a csv, and would be blamed for missing columns; by how they begin. */
const noTables: readonly (readonly [start: RegExp, zh: string, en: string])[] = [
  [
    /^%PDF-/,
    '这是 PDF，不是表格（改了扩展名也不行），请向对方要 .xlsx 或 .csv',
    'a PDF, whatever its name says',
  ],
  [/^\{\\rtf/, '这是 Word 文档，不是表格', 'a Word document'],
  [
    /^\s*<(?:!doctype|html|\?xml|table)\b/i,
    '这是网页，不是表格，请用表格软件打开后另存为 .xlsx',
    'a web page: open it with a spreadsheet and save it as .xlsx',
  ],
];

function readText(bytes: Buffer): SheetRow[] {
  const start = bytes
    .subarray(0, 200)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  for (const [is, zh, en] of noTables) if (is.test(start)) throw unreadable(zh, `no spreadsheet but ${en}`);
  if (bytes.includes(0)) throw unreadable('不是表格文件', 'not a spreadsheet');
  return parse(() => readCsv(bytes));
}

function parse(read: () => SheetRow[]): SheetRow[] {
  try {
    return read();
  } catch (error) {
    throw new AppError('sheet-unreadable', { problem: (error as Error).message }, error);
  }
}

async function readWorkbook(bytes: Buffer): Promise<SheetRow[]> {
  try {
    refuseBomb(bytes);
    // Two cells at opposite corners would fill the memory: nothing outside the limits is even laid out.
    const range = `A1:${columnName(sheetLimits.columns + 1)}${sheetLimits.rows + 1}`;
    let taken = false;
    const { sheets } = await readXlsx(bytes, {
      range,
      sheets: ({ hidden, veryHidden }) => {
        const first = !taken && !hidden && !veryHidden;
        taken ||= first;
        return first;
      },
    });
    return (sheets[0]?.rows ?? [])
      .map((cells, at) => ({ line: at + 1, cells: cells.map(textOf) }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'sheet-unreadable',
      { problem: '文件已损坏，或不是 .xlsx 表格 / damaged, or no .xlsx file' },
      error,
    );
  }
}

/** A few kilobytes can unpack to gigabytes: the directory's sizes are added up before anything is unpacked. It also tells a table from others. */
function refuseBomb(bytes: Buffer): void {
  let total = 0;
  let workbook = false;
  unzipSync(bytes, {
    filter: (file) => {
      total += file.originalSize;
      workbook ||= file.name.startsWith('xl/');
      return false;
    },
  });
  if (total > unpackedLimit) throw tooLarge();
  if (!workbook)
    throw unreadable(
      '这不是表格，像是 Word 文档或压缩包，请另存为 .xlsx 或 .csv',
      'no spreadsheet, perhaps a Word document or an archive: save it as .xlsx or .csv',
    );
}

function textOf(value: CellValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  // Fifteen digits are all a spreadsheet keeps; beyond them stands noise (0.1 + 0.2).
  if (typeof value === 'number') return String(Number(value.toPrecision(15)));
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return value.trim();
}

/** A spreadsheet's dates have no zone; they are read as if in UTC. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const text = new Date(Math.round(date.getTime() / 60_000) * 60_000)
    .toISOString()
    .slice(0, 16)
    .replace('T', ' ');
  return text.endsWith(' 00:00') ? text.slice(0, 10) : text;
}

function within(rows: SheetRow[]): SheetRow[] {
  if (rows.length > sheetLimits.rows) throw tooLarge();
  for (const { cells } of rows) {
    while (cells.at(-1) === '') cells.pop();
    if (cells.length > sheetLimits.columns) throw tooLarge();
    if (cells.some((cell) => cell.length > sheetLimits.cell)) throw tooLarge();
  }
  return rows;
}

const tooLarge = () =>
  new AppError('sheet-too-large', {
    megabytes: sheetLimits.bytes / 1024 / 1024,
    rows: sheetLimits.rows,
    columns: sheetLimits.columns,
  });
const unreadable = (zh: string, en: string) => new AppError('sheet-unreadable', { problem: `${zh} / ${en}` });

/** 1 → A, 27 → AA. */
function columnName(number: number): string {
  const rest = Math.floor((number - 1) / 26);
  return `${rest > 0 ? columnName(rest) : ''}${String.fromCharCode(65 + ((number - 1) % 26))}`;
}

/** An xlsx file; the header of each sheet is bold and stays in sight. */
export async function writeSheets(sheets: readonly Sheet[]): Promise<Buffer> {
  const bytes = await writeXlsx({
    sheets: sheets.map(({ name, header, rows, widths = [] }) => ({
      name,
      columns: header.map((_, at) => ({ width: widths[at] ?? 18 })),
      rows: [header, ...rows].map((row) =>
        row.map((cell) => (typeof cell === 'string' ? safeFromFormulas(cell) : cell)),
      ),
      cells: new Map(
        header.map((cell, at) => [
          `0,${at}`,
          { value: safeFromFormulas(cell), style: { font: { bold: true } } },
        ]),
      ),
      freezePane: { rows: 1 },
    })),
  });
  return Buffer.from(bytes);
}

/** A csv file with the byte order mark that a Chinese spreadsheet program needs to read it as UTF-8. */
export function writeCsv({ header, rows }: Pick<Sheet, 'header' | 'rows'>): Buffer {
  const lines = [header, ...rows].map((row) => writeCsvRow(row));
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`);
}
