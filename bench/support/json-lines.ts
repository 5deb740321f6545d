/** Rows of a file of JSON lines, as the data for benchmarks come. */
import { readFile } from 'node:fs/promises';

export async function readRows<Row>(path: string): Promise<Row[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as Row);
}
