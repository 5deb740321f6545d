import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getConnector } from '#connectors/registry.ts';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { countMoreCalls, listCallsLeft, takeCalls } from './known-limits.ts';

let ground: TestApp;
beforeAll(async () => {
  ground = await buildApp();
});
afterAll(() => ground?.close());

const inWorker = <T>(work: Parameters<typeof ground.app.database.withWorker<T>>[0]) =>
  ground.app.database.withWorker(work);
const accountOf = (id: string, settings: Record<string, string> = {}) => ({
  id,
  platform: 'weibo',
  settings,
});
const postsAnHour = getConnector('weibo').limits!.find((limit) => limit.counts === 'posts')!.most;
const take = async (account: ReturnType<typeof accountOf>, counts: ('posts' | 'calls')[] = ['posts']) =>
  (await inWorker((tx) => takeCalls(tx, [{ account, counts }])))[0];

describe('a limit that is known beforehand', () => {
  test('lets as many through as the platform allows, and says when the next may go', async () => {
    const account = accountOf('known-1');
    for (let n = 0; n < postsAnHour; n += 1) expect(await take(account)).toBeNull();
    const until = await take(account);
    const wait = until!.getTime() - Date.now();
    expect(wait).toBeGreaterThan(3_500_000);
    expect(wait).toBeLessThanOrEqual(3_600_000);
  });

  test('is shared by many who ask at once: none too many is let through', async () => {
    const account = accountOf('known-2');
    const answers = await Promise.all(Array.from({ length: postsAnHour * 2 }, () => take(account)));
    expect(answers.filter((until) => until === null)).toHaveLength(postsAnHour);
  });

  test('is shared by steps of one transaction in their order', async () => {
    const account = accountOf('known-3', { callsPerDay: '3' });
    const uses = Array.from({ length: 5 }, () => ({ account, counts: ['calls'] as const }));
    const answers = await inWorker((tx) => takeCalls(tx, uses));
    expect(answers.map((until) => until === null)).toEqual([true, true, true, false, false]);
  });

  test('counts what a step needed beyond its first call, and is free again as the window moves on', async () => {
    const account = accountOf('known-4', { callsPerDay: '5' });
    expect(await take(account, ['calls'])).toBeNull();
    await inWorker((tx) => countMoreCalls(tx, account, 4));
    expect(await take(account, ['calls'])).not.toBeNull();
    await inWorker((tx) =>
      sql`
        update call_uses set spent[1] = spent[1] - interval '1 day' where subject = 'known-4'`.execute(tx),
    );
    expect(await take(account, ['calls'])).toBeNull();
    expect(await take(account, ['calls'])).not.toBeNull();
  });

  test('can be looked at without taking anything of it', async () => {
    const account = accountOf('known-6', { callsPerDay: '2' });
    const left = async () => (await inWorker((tx) => listCallsLeft(tx, [account]))).get('known-6');
    const calls = async () => (await left())?.find(({ counts }) => counts === 'calls');
    expect(await left()).toMatchObject([
      { counts: 'posts', most: postsAnHour, left: postsAnHour, windowMs: 3_600_000, freeAt: null },
      { counts: 'calls', most: 2, left: 2, windowMs: 86_400_000, freeAt: null },
    ]);
    await take(account, ['calls']);
    expect(await calls()).toMatchObject({ left: 1, freeAt: null });
    await take(account, ['calls']);
    const { left: none, freeAt } = (await calls())!;
    expect(none).toBe(0);
    expect(Date.parse(freeAt!) - Date.now()).toBeGreaterThan(86_000_000);
    await inWorker((tx) => countMoreCalls(tx, account, 4));
    expect((await calls())?.left).toBe(0);
    const unlimited = { ...account, platform: 'wordpress' };
    expect(await inWorker((tx) => listCallsLeft(tx, [unlimited]))).toEqual(new Map());
  });

  test('counted by many in one transaction each, in any order, blocks nobody', async () => {
    const accounts = ['known-16', 'known-17', 'known-18'].map((id) => accountOf(id, { callsPerDay: '100' }));
    const orders = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? accounts : accounts.toReversed()));
    await Promise.all(
      orders.map((order) =>
        inWorker(async (tx) => {
          for (const account of [...order, ...order]) await countMoreCalls(tx, account, 2);
        }),
      ),
    );
    // 12 × 2 × 2 are counted on each: 52 are left.
    const uses = Array.from({ length: 53 }, () => ({ account: accounts[1]!, counts: ['calls'] as const }));
    const answers = await inWorker((tx) => takeCalls(tx, uses));
    expect(answers.filter((until) => until === null)).toHaveLength(52);
  });

  test('of another kind or of none holds nobody', async () => {
    const account = accountOf('known-5', { callsPerDay: '1' });
    expect(await take(account, ['calls'])).toBeNull();
    expect(await take(account, ['posts'])).toBeNull();
    expect(await take({ ...account, platform: 'wordpress' }, ['posts', 'calls'])).toBeNull();
  });
});
