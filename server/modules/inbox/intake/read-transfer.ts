/** A hotline's list as rows of ours. Pure: every problem of every row is named at once, so that it is mended once. */
import { fromWallTime, now } from '#server/base/clock.ts';
import type { SheetRow } from '#server/base/sheets.ts';
import { type CaseKind, caseKindLabels, caseKinds } from '#shared/inbox.ts';
import { type ImportColumn, importColumnLabels, importColumns, neededColumns } from '#shared/inbox-intake.ts';
import type { Text } from '#shared/lang.ts';

export type TransferRow = {
  line: number;
  number: string;
  source: string;
  receivedAt: Date;
  /** The hotline's own deadline, as a moment or as working days after receipt. */
  due: Date | { workingDays: number } | null;
  text: string;
  kind: CaseKind | null;
  contact: { name: string; phone: string; address: string };
};
export type TransferProblem = { line: number; column: string; problem: Text };

/** More would hold the request for minutes; a day's list of a county is some dozens. */
export const mostRows = 1_000;
const usualSource = '12345';
const longestText = 5_000;
/** Working days; a hotline gives no more. */
const mostDays = 60;

/** How such lists name their columns, besides our own template. */
const aliases: Readonly<Record<ImportColumn, readonly string[]>> = {
  number: ['工单号', '工单编码', '编号', '受理编号', '受理单号', '流水号', '业务编号'],
  source: ['渠道', '来源渠道', '受理渠道', '平台'],
  receivedAt: ['受理时间', '来电时间', '派单时间', '登记时间', '提交时间', '日期'],
  dueAt: [
    ...[
      '办理时限',
      '处理时限',
      '回复时限',
      '反馈时限',
      '办结期限',
      '办理期限',
      '回复期限',
      '截止时间',
      '截止日期',
    ],
    ...['要求办结时间', '要求反馈时间', '要求回复时间', '到期时间'],
  ],
  text: ['内容', '问题描述', '工单内容', '反映内容', '诉求描述', '来电内容'],
  kind: ['诉求类型', '工单类型', '问题类型', '性质'],
  name: ['来电人', '来信人', '诉求人', '联系人', '市民姓名'],
  phone: ['电话', '来电号码', '手机', '手机号', '联系方式'],
  address: ['地址', '诉求地址', '事发地址'],
};

export function readTransfer(rows: readonly SheetRow[]): {
  rows: TransferRow[];
  problems: TransferProblem[];
} {
  const [head, ...body] = rows;
  const columns = findColumns(head?.cells ?? []);
  const missing = neededColumns.filter((column) => !columns.has(column));
  if (!head || missing.length > 0) {
    return {
      rows: [],
      problems: missing.map((column) => ({
        line: head?.line ?? 1,
        column: importColumnLabels[column].zh,
        problem: {
          zh: '第一行没有这一列，请按模板填写',
          en: 'the first row lacks this column; use the template',
        },
      })),
    };
  }
  if (body.length > mostRows) {
    const problem = { zh: `一次最多 ${mostRows} 行，请分批导入`, en: `at most ${mostRows} rows at a time` };
    return { rows: [], problems: [{ line: body[mostRows]!.line, column: '', problem }] };
  }
  const problems: TransferProblem[] = [];
  const seen = new Map<string, number>();
  const good = body.flatMap((row) => readRow(row, columns, seen, problems) ?? []);
  return { rows: good, problems };
}

function findColumns(cells: readonly string[]): Map<ImportColumn, number> {
  const names = cells.map((cell) => cell.normalize('NFKC').replaceAll(/[\s*:(（].*$/g, ''));
  const found = new Map<ImportColumn, number>();
  for (const column of importColumns) {
    const { zh, en } = importColumnLabels[column];
    const at = names.findIndex(
      (name, index) =>
        name === zh || aliases[column].includes(name) || cells[index]!.toLowerCase() === en.toLowerCase(),
    );
    if (at !== -1) found.set(column, at);
  }
  return found;
}

function readRow(
  { line, cells }: SheetRow,
  columns: ReadonlyMap<ImportColumn, number>,
  seen: Map<string, number>,
  problems: TransferProblem[],
): TransferRow | null {
  const cell = (column: ImportColumn) => cells[columns.get(column) ?? -1]?.trim() ?? '';
  const before = problems.length;
  const refuse = (column: ImportColumn, zh: string, en: string) =>
    void problems.push({ line, column: importColumnLabels[column].zh, problem: { zh, en } });
  const number = cell('number');
  const source = cell('source') || usualSource;
  const text = cell('text');
  if (number === '') refuse('number', '没有填写', 'is empty');
  else if (number.length > 60) refuse('number', '太长', 'is too long');
  // What a spreadsheet made of a long number is no number any more.
  else if (/^\d(\.\d+)?e\+\d+$/i.test(number))
    refuse(
      'number',
      '编号被表格改成了科学计数，请把这一列设为“文本”',
      'became scientific notation: format the column as text',
    );
  if (source.length > 20) refuse('source', '太长，最多 20 字', 'is longer than 20 characters');
  if ([...text].length < 2) refuse('text', '没有填写', 'is empty');
  else if (text.length > longestText) refuse('text', `太长，最多 ${longestText} 字`, 'is too long');
  const receivedAt = readTime(cell('receivedAt'));
  if (!receivedAt)
    refuse('receivedAt', '时间看不懂，请写成 2026-11-23 09:30', 'is no time; write 2026-11-23 09:30');
  else if (receivedAt > now()) refuse('receivedAt', '时间在将来', 'lies in the future');
  const due = readDue(cell('dueAt'));
  if (due === undefined)
    refuse(
      'dueAt',
      '时限看不懂，请写成 2026-11-27 17:30，或“5 个工作日”',
      'is no deadline; write 2026-11-27 17:30, or “5 个工作日”',
    );
  else if (due instanceof Date && receivedAt && due <= receivedAt)
    refuse('dueAt', '早于来件时间', 'lies before it was received');
  const kind = readKind(cell('kind'));
  if (kind === undefined)
    refuse('kind', `只能是${caseKinds.map((one) => caseKindLabels[one].zh).join('、')}`, 'is no kind');
  const earlier = seen.get(`${source}:${number}`);
  if (earlier !== undefined) refuse('number', `与第 ${earlier} 行重复`, `is the one of line ${earlier}`);
  if (number !== '') seen.set(`${source}:${number}`, line);
  if (problems.length > before || !receivedAt || due === undefined) return null;
  const contact = {
    name: cell('name').slice(0, 40),
    phone: cell('phone').slice(0, 40),
    address: cell('address').slice(0, 120),
  };
  return { line, number, source, receivedAt, due, text, kind: kind ?? null, contact };
}

/** A day without a time ends with the office. Null where nothing is said; undefined where it is no deadline. */
function readDue(cell: string): TransferRow['due'] | undefined {
  if (cell === '') return null;
  const days = /^(\d{1,2})\s*个?工作日$/.exec(cell.normalize('NFKC'))?.[1];
  if (days !== undefined)
    return Number(days) > 0 && Number(days) <= mostDays ? { workingDays: Number(days) } : undefined;
  return readTime(cell, '17:30') ?? undefined;
}

/** @param without the hour of a day that has none: for receipt its beginning */
function readTime(cell: string, without = '0:00'): Date | null {
  const match =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?)?$/.exec(cell);
  if (!match) return null;
  const [noHour = '', noMinute = ''] = without.split(':');
  const [, year, month, day, hour = noHour, minute = noMinute] = match;
  const two = (part: string) => part.padStart(2, '0');
  try {
    return fromWallTime(`${year}-${two(month!)}-${two(day!)} ${two(hour)}:${minute}`);
  } catch {
    return null;
  }
}

/** Null where nothing is said; undefined where what is said is no kind. */
function readKind(cell: string): CaseKind | null | undefined {
  if (cell === '') return null;
  return caseKinds.find((kind) => caseKindLabels[kind].zh === cell || kind === cell.toLowerCase());
}
