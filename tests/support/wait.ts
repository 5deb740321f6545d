import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is there; fails with the last answer when the time is over. */
export async function until<T>(
  ask: () => Promise<T | null | undefined | false>,
  options: { what: string; timeoutMs?: number; describe?: () => Promise<unknown> },
): Promise<T> {
  const end = performance.now() + (options.timeoutMs ?? 15_000);
  while (true) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) {
      const seen = options.describe ? `; last seen: ${JSON.stringify(await options.describe())}` : '';
      throw new Error(`never happened: ${options.what}${seen}`);
    }
    await pause(25);
  }
}
