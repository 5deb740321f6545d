/**
 * Comma-separated values as spreadsheets write them (RFC 4180): quotes, doubled quotes, line breaks within quotes, a byte
 * order mark; UTF-8, else GB 18030, which a Chinese Excel writes by default. Empty lines are passed over.
 * @throws {Error} for a quote that is never closed
 */
export function readCsv(bytes: Buffer, separator: ',' | '\t' = ','): { line: number; cells: string[] }[] {
  const text = decode(bytes);
  const rows: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let start = 1;
  const endRow = () => {
    cells.push(cell.trim());
    cell = '';
    if (cells.some((one) => one !== '')) rows.push({ line: start, cells });
    cells = [];
    start = line;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\n') line += 1;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (character === separator) {
      cells.push(cell.trim());
      cell = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  if (quoted) throw new Error(`第 ${start} 行的引号没有结束 / line ${start}: a quote is never closed`);
  endRow();
  return rows;
}

/** A spreadsheet would run what begins with one of these as a formula; an apostrophe before it keeps it text. */
export function safeFromFormulas(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** One row, safe from formulas. A number is written as such, null as nothing. */
export function writeCsvRow(cells: readonly (string | number | null)[]): string {
  return cells
    .map((cell) => {
      if (typeof cell !== 'string') return cell === null ? '' : String(cell);
      const safe = safeFromFormulas(cell);
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(',');
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
