/** Granting access at the Weibo stand-in, as the administrator's browser would do it. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginSignIn, listAccounts, updateAccount } from '#shared/accounts.ts';
import { createPerson, getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient, signInClient } from '#tests/support/client.ts';
import { readCredentials } from './session.ts';

let installation: TestInstallation;
let administrator: Client;
let bureauId = '';
let accountId = '';
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
  bureauId = (await administrator.call(getMe, {})).bureau.id;
  accountId = (await weibo()).id;
});
afterAll(() => installation?.close());

const weibo = async () =>
  (await administrator.call(listAccounts, {})).find((account) => account.platform === 'weibo')!;

const setState = (state: string) =>
  installation.app.database.withWorker((tx) =>
    tx.updateTable('accounts').set({ state }).where('id', '=', accountId).execute(),
  );
beforeEach(() => setState('sign-in-again'));

const tokenNow = async () =>
  (
    await installation.app.database.withWorker((tx) =>
      readCredentials(installation.app, tx, { bureauId, accountId }),
    )
  ).accessToken;

const begin = async () =>
  new URL((await administrator.call(beginSignIn, { params: { accountId } })).authorizeUrl);

/** The consent page of the platform, answered; gives the address it sends the browser back to. */
async function consent(authorizeUrl: URL, decision: 'allow' | 'deny' = 'allow'): Promise<URL> {
  const page = await fetch(authorizeUrl);
  expect(page.status).toBe(200);
  const { settings } = await weibo();
  const answer = await fetch(`${authorizeUrl.origin}${authorizeUrl.pathname}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      client_id: authorizeUrl.searchParams.get('client_id')!,
      redirect_uri: authorizeUrl.searchParams.get('redirect_uri')!,
      response_type: 'code',
      state: authorizeUrl.searchParams.get('state')!,
      uid: settings.uid!,
      decision,
    }),
  });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get('location')!);
}

/** The browser comes back, at the address we really listen on. */
async function comeBack(back: URL, client: Client = administrator) {
  const answer = await fetch(`${installation.url}${back.pathname}${back.search}`, {
    redirect: 'manual',
    headers: { cookie: client.cookie },
  });
  return { status: answer.status, location: answer.headers.get('location') };
}

describe('granting access', () => {
  test('brings a new token, makes the account active and says so in the log', async () => {
    const before = await tokenNow();
    const { status, location } = await comeBack(await consent(await begin()));
    expect([status, location]).toEqual([302, '/desk/accounts?granted=1']);
    expect(await tokenNow()).not.toBe(before);
    const account = await weibo();
    expect(account.state).toBe('active');
    expect(new Date(account.credentialsExpireAt!).getTime()).toBeGreaterThan(Date.now());
    const actions = await installation.app.database.withWorker((tx) =>
      tx.selectFrom('audit_entries').select('action').where('subject_id', '=', accountId).execute(),
    );
    expect(actions.map((row) => row.action)).toEqual(
      expect.arrayContaining(['account.sign-in-begun', 'account.signed-in']),
    );
  });

  test('denied at the platform changes nothing', async () => {
    const before = await tokenNow();
    const answer = await comeBack(await consent(await begin(), 'deny'));
    expect(answer.status).toBe(403);
    expect([await tokenNow(), (await weibo()).state]).toEqual([before, 'sign-in-again']);
  });

  test('with a code that the platform refuses changes nothing', async () => {
    const back = await consent(await begin());
    back.searchParams.set('code', 'f'.repeat(32));
    const before = await tokenNow();
    expect((await comeBack(back)).location).toBe('/desk/accounts?granted=0');
    expect([await tokenNow(), (await weibo()).state]).toEqual([before, 'sign-in-again']);
  });

  test('of another account at the platform is refused: its posts would go there', async () => {
    const { settings } = await weibo();
    const before = await tokenNow();
    await administrator.call(updateAccount, {
      params: { accountId },
      body: { settings: { uid: '1999999999' } },
    });
    const authorizeUrl = await begin();
    await administrator.call(updateAccount, {
      params: { accountId },
      body: { settings: { uid: settings.uid! } },
    });
    const back = await consent(authorizeUrl);
    await administrator.call(updateAccount, {
      params: { accountId },
      body: { settings: { uid: '1999999999' } },
    });
    expect((await comeBack(back)).location).toBe('/desk/accounts?granted=0');
    expect(await tokenNow()).toBe(before);
    await administrator.call(updateAccount, {
      params: { accountId },
      body: { settings: { uid: settings.uid! } },
    });
  });

  test('to a paused account renews the token and leaves it paused', async () => {
    await setState('paused');
    expect((await comeBack(await consent(await begin()))).location).toBe('/desk/accounts?granted=1');
    expect((await weibo()).state).toBe('paused');
  });
});

describe('the state that comes back', () => {
  const withState = async (change: (state: string) => string) => {
    const back = await consent(await begin());
    back.searchParams.set('state', change(back.searchParams.get('state')!));
    return comeBack(back);
  };

  test.each<[string, (state: string) => string]>([
    ['missing', () => ''],
    ['with its signature cut', (state) => state.split('.').slice(0, 3).join('.')],
    ['for another account', (state) => state.replace(/^[^.]+/, '0199a000-0000-7000-8000-000000000001')],
    ['prolonged', (state) => state.replace(/\.(\d{13})\./, (_, until) => `.${Number(until) + 1}.`)],
    [
      'signed with another key',
      (state) => {
        const text = state.split('.').slice(0, 3).join('.');
        return `${text}.${createHmac('sha256', 'guess').update(text).digest('base64url')}`;
      },
    ],
  ])('%s opens nothing', async (_name, change) => {
    const before = await tokenNow();
    expect((await withState(change)).status).toBe(403);
    expect(await tokenNow()).toBe(before);
  });

  test('of one administrator is worth nothing to another', async () => {
    const { firstPassword } = await administrator.call(createPerson, {
      body: { login: 'guanli2', name: '另一位', unitId: bureauId, role: 'administrator' },
    });
    const other = await signInClient(installation.url, 'guanli2', firstPassword);
    expect((await comeBack(await consent(await begin()), other)).status).toBe(403);
    expect((await weibo()).state).toBe('sign-in-again');
  });

  test('older than a quarter of an hour is worth nothing', async () => {
    const text = `${accountId}.${(await administrator.call(getMe, {})).personId}.${Date.now() - 1}`;
    const key = installation.app.sealer.derive('oauth state');
    const expired = `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
    expect((await withState(() => expired)).status).toBe(403);
  });

  test('needs a signed-in administrator', async () => {
    const back = await consent(await begin());
    expect((await comeBack(back, createClient(installation.url, ''))).status).toBe(401);
    expect((await comeBack(back, await installation.as('bianji'))).status).toBe(403);
  });
});

test('a platform without such a sign-in says so', async () => {
  const site = (await administrator.call(listAccounts, {})).find((account) => account.platform === 'site')!;
  const answer = await administrator.try(beginSignIn, { params: { accountId: site.id } });
  expect([answer.status, answer.error?.code]).toEqual([400, 'input-invalid']);
});
