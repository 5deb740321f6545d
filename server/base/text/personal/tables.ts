/**
 * Tables as they are pasted into a message: from a spreadsheet, as CSV, with bars or set wide. A cell seldom says what it
 * holds, the heading of its column does.
 */

/** Where a cell stands in the text, and what its column is called. */
export type Cell = { start: number; end: number; heading: string };

/** What columns of lists of people are called: a line of such words is a heading. */
const known =
  /(?:姓 ?名|[号码编]$|^(?:序|#|no\.?$|id$)|电话|手机|座机|固话|传真|地址|住址|居住地|户籍|籍贯|身份|护照|驾驶?[证照]|[官兵职人]证|证件|邮箱|邮件|性别|年龄|日期|时间|年月|单位|公司|企业|金额|工资|岗位|职务|工种|事项|业务|备注|车牌|学历|民族|联系方?式?|[请系办表主]人|人员|账户|卡$)/i;
const longestHeading = 14;
const longestLine = 400;

/** Surest first. Of commas and single spaces a sentence may have some: there two headings must be known words. */
const separators: readonly { sign: RegExp; words: number }[] = [
  { sign: /\t/g, words: 1 },
  { sign: /\|/g, words: 1 },
  { sign: / {2,}/g, words: 1 },
  { sign: /[,;]/g, words: 2 },
  { sign: / /g, words: 2 },
];
const rule = /^[ |:+=-]+$/;

type Part = { start: number; end: number };
type Heading = { sign: RegExp; names: string[] };

/** @param text one unit a unit, with full-width signs folded and tabs kept */
export function cellsOf(text: string): Cell[] {
  const cells: Cell[] = [];
  let heading: Heading | undefined;
  let from = 0;
  for (const line of text.split('\n')) {
    const start = from;
    from += line.length + 1;
    if (line.length > longestLine || rule.test(line)) continue;
    const parts = heading ? partsOf(line, heading.sign) : [];
    const isRow = parts.length > 1 && parts.length === heading?.names.length;
    const next = headingOf(line);
    if (next) heading = next;
    else if (isRow)
      for (const [at, part] of parts.entries())
        cells.push({ start: start + part.start, end: start + part.end, heading: heading!.names[at]! });
    else if (parts.length < 2) heading = undefined;
  }
  return cells;
}

function headingOf(line: string): Heading | undefined {
  if (/[0-9]{4}|[。?!]/.test(line)) return undefined;
  for (const { sign, words } of separators) {
    const names = partsOf(line, sign).map(({ start, end }) => line.slice(start, end));
    if (names.length < 2) continue;
    const short = names.every((name) => name.length > 0 && name.length <= longestHeading);
    if (short && names.filter((name) => known.test(name)).length >= words) return { sign, names };
  }
  return undefined;
}

/** The cells of a line without the spaces and marks around them; a comma between quotation marks parts none. */
function partsOf(line: string, sign: RegExp): Part[] {
  const bare = line.replace(/"[^"]*"/g, (quoted) => '"'.repeat(quoted.length));
  // With tabs the first and the last cell may be empty; bars and spaces stand around lines too.
  const tabbed = sign.source === '\\t';
  const last = tabbed ? bare.length : bare.replace(/[ \t]*\|?[ \t]*$/, '').length;
  const parts: Part[] = [];
  const add = (start: number, end: number) => {
    const head = /^[ "]*/.exec(line.slice(start, end))![0].length;
    const tail = /[ "]*$/.exec(line.slice(start + head, end))![0].length;
    parts.push({ start: start + head, end: end - tail });
  };
  let start = tabbed ? 0 : /^[ \t]*\|?/.exec(bare)![0].length;
  for (const { 0: found, index } of bare.matchAll(sign)) {
    if (index < start || index >= last) continue;
    add(start, index);
    start = index + found.length;
  }
  if (start <= last) add(start, last);
  return parts;
}

/** The cell around a place, if there is one. */
export function cellAt(cells: readonly Cell[], place: number): Cell | undefined {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells[middle]!.end < place) low = middle + 1;
    else high = middle;
  }
  const cell = cells[low];
  return cell && cell.start <= place ? cell : undefined;
}
