/**
 * `npm test`: every check and test, what CI runs and what anybody may run. Ends with one plain line, `N passed, N failed`, and
 * the exit code says the same. A failed check counts as a failed test; so does whatever keeps tests from running (no
 * database, no browser, a file that does not load), and a test that was skipped.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureStaffApp } from '#server/desk-build.ts';
import { runChecks, runProgram } from './check.ts';
import { countReport, type Tally } from './count-report.ts';

const parts = ['check', 'unit', 'journeys'] as const;
/** Needs Debian's packages, so it is asked for by name: `npm run test:servers`. */
const allParts = [...parts, 'servers'] as const;
type Part = (typeof allParts)[number];

type Run = Tally & { name: string; seconds: number };

async function check(): Promise<Run[]> {
  const results = await runChecks();
  return results.map(({ name, ok, seconds }) => ({ name, seconds, passed: ok ? 1 : 0, failed: ok ? 0 : 1 }));
}

/** The desk is part of what both kinds of tests look at. Here, so that a build that fails is told as one. */
async function build(): Promise<Run> {
  const begun = performance.now();
  const failed = await ensureStaffApp(() => console.log('\n· building the desk')).then(
    () => 0,
    (error: Error) => {
      console.error(error.message);
      return 1;
    },
  );
  return {
    name: 'building the desk',
    passed: 1 - failed,
    failed,
    seconds: (performance.now() - begun) / 1000,
  };
}

async function runTests(name: string, config: string): Promise<Run> {
  console.log(`\n· ${name}`);
  const begun = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'huisheng-report-'));
  const report = join(folder, 'report.json');
  const args = [
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  try {
    const code = await runProgram({ name, script: 'node_modules/vitest/vitest.mjs', args }, 'inherit');
    const tally = countReport(await readFile(report, 'utf8').catch(() => null), code);
    return { name, ...tally, seconds: (performance.now() - begun) / 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readParts(args: readonly string[]): readonly Part[] {
  if (args.length === 0) return parts;
  const chosen = allParts.find((part) => part === args[1]);
  if (args.length === 2 && args[0] === '--only' && chosen) return [chosen];
  console.error(`用法 / usage: npm test -- --only ${allParts.join(' | ')}`);
  process.exit(64);
}

async function main(): Promise<void> {
  const chosen = readParts(process.argv.slice(2));
  const runs: Run[] = [];
  if (chosen.includes('check')) runs.push(...(await check()));
  if (chosen.includes('unit') || chosen.includes('journeys')) runs.push(await build());
  if (chosen.includes('unit')) runs.push(await runTests('rules, units, faults', 'vitest.config.ts'));
  if (chosen.includes('journeys'))
    runs.push(await runTests('journeys in a browser', 'tests/journeys/vitest.config.ts'));
  if (chosen.includes('servers'))
    runs.push(await runTests('other people’s servers', 'tests/servers/vitest.config.ts'));

  console.log('\n时间 / time');
  for (const { name, seconds, passed, failed } of runs)
    console.log(`  ${seconds.toFixed(1).padStart(7)} s  ${name}: ${passed} passed, ${failed} failed`);
  const total = (key: keyof Tally) => runs.reduce((sum, run) => sum + run[key], 0);
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
  process.exitCode = total('failed') === 0 && total('passed') > 0 ? 0 : 1;
}

await main();
