import { createHmac, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { sign } from './signature.ts';

const KEY = 'KEY_0001';
const SECRET = 'SECRET_0001';
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
  const response = await fetch(`${sandbox.url}/sandbox/_control/bilibili/accounts/open1`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      appKey: KEY,
      appSecret: SECRET,
      name: '青川人社',
      accessToken: 'ACCESS_1',
      refreshToken: 'REFRESH_1',
      reviewMs: null,
      push: { url: 'http://127.0.0.1:9/hooks' },
    }),
  });
  expect(await response.json()).toEqual({
    openid: 'open1',
    accessToken: 'ACCESS_1',
    refreshToken: 'REFRESH_1',
  });
});
afterEach(() => sandbox.stop());

const headersFor = (change: Record<string, string> = {}) => ({
  'access-token': 'ACCESS_1',
  ...sign(KEY, SECRET, { body: '', nonce: randomUUID(), ms: sandbox.world.clock.now() }),
  ...change,
});

async function ask(path: string, headers: Record<string, string> = headersFor(), form?: FormData) {
  const response = await fetch(`${sandbox.url}/sandbox/bilibili${path}`, {
    method: form ? 'POST' : 'GET',
    headers,
    body: form ?? null,
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { code: number; data?: Record<string, unknown> };
}

function article(change: Record<string, string> = {}): FormData {
  const form = new FormData();
  const fields = {
    ...{ title: '标题', category: '15', template_id: '5', summary: '摘要' },
    content: `<p>${'字'.repeat(200)}<a href="https://x.example">链接</a></p>`,
    ...change,
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

describe('the signature', () => {
  const SCOPES = '/arcopen/fn/user/account/scopes';

  test('opens the interface', async () => {
    expect(await ask(SCOPES)).toMatchObject({ code: 0, data: { openid: 'open1' } });
  });

  test('of another secret, an old time, another content or none is refused', async () => {
    const old = sandbox.world.clock.now() - 11 * 60_000;
    const cases = [
      { authorization: createHmac('sha256', SECRET).update('').digest('hex') },
      { 'x-bili-signature-nonce': 'another' },
      sign(KEY, SECRET, { body: '', nonce: 'n1', ms: old }),
      sign(KEY, SECRET, { body: '{}', nonce: 'n2', ms: sandbox.world.clock.now() }),
      sign('OTHER', SECRET, { body: '', nonce: 'n3', ms: sandbox.world.clock.now() }),
    ];
    for (const change of cases) expect((await ask(SCOPES, headersFor(change))).code).toBe(4002);
    expect((await ask(SCOPES, {})).code).toBe(4002);
  });

  test('with a nonce that was used is refused, until ten minutes have passed', async () => {
    const once = headersFor();
    expect((await ask(SCOPES, once)).code).toBe(0);
    expect((await ask(SCOPES, once)).code).toBe(4002);
  });

  test('without a token, with an unknown one, an ended one, a revoked one gets the documented codes', async () => {
    expect((await ask(SCOPES, headersFor({ 'access-token': '' }))).code).toBe(127000);
    expect((await ask(SCOPES, headersFor({ 'access-token': 'NOBODY' }))).code).toBe(127001);
    const control = `${sandbox.url}/sandbox/_control/bilibili/accounts/open1`;
    await fetch(`${control}/expire-tokens`, { method: 'POST' });
    expect((await ask(SCOPES)).code).toBe(127001);
    await fetch(`${control}/revoke-tokens`, { method: 'POST' });
    expect(sandbox.world.pushes.list('bilibili').map(({ type }) => type)).toEqual(['deauthorize']);
  });
});

test('a refresh token works once', async () => {
  const renew = async () => {
    const query = new URLSearchParams({
      ...{ client_id: KEY, client_secret: SECRET, grant_type: 'refresh_token', refresh_token: 'REFRESH_1' },
    });
    const path = `/sandbox/bilibili/x/account-oauth2/v1/refresh_token?${query}`;
    const response = await fetch(`${sandbox.url}${path}`, { method: 'POST' });
    return (await response.json()) as { code: number; data?: { access_token: string } };
  };
  const first = await renew();
  expect(first.code).toBe(0);
  expect((await renew()).code).toBe(122007);
  const headers = headersFor({ 'access-token': first.data?.access_token ?? '' });
  expect((await ask('/arcopen/fn/user/account/info', headers)).data).toMatchObject({ name: '青川人社' });
});

describe('an article', () => {
  const ADD = '/arcopen/fn/article/add';

  test('is hidden until it passed the review, and loses its links', async () => {
    const { data } = await ask(ADD, headersFor(), article());
    const address = `${sandbox.url}/sandbox/bilibili/read/cv${data?.id}`;
    expect((await fetch(address)).status).toBe(404);
    const desk = `${sandbox.url}/sandbox/bilibili/review/open1`;
    expect(await (await fetch(desk)).text()).toContain('data-testid="review-pass"');
    const form = new URLSearchParams({ id: String(data?.id), verdict: 'pass' });
    await fetch(desk, { method: 'POST', body: form, redirect: 'manual' });
    const page = await (await fetch(address)).text();
    expect(page).toContain('链接');
    expect(page).not.toContain('https://x.example');
    const space = await (await fetch(`${sandbox.url}/sandbox/bilibili/space/open1`)).text();
    expect(space).toContain('标题');
    expect(sandbox.world.ledger.list({ platform: 'bilibili', kind: 'post.published' })).toHaveLength(1);
  });

  test.each([
    ['a long title', { title: '字'.repeat(41) }, 129005],
    ['no summary', { summary: '' }, 127100],
    ['a short text', { content: '<p>短</p>' }, 127100],
    ['a picture from elsewhere', { content: `<img src="https://x/y.jpg">${'字'.repeat(200)}` }, 127100],
    ['a cover from elsewhere', { template_id: '4', image_urls: 'https://x/y.jpg' }, 129004],
    ['a template that wants a cover', { template_id: '4' }, 127100],
  ])('with %s is refused', async (_name, change, code) => {
    expect((await ask(ADD, headersFor(), article(change))).code).toBe(code);
    expect(sandbox.world.ledger.list({ platform: 'bilibili', kind: 'publish.accepted' })).toHaveLength(0);
  });

  test('is listed newest first, by part and by page, without its text', async () => {
    for (const title of ['一', '二', '三']) await ask(ADD, headersFor(), article({ title }));
    const listed = await ask('/arcopen/fn/article/list?pn=1&ps=2&group=1');
    expect(listed.data).toMatchObject({
      articles: [{ title: '三' }, { title: '二' }],
      artPage: { total: 3 },
    });
    expect(JSON.stringify(listed.data)).not.toContain('content');
    expect((await ask('/arcopen/fn/article/list?group=2')).data).toMatchObject({ articles: [] });
  });

  test('that is no picture is not uploaded', async () => {
    const form = new FormData();
    form.set('file', new Blob(['GIF89a']), 'x.gif');
    expect((await ask('/arcopen/fn/article/upload/image', headersFor(), form)).code).toBe(127102);
  });
});
