/** What the fault tests tried and what broke, for `npm run bench -- faults`, which names the file. */
import { appendFile } from 'node:fs/promises';

/** The promises P1 … P15 that figures are kept of. */
export type PromiseId = `P${number}`;
export type PromiseReport = { id: PromiseId; what: string; tried: number; broken: number };

/** Shows it, and keeps it when somebody wants it. Said before the test judges, so that what broke is counted too. */
export async function reportPromise(report: PromiseReport): Promise<void> {
  const { id, what, tried, broken } = report;
  process.stdout.write(`${id}: ${what}: ${tried} tried, ${broken} broken\n`);
  const file = process.env.HUISHENG_TEST_REPORT;
  if (file) await appendFile(file, `${JSON.stringify(report)}\n`);
}
