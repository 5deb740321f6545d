import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { countCallFailure, countCallSuccess, findHold, holdCalls } from './store.ts';
import { holdSubjects } from './view.ts';

let ground: TestApp;
beforeAll(async () => {
  ground = await buildApp();
});
afterAll(() => ground?.close());

const inWorker = <T>(work: Parameters<typeof ground.app.database.withWorker<T>>[0]) =>
  ground.app.database.withWorker(work);
const hold = (subject: string, ms: number, reason = '429') =>
  inWorker((tx) => holdCalls(tx, subject, ms, reason));
const fail = (subject: string) => inWorker((tx) => countCallFailure(tx, subject, 'timeout'));
const succeed = (subject: string) => inWorker((tx) => countCallSuccess(tx, subject));
/** Seconds that calls of the subject still wait. */
const waitOf = async (...subjects: string[]) => {
  const found = await inWorker((tx) => findHold(tx, subjects));
  return found ? Math.round((found.until.getTime() - Date.now()) / 1000) : 0;
};
const letPass = (subject: string) =>
  inWorker((tx) =>
    sql`update call_holds set until = clock_timestamp() where subject = ${subject}`.execute(tx),
  );

describe('a platform’s limit', () => {
  test('is waited for, and is over by itself', async () => {
    await hold('limit-1', 30_000);
    expect(await waitOf('limit-1')).toBeGreaterThanOrEqual(29);
    await letPass('limit-1');
    expect(await waitOf('limit-1')).toBe(0);
  });

  test('is never shortened by a later, shorter one', async () => {
    await hold('limit-2', 600_000);
    await hold('limit-2', 1_000);
    expect(await waitOf('limit-2')).toBeGreaterThanOrEqual(598);
  });

  test('set by many at once is the longest of them', async () => {
    await Promise.all([5, 300, 60, 120, 1].map((seconds) => hold('limit-3', seconds * 1_000)));
    expect(await waitOf('limit-3')).toBeGreaterThanOrEqual(298);
  });

  test('of account, app or platform: the longest of the three counts', async () => {
    await hold('platform:p', 10_000);
    await hold('app:p:1', 90_000);
    expect(await waitOf('account', 'app:p:1', 'platform:p')).toBeGreaterThanOrEqual(88);
    expect(await waitOf('account', 'app:p:2', 'platform:p')).toBeLessThanOrEqual(10);
    expect(await waitOf('account')).toBe(0);
  });
});

describe('the breaker', () => {
  test('opens at the third failure in a row, for a minute', async () => {
    await fail('b1');
    await fail('b1');
    expect(await waitOf('b1')).toBe(0);
    await fail('b1');
    expect(await waitOf('b1')).toBeGreaterThanOrEqual(58);
    // 60 s, doubled once for the third failure.
    expect(await waitOf('b1')).toBeLessThanOrEqual(120);
  });

  test('a success in between begins the count anew', async () => {
    for (let round = 0; round < 4; round += 1) {
      await fail('b2');
      await fail('b2');
      await succeed('b2');
    }
    expect(await waitOf('b2')).toBe(0);
  });

  test('waits longer each time it fails again, to ten minutes and no more', async () => {
    const waits: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      await fail('b3');
      waits.push(await waitOf('b3'));
      await letPass('b3');
    }
    expect(waits.slice(0, 2)).toEqual([0, 0]);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThanOrEqual(598);
    expect(waits.at(-1)).toBeLessThanOrEqual(600);
  });

  test('after a success needs three failures again', async () => {
    for (let count = 0; count < 5; count += 1) await fail('b4');
    await letPass('b4');
    await succeed('b4');
    await fail('b4');
    await fail('b4');
    expect(await waitOf('b4')).toBe(0);
  });

  test('never shortens a limit that the platform set', async () => {
    await hold('b5', 3_600_000);
    for (let count = 0; count < 3; count += 1) await fail('b5');
    await succeed('b5');
    expect(await waitOf('b5')).toBeGreaterThanOrEqual(3_590);
  });

  test('counts failures of many processes at once', async () => {
    await Promise.all(Array.from({ length: 3 }, () => fail('b6')));
    expect(await waitOf('b6')).toBeGreaterThan(0);
  });
});

test('accounts under one app share its hold, others do not', () => {
  const one = holdSubjects({ id: 'a', platform: 'weibo', settings: { appKey: '1' } });
  const other = holdSubjects({ id: 'b', platform: 'weibo', settings: { appKey: '1' } });
  const strange = holdSubjects({ id: 'c', platform: 'weibo', settings: {} });
  expect(one.app).toBe(other.app);
  expect(one.account).not.toBe(other.account);
  expect(strange.app).not.toBe(one.app);
});
