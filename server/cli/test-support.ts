import type { Config } from '#server/config.ts';
import type { Context, Run } from './command.ts';

export type Spoken = { code: number | null; printed: string; noted: string };

/** Runs a command within the test, and keeps what it said. */
export async function runHere(run: Run, config: Config, ...args: string[]): Promise<Spoken> {
  const printed: string[] = [];
  const noted: string[] = [];
  const context: Context = {
    config,
    print: (line) => printed.push(line),
    note: (line) => noted.push(line),
  };
  const code = await run(args, context);
  return { code, printed: printed.join('\n'), noted: noted.join('\n') };
}
