/** How long a randomised fault test runs, and what makes a failed run happen again. */
import { randomInt } from 'node:crypto';
import { seeded } from '#server/base/text/learn/seeded.ts';

export type RandomRun = {
  kills: number;
  /** Orderly stops. */
  stops: number;
  /** Simulated lives. */
  seeds: number;
  /** Simulated lives on the real tables. */
  sqlLives: number;
  seed: number;
  /** The next number in [0, 1), the same for the same seed. */
  next(): number;
};

const killsInCi = 200;
const stopsInCi = 10;
const seedsInCi = 20_000;
const sqlLivesInCi = 20_000;

/**
 * `HUISHENG_TEST_KILLS=2000`, `HUISHENG_TEST_STOPS=500` and `HUISHENG_TEST_SEEDS=1000000`, `HUISHENG_TEST_SQL_LIVES=100000` are the long mode;
 * `HUISHENG_TEST_SEED` repeats a run.
 */
export function readRandomRun(environment: NodeJS.ProcessEnv = process.env): RandomRun {
  const kills = Number(environment.HUISHENG_TEST_KILLS || killsInCi);
  const stops = Number(environment.HUISHENG_TEST_STOPS || stopsInCi);
  const seeds = Number(environment.HUISHENG_TEST_SEEDS || seedsInCi);
  const sqlLives = Number(environment.HUISHENG_TEST_SQL_LIVES || sqlLivesInCi);
  const seed = Number(environment.HUISHENG_TEST_SEED || randomInt(2 ** 31));
  return { kills, stops, seeds, sqlLives, seed, next: seeded(seed) };
}
