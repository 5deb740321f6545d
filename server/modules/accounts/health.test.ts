/** How accounts stand: what they were granted, renewal, warnings, revocation. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setUpAccount } from '#sandbox/bilibili/set-up.ts';
import { stateOf } from '#sandbox/bilibili/state.ts';
import type { Fault } from '#sandbox/core/faults.ts';
import { createAccount, listAccounts, updateAccount } from '#shared/accounts.ts';
import { listTodo } from '#shared/home.ts';
import { listNotices } from '#shared/notices.ts';
import { getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import type { Client } from '#tests/support/client.ts';
import { claimProbes, saveRenewal } from './health-store.ts';
import { renewDue, renewGrant } from './renew-grant.ts';
import { revokeGrant } from './save-account.ts';
import { readCredentials } from './session.ts';
import { probeAccountNow } from './sign-in.ts';
import { storeGranted } from './store-granted.ts';
import { warnOfEnds } from './worker.ts';

let installation: TestInstallation;
let administrator: Client;
let bureauId = '';
/** On a platform whose grants renew themselves, and on one where a person must come. */
let renewing = '';
let ending = '';
const hourMs = 3_600_000;
const openid = '9205eeaa';
const refreshPath = '/x/account-oauth2/v1/refresh_token';

beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  const { sandbox, config } = installation;
  (config.platformUrls as Map<string, string>).set('bilibili', `${sandbox.url}/sandbox/bilibili`);
  administrator = await installation.as('guanli');
  bureauId = (await administrator.call(getMe, {})).bureau.id;
  const made = await administrator.call(createAccount, {
    body: {
      ...{ platform: 'bilibili', name: '云溪人社视频', unitId: bureauId },
      settings: { appKey: '34c0f583f0414123', category: '15', openid },
      secrets: { appSecret: 'TEST_SECRET' },
    },
  });
  renewing = made.id;
  ending = (await accounts()).find((account) => account.platform === 'weibo')!.id;
});
afterAll(() => installation?.close());

let pairs = 0;
beforeEach(async () => {
  installation.sandbox.world.faults.clear();
  const pair = { accessToken: `access-${++pairs}`, refreshToken: `refresh-${pairs}` };
  setUp({ ...pair });
  await grantedUntil(renewing, new Date(Date.now() + hourMs), pair);
  await inWorker((tx) => saveRenewal(tx, ids(renewing), null));
  await administrator.call(updateAccount, {
    params: { accountId: renewing },
    body: { state: 'active', reason: '' },
  });
});

const ids = (accountId: string) => ({ bureauId, accountId });
const inWorker = <T>(work: Parameters<typeof installation.app.database.withWorker<T>>[0]) =>
  installation.app.database.withWorker(work);
const setUp = (change: { accessToken?: string; refreshToken?: string; scopes?: string[] }) =>
  setUpAccount(installation.sandbox.world, openid, {
    ...{ appKey: '34c0f583f0414123', appSecret: 'TEST_SECRET', name: '云溪人社视频' },
    ...change,
  });
const grantedUntil = (accountId: string, end: Date, credentials: Record<string, string>) =>
  inWorker((tx) =>
    storeGranted(
      installation.app,
      tx,
      ids(accountId),
      { ...credentials, accessEndsAt: end.toISOString() },
      end,
    ),
  );
const accounts = () => administrator.call(listAccounts, {});
const account = async (id: string) => (await accounts()).find((one) => one.id === id)!;
const arm = (fault: Fault) =>
  installation.sandbox.world.faults.arm({ platform: 'bilibili', path: refreshPath, fault, times: 10 });
const tokenOf = async (accountId: string) =>
  (await inWorker((tx) => readCredentials(installation.app, tx, ids(accountId)))).accessToken;
const noticesOf = async (kind: string) =>
  (await administrator.call(listNotices, { query: {} })).rows.filter((row) => row.kind === kind);

describe('renewing', () => {
  test('brings a new pair before the old one ends, and nobody has to do anything', async () => {
    const before = await tokenOf(renewing);
    await renewDue(installation.app);
    expect(await tokenOf(renewing)).not.toBe(before);
    const after = await account(renewing);
    expect(Date.parse(after.credentialsExpireAt!) - Date.now()).toBeGreaterThan(20 * 24 * hourMs);
    expect([after.state, after.renewError, after.grantEndsAt]).toEqual(['active', null, null]);
  });

  test('is done once, however many try at the same time', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, () => renewGrant(installation.app, ids(renewing))),
    );
    expect(results.toSorted()).toEqual(['not-due', 'not-due', 'not-due', 'not-due', 'not-due', 'renewed']);
    // A refresh token works once: a second use would have lost the grant.
    expect(stateOf(installation.sandbox.world).accounts[openid]!.tokens.at(-1)!.access).toBe(
      await tokenOf(renewing),
    );
  });

  test('that fails for the network is tried again later; the account stays connected', async () => {
    arm({ kind: 'status', status: 503, accept: false });
    expect(await renewGrant(installation.app, ids(renewing))).toBe('postponed');
    const waiting = await account(renewing);
    expect([waiting.state, waiting.renewError]).toEqual(['active', expect.any(String)]);
    // While renewing fails the grant’s own end is the one to be warned of.
    expect(waiting.grantEndsAt).toBe(waiting.credentialsExpireAt);
    installation.sandbox.world.faults.clear();
    await renewDue(installation.app);
    expect((await account(renewing)).renewError).not.toBe(null);
    await inWorker((tx) =>
      sql`update account_health set next_renew_at = clock_timestamp() where account_id = ${renewing}`.execute(
        tx,
      ),
    );
    await renewDue(installation.app);
    expect((await account(renewing)).renewError).toBe(null);
  });

  test('that the platform refuses asks for a person, and tells the administrators', async () => {
    for (const pair of stateOf(installation.sandbox.world).accounts[openid]!.tokens) pair.revoked = true;
    expect(await renewGrant(installation.app, ids(renewing))).toBe('refused');
    expect((await account(renewing)).state).toBe('sign-in-again');
    const [notice] = await noticesOf('grant-ended');
    expect([notice?.urgency, notice?.link]).toEqual(['urgent', `/accounts/${renewing}/grant`]);
  });

  test('leaves a paused account alone', async () => {
    await administrator.call(updateAccount, {
      params: { accountId: renewing },
      body: { state: 'paused', reason: '检修' },
    });
    expect(await renewGrant(installation.app, ids(renewing))).toBe('not-due');
  });
});

describe('the end of a grant', () => {
  const endIn = (ms: number) => grantedUntil(ending, new Date(Date.now() + ms), {});

  test('is told once seven days, once a day and once an hour ahead, and stands on the home list', async () => {
    const seen: number[] = [];
    for (const ms of [8 * 24 * hourMs, 6 * 24 * hourMs, 20 * hourMs, hourMs / 2]) {
      await endIn(ms);
      await warnOfEnds(installation.app);
      await warnOfEnds(installation.app);
      seen.push((await noticesOf('grant-expiring')).length);
    }
    expect(seen).toEqual([0, 1, 2, 3]);
    const [latest] = await noticesOf('grant-expiring');
    expect([latest?.urgency, latest?.link]).toEqual(['urgent', `/accounts/${ending}/grant`]);
    const { rows } = await administrator.call(listTodo, {});
    const line = rows.find((row) => row.key === `account:${ending}`);
    expect(line).toMatchObject({ kind: 'sign-in-again', to: `/accounts/${ending}/grant` });
    const editor = await (await installation.as('bianji')).call(listTodo, {});
    expect(editor.rows.map(({ key }) => key)).not.toContain(`account:${ending}`);
  });
});

describe('a probe', () => {
  test('stores what this account was granted, when and how; what it lacks needs an application', async () => {
    setUp({ scopes: ['USER_INFO', 'ATC_BASE'] });
    await probeAccountNow(installation.app, ids(renewing));
    const { abilities, probe } = await account(renewing);
    expect(abilities).toMatchObject({
      ...{ publish: 'granted', withdraw: 'needs-application', metrics: 'needs-application' },
      ...{ menu: 'unsupported', comments: 'unsupported' },
    });
    expect(probe).toMatchObject({ result: 'ok', code: null });
    expect(Date.now() - Date.parse(probe!.at)).toBeLessThan(60_000);
  });

  test('that gets no answer keeps what was known and says so', async () => {
    setUp({ scopes: ['USER_INFO', 'ATC_BASE'] });
    await probeAccountNow(installation.app, ids(renewing));
    installation.sandbox.world.faults.arm({
      ...{ platform: 'bilibili', path: '/arcopen/fn/user/account/scopes', times: 5 },
      fault: { kind: 'status', status: 502, accept: false },
    });
    await probeAccountNow(installation.app, ids(renewing));
    const after = await account(renewing);
    expect([after.state, after.abilities.publish]).toEqual(['active', 'granted']);
    expect(after.probe?.result).not.toBe('ok');
  });

  test('is due once a day, for one process', async () => {
    await inWorker((tx) =>
      sql`update account_health set next_probe_at = case when account_id = ${renewing}
            then clock_timestamp() else clock_timestamp() + interval '1 day' end`.execute(tx),
    );
    const [first, second] = await Promise.all([1, 2].map(() => inWorker((tx) => claimProbes(tx, 10))));
    expect([...first!, ...second!]).toEqual([ids(renewing)]);
  });
});

test('word that the grant was taken away asks for a person, unless it is older than the grant', async () => {
  const revoke = (at: Date) => inWorker((tx) => revokeGrant(installation.app, tx, ids(renewing), at));
  await revoke(new Date(Date.now() - hourMs));
  expect((await account(renewing)).state).toBe('active');
  await revoke(new Date(Date.now() + 1_000));
  expect((await account(renewing)).state).toBe('sign-in-again');
});
