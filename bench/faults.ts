/**
 * The promises of reliability, counted by running the real tests and programs: crash points, random kills, simulated
 * lives, lost answers, bad platforms, orderly stops, and the benches that measure punctuality and pushes. `tried` and
 * `broken` come from what the tests report, else from how many tests there are and how many failed. `--kills 2000`,
 * `--seeds 1000000`, `--lives 100000`, `--stops 500` are the long mode; `--seed` repeats a run; `--only P1,P8` takes a part.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PromiseReport } from '#tests/support/promises.ts';
import type { BenchOptions, BenchResult } from './support/bench.ts';

type Kept = { id: string; tried: number; broken: number };

/** Tests that show a promise. */
const suites: Readonly<Record<string, readonly string[]>> = {
  P1: [
    'tests/faults/crash-points.test.ts',
    'tests/faults/random-kills.test.ts',
    'server/modules/publishing/life.test.ts',
    'server/modules/publishing/dispatch/lives.test.ts',
  ],
  P2: ['tests/faults/lost-answers.test.ts', 'server/modules/publishing/dispatch/settle.test.ts'],
  P4: [
    'server/modules/publishing/state.test.ts',
    'server/modules/publishing/dispatch/run-delivery.test.ts',
    'server/modules/publishing/dispatch/worker.test.ts',
  ],
  P5: ['server/modules/inbox/intake'],
  P8: ['tests/faults/bad-platform.test.ts'],
  P9: ['server/modules/audit'],
  P10: ['tests/access'],
  P12: ['server/backup'],
  P15: ['tests/faults/graceful-stop.test.ts'],
};

/** Benches that show a promise, and what of their figures breaks it. */
const benches: Readonly<Record<string, (options: BenchOptions) => Promise<Omit<Kept, 'id'>>>> = {
  async P3(options) {
    const { run } = await import('./schedule.ts');
    const { figures, tried = 0, limits = {} } = await run(options);
    const missed = Object.entries(limits).filter(([key, { atMost = 0 }]) => Number(figures[key]) > atMost);
    return { tried, broken: Math.max(Number(figures.early), missed.length) };
  },
  async P5(options) {
    const { run } = await import('./webhook.ts');
    const { figures, tried = 0 } = await run(options);
    return { tried, broken: Number(figures.lost) + Number(figures.doubled) };
  },
};

export async function run(options: BenchOptions): Promise<BenchResult> {
  const only = options.arguments.get('only')?.split(',');
  const promises: Kept[] = [];
  const ids = [...new Set([...Object.keys(suites), ...Object.keys(benches)])]
    .filter((id) => !only || only.includes(id))
    .toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  for (const id of ids) {
    const kept: Kept = { id, tried: 0, broken: 0 };
    for (const part of [
      suites[id] && (await runTests(suites[id], options)),
      benches[id] && (await benches[id](options)),
    ]) {
      kept.tried += part?.tried ?? 0;
      kept.broken += part?.broken ?? 0;
    }
    options.say(`${id}: ${kept.tried} tried, ${kept.broken} broken`);
    promises.push(kept);
  }
  return { name: 'faults', ratio: null, figures: { promises } };
}

/** Shows what the tests print; a test that fails counts as broken even when it reports nothing. */
async function runTests(files: readonly string[], options: BenchOptions): Promise<Omit<Kept, 'id'>> {
  const folder = await mkdtemp(join(tmpdir(), 'huisheng-faults-'));
  const [reportFile, resultFile] = [join(folder, 'report'), join(folder, 'results.json')];
  const long = (name: string) => options.arguments.get(name) ?? '';
  try {
    const vitest = spawn(
      process.execPath,
      [
        new URL('../node_modules/vitest/vitest.mjs', import.meta.url).pathname,
        ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultFile}`, ...files],
      ],
      {
        // Its words go to stderr: stdout carries the figures.
        stdio: ['ignore', process.stderr, process.stderr],
        cwd: new URL('..', import.meta.url),
        env: {
          ...process.env,
          HUISHENG_TEST_REPORT: reportFile,
          HUISHENG_TEST_KILLS: long('kills'),
          HUISHENG_TEST_SEEDS: long('seeds'),
          HUISHENG_TEST_SQL_LIVES: long('lives'),
          HUISHENG_TEST_STOPS: long('stops'),
          HUISHENG_TEST_SEED: long('seed'),
        },
      },
    );
    await once(vitest, 'exit');
    const results = JSON.parse(await readFile(resultFile, 'utf8')) as {
      numTotalTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
    };
    const failed = Math.max(results.numFailedTests, Math.min(1, results.numFailedTestSuites));
    const lines = (await readFile(reportFile, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    const reports = lines.map((line) => JSON.parse(line) as PromiseReport);
    if (reports.length === 0) return { tried: results.numTotalTests, broken: failed };
    const sum = (key: 'tried' | 'broken') => reports.reduce((total, report) => total + report[key], 0);
    return { tried: sum('tried'), broken: Math.max(sum('broken'), failed) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
