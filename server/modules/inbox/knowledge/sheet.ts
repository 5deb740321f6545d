/** The knowledge base as a spreadsheet. Reading is pure: every problem of every row is named at once, so it is mended once. */
import type { SheetRow } from '#server/base/sheets.ts';
import { caseFields } from '#shared/inbox.ts';
import { KnowledgeContent } from '#shared/knowledge.ts';
import { findContradiction } from './rules.ts';

type Column = { key: keyof KnowledgeContent; name: string; width: number };

/** In the order of the template; `unitId` is written as the section's name. */
export const sheetColumns: readonly Column[] = [
  { key: 'question', name: '问题', width: 40 },
  { key: 'answer', name: '答复', width: 60 },
  { key: 'basis', name: '依据', width: 30 },
  { key: 'appliesTo', name: '适用对象', width: 20 },
  { key: 'region', name: '地区', width: 14 },
  { key: 'field', name: '业务', width: 14 },
  { key: 'validFrom', name: '生效日期', width: 14 },
  { key: 'validTo', name: '失效日期', width: 14 },
  { key: 'reviewOn', name: '复核日期', width: 14 },
  { key: 'unitId', name: '负责科室', width: 20 },
];

export type SheetProblem = { line: number; column: string; zh: string; en: string };

const mostRows = 1_000;

export function readKnowledge(
  rows: readonly SheetRow[],
  unitIds: ReadonlyMap<string, string>,
): { entries: KnowledgeContent[]; problems: SheetProblem[] } {
  const [head, ...body] = rows;
  const at = new Map(sheetColumns.map(({ key, name }) => [key, head?.cells.indexOf(name) ?? -1]));
  const missing = sheetColumns.filter(
    ({ key }) => (key === 'question' || key === 'answer') && at.get(key) === -1,
  );
  if (missing.length > 0) {
    return {
      entries: [],
      problems: missing.map(({ name }) => ({
        ...{ line: head?.line ?? 1, column: name },
        ...{ zh: '第一行没有这一列，请按模板填写', en: 'the first row lacks this column; use the template' },
      })),
    };
  }
  if (body.length > mostRows) {
    const problem = { zh: `一次最多 ${mostRows} 行，请分批导入`, en: `at most ${mostRows} rows at a time` };
    return { entries: [], problems: [{ line: body[mostRows]!.line, column: '', ...problem }] };
  }
  const problems: SheetProblem[] = [];
  const seen = new Map<string, number>();
  const entries = body.flatMap((row) => readRow(row, at, unitIds, seen, problems) ?? []);
  return { entries, problems };
}

const dateColumns: readonly Column['key'][] = ['validFrom', 'validTo', 'reviewOn'];

function readRow(
  { line, cells }: SheetRow,
  at: ReadonlyMap<Column['key'], number>,
  unitIds: ReadonlyMap<string, string>,
  seen: Map<string, number>,
  problems: SheetProblem[],
): KnowledgeContent | null {
  const cell = (key: Column['key']) => cells[at.get(key) ?? -1]?.trim() ?? '';
  const before = problems.length;
  const refuse = (key: Column['key'], zh: string, en: string) =>
    void problems.push({ line, column: nameOf(key), zh, en });
  const given: Record<string, unknown> = {};
  for (const { key } of sheetColumns) {
    const words = cell(key);
    if (dateColumns.includes(key)) {
      const day = readDay(words);
      if (day === undefined) refuse(key, '日期看不懂，请写成 2026-11-28', 'is no date; write 2026-11-28');
      given[key] = day ?? null;
    } else if (key === 'unitId') {
      given[key] = words === '' ? null : (unitIds.get(words) ?? null);
      if (words !== '' && !unitIds.has(words)) refuse(key, '没有这个科室', 'is no section here');
    } else if (key === 'field') {
      given[key] = words === '' ? null : words;
      if (words !== '' && !(caseFields as readonly string[]).includes(words)) {
        refuse(key, `只能是${caseFields.join('、')}`, 'is no field');
        given[key] = null;
      }
    } else given[key] = words;
  }
  const parsed = KnowledgeContent.safeParse(given);
  if (!parsed.success) {
    for (const { path } of parsed.error.issues) {
      const key = path[0] as Column['key'];
      if (cell(key) === '') refuse(key, '没有填写', 'is empty');
      else refuse(key, '太短或太长', 'is too short or too long');
    }
    return null;
  }
  const contradiction = findContradiction(parsed.data);
  if (contradiction) refuse('validTo', contradiction.zh, contradiction.en);
  const earlier = seen.get(parsed.data.question);
  if (earlier !== undefined) refuse('question', `与第 ${earlier} 行重复`, `is the one of line ${earlier}`);
  seen.set(parsed.data.question, line);
  return problems.length > before ? null : parsed.data;
}

const nameOf = (key: Column['key']) => sheetColumns.find((column) => column.key === key)!.name;

/** Null where nothing is said; undefined where it is no day. */
function readDay(words: string): string | null | undefined {
  if (words === '') return null;
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(words);
  if (!match) return undefined;
  const day = `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : undefined;
}
