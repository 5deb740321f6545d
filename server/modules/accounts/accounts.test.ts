import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount, listAccounts, listPlatforms, probeAccount, updateAccount } from '#shared/accounts.ts';
import { getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { probeAccountNow } from './sign-in.ts';

let installation: TestInstallation;
let administrator: Client;
let unitId = '';
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
  unitId = (await administrator.call(getMe, {})).bureau.id;
});
afterAll(() => installation?.close());

const secret = 'CANARY0123456789abcdef0123456789';
const wechat = (name: string) => ({
  platform: 'wechat-official',
  name,
  unitId,
  settings: { appId: 'wx0123456789abcdef', originalId: 'gh_0123456789ab', kind: 'service' },
  secrets: {
    appSecret: '0123456789abcdef0123456789abcdef',
    token: 'CANARYtoken0123456789',
    encodingAESKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  },
});

/** Everything in the database, as somebody who stole a copy would read it. */
async function dump(): Promise<string> {
  return installation.app.database.asOwner(async (db) => {
    const tables = ['accounts', 'account_secrets', 'audit_entries', 'idempotency_keys'] as const;
    const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
    return JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
        ? Buffer.from((value as unknown as { data: number[] }).data).toString('latin1')
        : value,
    );
  });
}

describe('who may', () => {
  test('nobody without signing in, and an editor only looks', async () => {
    const nobody = createClient(installation.url, '');
    expect((await nobody.try(listAccounts, {})).status).toBe(401);
    const editor = await installation.as('bianji');
    expect((await editor.try(listAccounts, {})).status).toBe(200);
    expect((await editor.try(createAccount, { body: wechat('x') })).status).toBe(403);
  });

  test('the neighbouring county sees its own accounts and can’t touch ours', async () => {
    const neighbour = await installation.as('st.guanli');
    const theirs = await neighbour.call(listAccounts, {});
    expect(theirs.map((account) => account.name)).toContain('石塘人社网站');
    expect(theirs.every((account) => account.name.startsWith('石塘'))).toBe(true);
    const [ours] = await administrator.call(listAccounts, {});
    const params = { accountId: ours!.id };
    expect((await neighbour.try(updateAccount, { params, body: { state: 'closed' } })).status).toBe(404);
    expect((await neighbour.try(probeAccount, { params })).status).toBe(404);
  });
});

describe('credentials', () => {
  test('are never in an answer, the log, a stored answer or the clear database', async () => {
    const body = wechat('密钥测试');
    const { id } = await administrator.call(createAccount, { body });
    await administrator.call(updateAccount, {
      params: { accountId: id },
      body: { reason: '换密钥', secrets: { token: 'CANARYother0123456789' } },
    });
    const answers = JSON.stringify([
      await administrator.call(listAccounts, {}),
      await administrator.call(listPlatforms, {}),
    ]);
    const stored = await dump();
    for (const value of [...Object.values(body.secrets), 'CANARYother0123456789']) {
      expect(answers).not.toContain(value);
      expect(stored).not.toContain(value);
    }
    // The clear settings are there: the dump is a real one.
    expect(stored).toContain(body.settings.originalId);
    const account = (await administrator.call(listAccounts, {})).find((one) => one.id === id)!;
    expect(account.secretsSet.toSorted()).toEqual(['appSecret', 'encodingAESKey', 'token']);
  });

  test('that are not sent stay as they are', async () => {
    const { id } = await administrator.call(createAccount, { body: wechat('不改密钥') });
    const before = await secretsOf(id);
    await administrator.call(updateAccount, {
      params: { accountId: id },
      body: { name: '改名', settings: { originalId: 'gh_ba9876543210' } },
    });
    expect(await secretsOf(id)).toEqual(before);
    const account = (await administrator.call(listAccounts, {})).find((one) => one.id === id)!;
    expect([account.name, account.settings.originalId]).toEqual(['改名', 'gh_ba9876543210']);
  });

  const secretsOf = (accountId: string) =>
    installation.app.database.withWorker((tx) =>
      tx
        .selectFrom('account_secrets')
        .select(['name', 'sealed'])
        .where('account_id', '=', accountId)
        .orderBy('name')
        .execute(),
    );
});

describe('a wrong field', () => {
  test.each([
    ['the form of a setting', { settings: { ...wechat('').settings, appId: 'wx-not-an-id' } }, 'appId'],
    ['a missing setting', { settings: {} }, 'appId'],
    ['a missing secret', { secrets: {} }, 'appSecret'],
    [
      'the form of a secret',
      { secrets: { ...wechat('').secrets, encodingAESKey: secret } },
      'encodingAESKey',
    ],
  ])('%s is refused by its name, and nothing is stored', async (name, change, field) => {
    const answer = await administrator.try(createAccount, { body: { ...wechat(name), ...change } });
    expect([answer.status, answer.error?.code, answer.error?.details.field]).toEqual([
      400,
      'input-invalid',
      field,
    ]);
    expect(JSON.stringify(answer.error)).not.toContain(secret);
    const names = (await administrator.call(listAccounts, {})).map((account) => account.name);
    expect(names).not.toContain(name);
  });

  test('that the platform does not have is refused', async () => {
    const body = { ...wechat('多余'), settings: { ...wechat('').settings, cookie: 'x' } };
    const answer = await administrator.try(createAccount, { body });
    expect(answer.error?.message.zh).toContain('cookie');
  });

  test('an unknown platform, a unit of another bureau and a taken name are refused in words', async () => {
    const neighbour = await (await installation.as('st.guanli')).call(getMe, {});
    const tries = await Promise.all([
      administrator.try(createAccount, { body: { ...wechat('平台'), platform: 'myspace' } }),
      administrator.try(createAccount, { body: { ...wechat('单位'), unitId: neighbour.bureau.id } }),
      administrator.try(createAccount, { body: wechat('云溪人社') }),
    ]);
    expect(tries.map((answer) => [answer.status, answer.error?.code])).toEqual([
      [400, 'input-invalid'],
      [400, 'input-invalid'],
      [409, 'account-name-taken'],
    ]);
  });
});

describe('the probe', () => {
  const weibo = async () =>
    (await administrator.call(listAccounts, {})).find((account) => account.platform === 'weibo')!;
  const probe = async (accountId: string) => {
    await probeAccountNow(installation.app, { bureauId: unitId, accountId });
    return (await weibo()).state;
  };

  test('asks for signing in when the token is refused, and takes it back when it works again', async () => {
    const { id } = await weibo();
    expect(await probe(id)).toBe('active');
    installation.sandbox.world.faults.arm({
      platform: 'weibo',
      path: '/oauth2/get_token_info',
      fault: {
        kind: 'status',
        status: 403,
        body: { error: 'expired_token', error_code: 21327 },
        accept: false,
      },
    });
    expect(await probe(id)).toBe('sign-in-again');
    expect(await probe(id)).toBe('active');
  });

  test('changes nothing about an account that a person paused', async () => {
    const { id } = await weibo();
    await administrator.call(updateAccount, { params: { accountId: id }, body: { state: 'paused' } });
    expect(await probe(id)).toBe('paused');
    installation.sandbox.world.faults.arm({
      platform: 'weibo',
      path: '/oauth2/get_token_info',
      fault: {
        kind: 'status',
        status: 403,
        body: { error: 'expired_token', error_code: 21327 },
        accept: false,
      },
    });
    expect(await probe(id)).toBe('paused');
    await administrator.call(updateAccount, { params: { accountId: id }, body: { state: 'active' } });
  });
});
