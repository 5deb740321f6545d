import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';

const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
  const answer = await control('PUT', '', {
    ...{ name: '青川人社', appSecret: 'SECRET_1', push: { url: 'http://127.0.0.1:9/hooks' } },
  });
  expect(await answer.json()).toEqual({ openId: 'f198' });
});
afterEach(() => sandbox.stop());

const control = (method: string, path: string, body: unknown) =>
  fetch(`${sandbox.url}/sandbox/_control/kuaishou/accounts/f198${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

function post(caption: string, picture: Buffer = GIF): Promise<Response> {
  const form = new FormData();
  form.set('caption', caption);
  form.set('picture', new Blob([new Uint8Array(picture)]), 'x.gif');
  return fetch(`${sandbox.url}/sandbox/kuaishou/profile/f198`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
}

test('a person posts by hand, the public sees it, and the share text carries its address', async () => {
  const answer = await post('退休一件事，一次办好 <b>');
  expect(answer.status).toBe(303);
  const page = await (await fetch(new URL(answer.headers.get('location') ?? '', sandbox.url))).text();
  expect(page).toContain('退休一件事，一次办好 &#60;b&#62;');
  expect(page).toContain('https://www.kuaishou.com/short-video/3xsandbox');
  const [entry] = sandbox.world.ledger.list({ platform: 'kuaishou', kind: 'post.published' });
  const profile = await (await fetch(`${sandbox.url}/sandbox/kuaishou/profile/f198`)).text();
  expect(profile).toContain(entry?.key);
  expect(await (await fetch(`${sandbox.url}/sandbox/kuaishou/`)).text()).toContain('青川人社');
});

test('without a picture or a caption nothing is posted', async () => {
  expect((await post('描述', Buffer.from('no picture'))).status).toBe(400);
  expect((await post(' ')).status).toBe(400);
  expect(sandbox.world.ledger.list({ platform: 'kuaishou' })).toEqual([]);
});

test('events are pushed with the signature over body and secret, and forged ones with another', async () => {
  sandbox.world.pushes.behave('kuaishou', { forge: true, tries: 1, timeoutMs: 100 });
  expect((await control('POST', '/events', { event: 'UN_AUTHORIZE' })).status).toBe(204);
  const [forged, genuine] = sandbox.world.pushes.list('kuaishou');
  expect(forged?.http.body).toBe(genuine?.http.body);
  expect(forged?.http.headers.kwaisign).not.toBe(genuine?.http.headers.kwaisign);
  expect(JSON.parse(genuine?.http.body ?? '')).toMatchObject({ event: 'UN_AUTHORIZE', app_id: 'ks_sandbox' });
  expect((await control('POST', '/events', { event: 'other' })).status).toBe(400);
});
