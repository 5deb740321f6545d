import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { App } from '#server/base/app.ts';
import { openApp } from '#server/start.ts';
import { buildApp, type TestApp } from '#tests/support/build-app.ts';
import { tokenStoreFor } from './tokens.ts';

let ground: TestApp;
/** A second process of the same installation. */
let second: { app: App; close(): Promise<void> };
let owner: { bureauId: string; accountId: string };
beforeAll(async () => {
  ground = await buildApp();
  second = await openApp(ground.config, { url: ground.databaseUrl, directUrl: ground.databaseUrl });
  owner = await ground.app.database.withWorker(async (tx) => {
    const row = await tx
      .selectFrom('accounts')
      .select(['bureau_id', 'id'])
      .where('platform', '=', 'wechat-official')
      .executeTakeFirstOrThrow();
    return { bureauId: row.bureau_id, accountId: row.id };
  });
});
afterAll(async () => {
  await second?.close();
  await ground?.close();
});
beforeEach(() =>
  ground.app.database.withWorker((tx) =>
    tx.deleteFrom('account_secrets').where('name', 'like', 'token:%').execute(),
  ),
);

/** What the platform would give: every token new, the last one alone is good. */
function platform(expiresInMs = 7_200_000) {
  const issued: string[] = [];
  return {
    issued,
    renew: async () => {
      issued.push(`TOKEN-${issued.length + 1}`);
      // Long enough for every other caller to come and wait.
      await new Promise((resolve) => setImmediate(resolve));
      return { token: issued.at(-1)!, expiresInMs };
    },
  };
}

const margin = 300_000;
const stores = () => [tokenStoreFor(ground.app, owner), tokenStoreFor(second.app, owner)] as const;

describe('a token shared by all processes', () => {
  test('asked for by many in two processes at once is renewed once', async () => {
    const { issued, renew } = platform();
    const tokens = await Promise.all(
      Array.from({ length: 12 }, (_, at) => stores()[at % 2 === 0 ? 0 : 1].get('access', margin, renew)),
    );
    expect(new Set(tokens)).toEqual(new Set(['TOKEN-1']));
    expect(issued).toEqual(['TOKEN-1']);
  });

  test('is renewed before it ends, by the given margin', async () => {
    const [one] = stores();
    const short = platform(margin - 1_000);
    await one.get('access', margin, short.renew);
    await one.get('access', margin, short.renew);
    expect(short.issued).toEqual(['TOKEN-1', 'TOKEN-2']);
  });

  test('refused by the platform is dropped once, however many noticed', async () => {
    const [one, other] = stores();
    const { issued, renew } = platform();
    const bad = await one.get('access', margin, renew);
    await one.drop('access', bad);
    const fresh = await one.get('access', margin, renew);
    // The other process noticed the old token late: the fresh one stays.
    await other.drop('access', bad);
    expect(await other.get('access', margin, renew)).toBe(fresh);
    expect(issued).toHaveLength(2);
  });

  test('lies sealed in the database', async () => {
    const { renew } = platform();
    await stores()[0].get('access', margin, renew);
    const row = await ground.app.database.withWorker((tx) =>
      tx
        .selectFrom('account_secrets')
        .select('sealed')
        .where('name', '=', 'token:access')
        .executeTakeFirstOrThrow(),
    );
    expect(row.sealed.includes('TOKEN')).toBe(false);
  });

  test('whose renewal fails leaves nothing behind, and the next caller tries again', async () => {
    const [one, other] = stores();
    const failing = one.get('access', margin, () => Promise.reject(new Error('platform is away')));
    await expect(failing).rejects.toThrow('platform is away');
    const { renew } = platform();
    expect(await other.get('access', margin, renew)).toBe('TOKEN-1');
  });

  test('of another name or account is another token', async () => {
    const [one] = stores();
    const { renew } = platform();
    const access = await one.get('access', margin, renew);
    expect(await one.get('ticket', margin, renew)).not.toBe(access);
  });

  test('can be looked at without anybody being asked', async () => {
    const [one, other] = stores();
    expect(await one.peek('access', margin)).toBeNull();
    const token = await other.get('access', margin, platform().renew);
    expect(await one.peek('access', margin)).toBe(token);
    expect(await one.peek('access', 7_200_000)).toBeNull();
  });

  test('that was not there at the beginning of an operation is asked for only under the lock', async () => {
    const atBeginning = tokenStoreFor(ground.app, owner, new Map());
    const token = await stores()[1].get('access', margin, platform().renew);
    expect(await atBeginning.peek('access', margin)).toBeNull();
    const { issued, renew } = platform();
    expect(await atBeginning.get('access', margin, renew)).toBe(token);
    expect(issued).toEqual([]);
    expect(await atBeginning.peek('access', margin)).toBe(token);
  });
});
