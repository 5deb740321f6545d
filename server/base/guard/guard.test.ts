import { solveChallenge } from 'altcha-lib/v1';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { type Challenge, createProof, takeProof } from './proof.ts';
import { forgetOldGuards, hasLeft, maskAddress, spend } from './rate.ts';

let ground: TestApp;
beforeAll(async () => {
  ground = await buildApp();
});
afterAll(() => ground?.close());

const worker = <T>(work: Parameters<TestApp['app']['database']['withWorker']>[0]) =>
  ground.app.database.withWorker(work) as Promise<T>;
const take = (solution: string | undefined) => worker<boolean>((tx) => takeProof(ground.app, tx, solution));

async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge(challenge.challenge, challenge.salt, 'SHA-256', challenge.maxnumber)
    .promise;
  const { algorithm, salt, signature } = challenge;
  const payload = { algorithm, challenge: challenge.challenge, number: solution!.number, salt, signature };
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

describe('a proof of work', () => {
  test('is taken once, however often it is sent', async () => {
    const solution = await solve(await createProof(ground.app));
    expect(await Promise.all([take(solution), take(solution), take(solution)])).toHaveLength(3);
    expect(await take(solution)).toBe(false);
    const { rows } = await ground.app.database.asOwner((db) => sql`select 1 from spent_proofs`.execute(db));
    expect(rows).toHaveLength(1);
  });

  test('exactly one of many at the same moment counts', async () => {
    const solution = await solve(await createProof(ground.app));
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(solution)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test.each([
    ['nothing', undefined],
    ['no JSON', Buffer.from('nonsense').toString('base64')],
    ['a huge one', 'A'.repeat(5_000)],
  ])('%s is none', async (_, solution) => {
    expect(await take(solution)).toBe(false);
  });

  test('of a challenge that somebody else made, or with another number, is none', async () => {
    const challenge = await createProof(ground.app);
    const solution = JSON.parse(Buffer.from(await solve(challenge), 'base64').toString()) as {
      number: number;
    };
    const encode = (change: object) =>
      Buffer.from(JSON.stringify({ ...solution, ...change })).toString('base64');
    expect(await take(encode({ number: solution.number + 1 }))).toBe(false);
    expect(await take(encode({ signature: 'a'.repeat(64) }))).toBe(false);
    expect(await take(encode({ salt: 'other?expires=9999999999' }))).toBe(false);
  });
});

describe('a rate', () => {
  const allowance = { purpose: 'test', limit: 3, windowMs: 60_000 };
  const use = (subject: string) => worker((tx) => spend(tx, subject, allowance));

  test('is used up by exactly as many as are allowed, together or apart', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 9 }, () => use('crowd')));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'too-many-tries', details: { minutes: 1 } },
    });
    expect(await worker((tx) => hasLeft(tx, 'crowd', allowance))).toBe(false);
    expect(await worker((tx) => hasLeft(tx, 'others', allowance))).toBe(true);
  });

  test('begins anew when its window is over, and is forgotten in the end', async () => {
    for (let tried = 0; tried < 3; tried += 1) await use('patient');
    const back = (interval: string) =>
      ground.app.database.asOwner((db) =>
        sql`update public_rates set window_start = window_start - ${interval}::interval where subject = 'test:patient'`.execute(
          db,
        ),
      );
    await back('2 minutes');
    await expect(use('patient')).resolves.toBeUndefined();
    await back('3 days');
    await worker(forgetOldGuards);
    const { rows } = await ground.app.database.asOwner((db) =>
      sql`select 1 from public_rates where subject = 'test:patient'`.execute(db),
    );
    expect(rows).toEqual([]);
  });
});

test('an address is not kept, and the whole network of an IPv6 subscriber is one', () => {
  const mask = (address: string) => maskAddress(ground.app, address);
  expect(mask('203.0.113.7')).not.toContain('203');
  expect(mask('203.0.113.7')).not.toBe(mask('203.0.113.8'));
  expect(mask('2001:db8:1:2:3::1')).toBe(mask('2001:db8:1:2:ffff::9'));
  expect(mask('2001:db8:1:3::1')).not.toBe(mask('2001:db8:1:2::1'));
});

test('one address is one however it is spelt, and an IPv4 address within IPv6 is itself', () => {
  const mask = (address: string) => maskAddress(ground.app, address);
  expect(mask('2001:db8::5')).toBe(mask('2001:db8::6'));
  expect(mask('2001:db8:0:0:1:2:3:4')).toBe(mask('2001:db8::9:2:3:4'));
  expect(mask('2001:DB8:0000:0::1')).toBe(mask('2001:db8::ffff:1'));
  expect(mask('2001:db8::1:0:0:0:1')).not.toBe(mask('2001:db8::1'));
  for (const mapped of ['::ffff:203.0.113.7', '::FFFF:cb00:7107', '0:0:0:0:0:ffff:203.0.113.7'])
    expect(mask(mapped)).toBe(mask('203.0.113.7'));
  expect(mask('::ffff:203.0.113.8')).not.toBe(mask('203.0.113.7'));
  expect(mask('fe80::1%eth0')).toBe(mask('fe80::2'));
  expect(mask('::')).toBe(mask('::1'));
});
