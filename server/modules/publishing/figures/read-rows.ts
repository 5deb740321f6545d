/** Understands rows of figures, from a sheet or from the clipboard. Pure: the posts they may mean are handed in. */
import type { SheetRow } from '#server/base/sheets.ts';
import { readWallTime } from '#server/base/wall-input.ts';
import { type Metric, metricLabels, metrics } from '#shared/abilities.ts';
import type { CheckedFigures, Totals } from '#shared/figures.ts';
import { text } from '#shared/lang.ts';
import { linkKeyOf } from '../registrations/link-key.ts';
import { readTotal } from './read-number.ts';

export type KnownPost = { id: string; title: string; accountName: string; linkKey: string | null };

export const figureProblems = {
  postUnknown: text(
    '没有找到这个链接的作品。请先登记它，或核对链接。',
    'No post has this link. Register it first, or look at the link.',
  ),
  noPost: text(
    '这一行没有对应的作品：行数比页面上的作品多。',
    'No post belongs to this row: there are more rows than posts shown.',
  ),
  postTwice: text(
    '与前面的一行是同一条作品，请删去一行。',
    'The same post stands in a row above; remove one.',
  ),
  noFigure: text('这一行没有数字。', 'There is no number in this row.'),
  badNumber: text(
    '有的格子不是数字，请改成 1234、1.2万 这样的写法；没有数据就留空。',
    'A cell is no number. Write it in digits; leave it empty where there is none.',
  ),
  badTime: text(
    '数据时间看不懂，例如 2026-11-08 09:05。',
    'The time is not understood; write 2026-11-08 09:05.',
  ),
  tooManyColumns: text(
    '列数比所选的指标多，请先选好各列是什么指标。',
    'There are more columns than metrics chosen; choose what each column is.',
  ),
} as const;

type Column = { kind: 'link' | 'time' | 'metric' | 'other'; metric?: Metric };

const headings: readonly { names: readonly string[]; column: Column }[] = [
  { names: ['链接', '作品链接', '网址', 'link', 'url'], column: { kind: 'link' } },
  { names: ['数据时间', '统计时间', '时间', 'as of', 'time'], column: { kind: 'time' } },
  { names: ['标题', '账号', '平台', '发布时间', 'title', 'account'], column: { kind: 'other' } },
  ...metrics.map((metric) => ({
    names: [
      metric,
      metricLabels[metric].zh,
      `${metricLabels[metric].zh}量`,
      `${metricLabels[metric].zh}数`,
    ].concat(metricLabels[metric].en.toLowerCase()),
    column: { kind: 'metric' as const, metric },
  })),
];

const columnOf = (cell: string): Column =>
  headings.find(({ names }) => names.includes(cell.trim().toLowerCase()))?.column ?? { kind: 'other' };

/** A heading names at least one metric. */
const isHeading = (row: SheetRow): boolean => row.cells.some((cell) => columnOf(cell).kind === 'metric');

export function readFigureRows(
  rows: readonly SheetRow[],
  context: {
    /** By link. */
    posts: readonly KnownPost[];
    /** In the order of the screen, for rows without a link. */
    order: readonly KnownPost[];
    metrics: readonly Metric[];
    asOfWall: string | null;
  },
): CheckedFigures[] {
  const [first, ...rest] = rows;
  if (!first) return [];
  const columns = isHeading(first) ? first.cells.map(columnOf) : null;
  const byKey = new Map(
    context.posts.flatMap((post) => (post.linkKey ? [[post.linkKey, post] as const] : [])),
  );
  const seen = new Set<string>();
  return (columns ? rest : rows).map((row, at) => {
    const read = readCells(row, columns ?? guessColumns(row, context.metrics), context.asOfWall);
    const post = read.link === null ? context.order[at] : byKey.get(linkKeyOf(read.link));
    const problems = [...read.problems];
    if (!post) problems.push(read.link === null ? figureProblems.noPost : figureProblems.postUnknown);
    else if (seen.has(post.id)) problems.push(figureProblems.postTwice);
    if (post) seen.add(post.id);
    if (Object.keys(read.totals).length === 0 && read.problems.length === 0)
      problems.push(figureProblems.noFigure);
    return {
      line: row.line,
      deliveryId: post?.id ?? null,
      title: post?.title ?? '',
      accountName: post?.accountName ?? '',
      asOfWall: read.asOfWall,
      totals: read.totals,
      problems,
      remarks: [],
    };
  });
}

/** Without a heading: the cell that holds an address, and the metrics in the order they were chosen. */
function guessColumns(row: SheetRow, chosen: readonly Metric[]): Column[] {
  let next = 0;
  return row.cells.map((cell) => {
    if (/https?:\/\//.test(cell)) return { kind: 'link' };
    const metric = chosen[next];
    next += 1;
    return metric ? { kind: 'metric', metric } : { kind: 'metric' };
  });
}

function readCells(row: SheetRow, columns: readonly Column[], defaultWall: string | null) {
  const problems = new Set<(typeof figureProblems)[keyof typeof figureProblems]>();
  const totals: Totals = {};
  let link: string | null = null;
  let asOfWall = defaultWall;
  for (const [at, cell] of row.cells.entries()) {
    const column = columns[at] ?? { kind: 'other' };
    if (column.kind === 'link' && cell.trim() !== '') link = /https?:\/\/\S+/.exec(cell)?.[0] ?? cell;
    if (column.kind === 'time' && cell.trim() !== '') {
      asOfWall = readWallTime(cell);
      if (!asOfWall) problems.add(figureProblems.badTime);
    }
    if (column.kind !== 'metric') continue;
    const total = readTotal(cell);
    if (total === null) continue;
    if (!column.metric) problems.add(figureProblems.tooManyColumns);
    else if (total === undefined) problems.add(figureProblems.badNumber);
    else totals[column.metric] = total;
  }
  return { link, asOfWall, totals, problems: [...problems] };
}
