/**
 * `npm run check`: everything that can be said about the tree without running it. All steps run, whatever fails, so that one
 * look shows all there is to mend.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export type Step = { name: string; script: string; args: readonly string[] };
export type StepResult = { name: string; ok: boolean; seconds: number };

/** The programs are started by the Node that runs this file, never by whatever the path offers. */
const steps: readonly Step[] = [
  { name: 'format and lint', script: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '.'] },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  {
    name: 'types of the staff app',
    script: 'node_modules/typescript/bin/tsc',
    args: ['-p', 'staff/tsconfig.json'],
  },
  {
    name: 'types of the journeys',
    script: 'node_modules/typescript/bin/tsc',
    args: ['-p', 'tests/journeys/tsconfig.json'],
  },
  { name: 'unused code', script: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
  { name: 'generated files', script: 'tools/generate-tables.ts', args: ['--check'] },
];

/** Nothing here takes a tenth of it; what hangs must not hang a machine that nobody watches. */
const longestMs = 20 * 60_000;

/** @returns the exit code; null when it was killed */
export async function runProgram(
  step: Step,
  output: 'inherit' | { write(text: string): void },
): Promise<number | null> {
  const child = spawn(process.execPath, [step.script, ...step.args], {
    cwd: root,
    stdio: output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
    killSignal: 'SIGKILL',
  });
  if (output !== 'inherit') {
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text) => output.write(text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

export async function runChecks(): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    process.stdout.write(`· ${step.name} … `);
    const begun = performance.now();
    const printed: string[] = [];
    const code = await runProgram(step, { write: (text) => printed.push(text) });
    const seconds = (performance.now() - begun) / 1000;
    const ok = code === 0;
    console.log(`${ok ? 'ok' : 'FAILED'}, ${seconds.toFixed(1)} s`);
    if (!ok) console.log(`${printed.join('').trimEnd()}\n`);
    results.push({ name: step.name, ok, seconds });
  }
  return results;
}

if (import.meta.main) {
  const failed = (await runChecks()).filter((result) => !result.ok);
  if (failed.length > 0) {
    console.error(`没有通过 / not passed: ${failed.map((result) => result.name).join(', ')}`);
    process.exitCode = 1;
  }
}
