import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { setUpAccount } from './set-up.ts';
import { countCharacters, toHtml } from './text.ts';

const USER = 'qingchuan';
const LINK = 'https://rs.example.gov.cn/s/Abc123DEF-and-a-long-tail-of-it';
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
  setUpAccount(sandbox.world, USER, { name: '青川人社', token: 'TOKEN' });
});
afterEach(() => sandbox.stop());

const at = (path: string): string => `${sandbox.url}/sandbox/mastodon${path}`;

async function call(path: string, options: { token?: string; body?: unknown; key?: string } = {}) {
  const { token = 'TOKEN', body, key } = options;
  const response = await fetch(at(path), {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(key ? { 'idempotency-key': key } : {}),
      ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

const post = (body: Record<string, unknown>, key?: string) =>
  call('/api/v1/statuses', { body, ...(key ? { key } : {}) });
const accepted = () => sandbox.world.ledger.list({ kind: 'post.published' }).length;

describe('posting', () => {
  test('a key is remembered for an hour, whatever the body says then', async () => {
    const first = await post({ status: '一' }, 'K');
    expect((await post({ status: '二' }, 'K')).json.id).toBe(first.json.id);
    sandbox.world.clock.advance(59 * 60_000);
    expect((await post({ status: '一' }, 'K')).json.id).toBe(first.json.id);
    sandbox.world.clock.advance(2 * 60_000);
    expect((await post({ status: '一' }, 'K')).json.id).not.toBe(first.json.id);
    expect(accepted()).toBe(2);
  });

  test.each([
    ['nothing', { status: ' ' }, 422],
    ['too much', { status: '字'.repeat(501) }, 422],
    ['a picture that is not there', { status: '好', media_ids: ['1'] }, 422],
    ['an answer to nobody', { status: '好', in_reply_to_id: '1' }, 404],
  ])('refuses %s', async (_name, body, status) => {
    expect(await post(body)).toMatchObject({ status, json: { error: expect.any(String) } });
    expect(accepted()).toBe(0);
  });

  test('takes exactly 500 characters, a link as 23', async () => {
    expect((await post({ status: `${'字'.repeat(477)}${LINK}` })).status).toBe(200);
    expect(countCharacters(LINK, 23)).toBe(23);
  });

  test('asks for a token with the right scope, and counts calls', async () => {
    expect((await call('/api/v1/statuses', { token: 'NO', body: {} })).status).toBe(401);
    setUpAccount(sandbox.world, USER, {
      name: '青川人社',
      token: 'READ',
      scopes: ['read'],
      callsPerWindow: 1,
    });
    expect((await call('/api/v1/statuses', { token: 'READ', body: {} })).status).toBe(403);
    const own = '/api/v1/accounts/verify_credentials';
    expect((await call(own)).headers.get('x-ratelimit-remaining')).toBe('0');
    const limited = await call(own);
    expect(limited).toMatchObject({ status: 429, json: { error: 'Too many requests' } });
    expect(Date.parse(limited.headers.get('x-ratelimit-reset') ?? '')).toBeGreaterThan(Date.now());
  });
});

describe('pictures', () => {
  test('are processed first, refused until then, and taken once', async () => {
    setUpAccount(sandbox.world, USER, { name: '青川人社', pictureDelayMs: 5000 });
    const form = new FormData();
    form.set('file', new Blob([Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64')]), 'a.gif');
    const uploaded = await call('/api/v2/media', { body: form });
    expect(uploaded).toMatchObject({ status: 202, json: { url: null } });
    const id = String(uploaded.json.id);
    expect((await call(`/api/v1/media/${id}`)).status).toBe(206);
    expect((await post({ status: '好', media_ids: [id] })).json.error).toContain('not finished processing');
    sandbox.world.clock.advance(5000);
    expect(await call(`/api/v1/media/${id}`)).toMatchObject({
      status: 200,
      json: { url: expect.any(String) },
    });
    const status = await post({ status: '好', media_ids: [id] });
    expect((await call(`/api/v1/media/${id}`)).status).toBe(404);
    const page = await (await fetch(String(status.json.url))).text();
    const picture = /src="([^"]+\/media\/[^"]+)"/.exec(page)?.[1];
    expect((await fetch(`${sandbox.url}${picture}`)).headers.get('content-type')).toBe('image/gif');
  });

  test('of no known type are refused', async () => {
    const form = new FormData();
    form.set('file', new Blob(['<svg/>']), 'a.svg');
    expect((await call('/api/v2/media', { body: form })).status).toBe(422);
  });
});

describe('what people see and do', () => {
  test('a status, a public and a private reply, the account’s answer, the notifications', async () => {
    const status = await post({ status: `退休<b> ${LINK}` });
    const address = `/@${USER}/${status.json.id}`;
    const write = (nickname: string, content: string, extra = {}) =>
      fetch(at(`${address}/replies`), {
        method: 'POST',
        body: new URLSearchParams({ nickname, content, ...extra }),
        redirect: 'manual',
      });
    expect((await write('市民甲', '几点<下班>？')).status).toBe(303);
    expect((await write('市民乙', '我的号码', { private: '1' })).status).toBe(303);
    expect((await write('', '没有名字')).status).toBe(400);
    const { json } = await call(`/api/v1/statuses/${status.json.id}/context`);
    const replies = json.descendants as { id: string; visibility: string }[];
    expect(replies.map(({ visibility }) => visibility)).toEqual(['public', 'direct']);
    await post({ status: '17:00', in_reply_to_id: replies[0]!.id });
    const page = await (await fetch(at(address))).text();
    expect(page).toContain('几点&lt;下班&gt;？');
    expect(page).toContain('data-testid="reply"');
    expect(page).toContain('私密');
    const notified = (await call('/api/v1/notifications')).json as unknown as { type: string }[];
    expect(notified.map(({ type }) => type)).toEqual(['mention', 'mention']);
    expect(await (await fetch(at('/'))).text()).toContain('青川人社');
    for (const missing of ['/@nobody', `/@${USER}/1`]) expect((await fetch(at(missing))).status).toBe(404);
  });

  test('links stand in the HTML with their hidden parts', () => {
    expect(toHtml(`一\n二\n\n${LINK}`)).toMatch(
      /^<p>一<br \/>二<\/p><p><a href="https:\/\/rs[^"]+" .*<span class="invisible">https:\/\/<\/span>/,
    );
  });
});

test('the control makes accounts, revokes tokens and writes replies', async () => {
  const control = (path: string, method: string, body?: unknown) =>
    fetch(`${sandbox.url}/sandbox/_control/mastodon/accounts${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  expect((await control('/other', 'PUT', { name: '别的单位', token: 'T2' })).status).toBe(200);
  const status = await post({ status: '好' });
  const reply = { statusId: status.json.id, nickname: '市民甲', text: '谢谢' };
  expect((await control(`/${USER}/replies`, 'POST', reply)).status).toBe(200);
  expect((await control(`/${USER}/replies`, 'POST', { ...reply, statusId: '1' })).status).toBe(400);
  expect((await control('/nobody', 'GET')).status).toBe(400);
  expect(await (await control(`/${USER}/revoke-tokens`, 'POST', {})).json()).toEqual({ revoked: 1 });
  expect((await call('/api/v1/accounts/verify_credentials')).json.error).toContain('revoked');
});
