/**
 * `npm run bench -- <name> [--json] [--option value …]`. With --json stdout carries exactly one JSON object; progress
 * and everything else goes to stderr. A missed goal is marked in the table and is no failure of the run.
 */
import { readdir } from 'node:fs/promises';
import { log } from '#server/base/log.ts';
import { type Bench, type BenchResult, describeMachine, type Machine } from './support/bench.ts';

const [name, ...rest] = process.argv.slice(2);
const given = readArguments(rest);
const json = given.has('json');
const say = (line: string) => process.stderr.write(`${line}\n`);
// The program's own log would go to stdout.
log.level = 'silent';

const known = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
  .toSorted();

if (name === undefined || !known.includes(name)) {
  say(`用法 / usage: npm run bench -- <${known.join(' | ')}> [--json]`);
  process.exit(2);
}

const bench = (await import(`./${name}.ts`)) as Bench;
const result = await bench.run({ arguments: given, say });
const machine = describeMachine();
if (json) {
  const { ratio, figures } = result;
  process.stdout.write(`${JSON.stringify({ name: result.name, ratio, figures, machine })}\n`);
} else {
  process.stdout.write(table(result, machine));
}
process.exit(0);

function readArguments(words: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const [at, word] of words.entries()) {
    if (!word.startsWith('--')) continue;
    const next = words[at + 1];
    found.set(word.slice(2), next === undefined || next.startsWith('--') ? '' : next);
  }
  return found;
}

function rowsOf({ ratio, figures }: BenchResult): [string, unknown][] {
  return [...(ratio === null ? [] : [['ratio', ratio] as [string, unknown]]), ...Object.entries(figures)];
}

function missedGoals(result: BenchResult): string[] {
  return rowsOf(result).flatMap(([key, value]) => {
    const goal = result.limits?.[key];
    if (!goal || typeof value !== 'number') return [];
    const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal;
    return value >= atLeast && value <= atMost ? [] : [key];
  });
}

function table(result: BenchResult, { cores, cpu, memory_gb, node, platform }: Machine): string {
  const missed = missedGoals(result);
  const lines = rowsOf(result).map(([key, value]) => {
    const { atLeast, atMost } = result.limits?.[key] ?? {};
    const goal = [
      atLeast === undefined ? '' : `≥ ${atLeast}`,
      atMost === undefined ? '' : `≤ ${atMost}`,
    ].join('');
    const verdict = goal === '' ? '' : `  ${goal} ${missed.includes(key) ? '✗' : '✓'}`;
    const shown = typeof value === 'number' ? value.toLocaleString('en-US') : JSON.stringify(value);
    return `  ${key.padEnd(20)} ${shown.padStart(14)}${verdict}`;
  });
  return [
    `${result.name}`,
    ...lines,
    `  ${cores} × ${cpu}, ${memory_gb} GB, Node ${node}, ${platform}`,
    '',
  ].join('\n');
}
