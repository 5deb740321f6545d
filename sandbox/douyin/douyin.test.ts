import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { type SetUpAccount, setUpAccount } from './set-up.ts';
import { stateOf } from './state.ts';

const OPEN_ID = 'ba253642-0590-40bc-9bdf-9a1334b94059';
const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');
const account: SetUpAccount = {
  ...{
    clientKey: 'ck',
    clientSecret: 'SECRET',
    name: '青川人社',
    refreshToken: 'rft.first',
    reviewDelayMs: 1000,
  },
};
type Json = Record<string, Record<string, unknown>>;

let sandbox: Sandbox;
let token = '';
beforeEach(async () => {
  sandbox = await startSandbox();
  setUpAccount(sandbox.world, OPEN_ID, account);
  token = String((await refresh('rft.first')).data?.access_token);
});
afterEach(() => sandbox.stop());

const at = (path: string): string => `${sandbox.url}/sandbox/douyin${path}`;
const me = () => stateOf(sandbox.world).accounts[OPEN_ID]!;
const json = async (response: Response) => (await response.json()) as Json;

const form = (path: string, fields: Record<string, string>) =>
  fetch(at(path), { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
const refresh = async (refresh_token: string) =>
  json(await form('/oauth/refresh_token/', { client_key: 'ck', grant_type: 'refresh_token', refresh_token }));

async function call(path: string, body?: object, query: Record<string, string> = {}) {
  const url = at(`${path}?${new URLSearchParams({ open_id: OPEN_ID, ...query })}`);
  const headers = { 'access-token': token, 'content-type': 'application/json' };
  const response = await fetch(
    url,
    body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
  );
  expect(response.status).toBe(200);
  return json(response);
}

async function upload(): Promise<string> {
  const picture = new FormData();
  picture.set('image', new Blob([GIF]), 'a.gif');
  const url = at(`/api/douyin/v1/video/upload_image/?open_id=${OPEN_ID}`);
  const answer = await json(
    await fetch(url, { method: 'POST', headers: { 'access-token': token }, body: picture }),
  );
  return String((answer.data?.image as { image_id?: string } | undefined)?.image_id);
}

const create = async (text: string, images?: string[]) =>
  call('/api/douyin/v1/video/create_image_text/', { text, image_list: images ?? [await upload()] });

describe('the tokens', () => {
  test('refreshing keeps an access token that holds and does not prolong the refresh token', async () => {
    sandbox.world.clock.advance(86_400_000);
    const { data, message } = await refresh('rft.first');
    expect(message).toBe('success');
    expect(data).toMatchObject({ access_token: token, expires_in: 1_296_000, refresh_token: 'rft.first' });
    expect(Number(data?.refresh_expires_in)).toBeLessThanOrEqual(29 * 86_400);
    sandbox.world.clock.advance(29 * 86_400_000);
    expect(await refresh('rft.first')).toMatchObject({ data: { error_code: 10010 }, message: 'error' });
  });

  test('a refresh token is renewed five times, each voiding the one before', async () => {
    let current = 'rft.first';
    for (let count = 0; count < 5; count += 1) {
      const renewed = await json(
        await form('/oauth/renew_refresh_token/', { client_key: 'ck', refresh_token: current }),
      );
      expect((await refresh(current)).data?.error_code).toBe(10010);
      current = String(renewed.data?.refresh_token);
    }
    const sixth = await form('/oauth/renew_refresh_token/', { client_key: 'ck', refresh_token: current });
    expect((await json(sixth)).data?.error_code).toBe(10020);
    expect((await refresh(current)).message).toBe('success');
  });

  test('a call names its account and needs its scope', async () => {
    const list = '/api/douyin/v1/video/video_list/';
    expect((await call(list, undefined, { open_id: 'somebody' })).data?.error_code).toBe(28001003);
    me().scopes = [];
    expect((await call(list)).data?.error_code).toBe(28001018);
    sandbox.world.clock.advance(16 * 86_400_000);
    expect((await call(list)).extra?.error_code).toBe(28001008);
  });
});

describe('works', () => {
  test('are seen by their author only until they are reviewed', async () => {
    const created = await create('退休<b>一件事');
    expect(created).toMatchObject({
      data: {
        error_code: 0,
        item_id: expect.stringMatching(/^@.+=$/),
        video_id: expect.stringMatching(/^\d{19}$/),
      },
      extra: { error_code: 0 },
    });
    const page = async (path: string) => (await fetch(at(path))).text();
    expect(await page('/')).not.toContain('退休');
    const item_ids = [created.data?.item_id];
    const data = async () => (await call('/api/douyin/v1/video/video_data/', { item_ids })).data?.list;
    expect(await data()).toMatchObject([{ is_reviewed: false, video_status: 4 }]);
    sandbox.world.clock.advance(1000);
    expect(await data()).toMatchObject([{ is_reviewed: true, video_status: 5, media_type: 2 }]);
    expect(await page('/')).toContain('退休&#60;b&#62;一件事');
    const work = await page(`/share/video/${created.data?.video_id}`);
    const picture = /src="([^"]+pictures[^"]+)"/.exec(work)?.[1];
    expect((await fetch(`${sandbox.url}${picture}`)).headers.get('content-type')).toBe('image/gif');
    expect(sandbox.world.ledger.list({ kind: 'post.published' })).toHaveLength(1);
  });

  test('may be refused by the review, and the platform may keep silent about it', async () => {
    await create('【审核不通过】');
    sandbox.world.clock.advance(1000);
    const list = async () => (await call('/api/douyin/v1/video/video_list/')).data?.list as object[];
    expect(await list()).toMatchObject([{ video_status: 2 }]);
    me().stateFields = false;
    expect(Object.keys((await list())[0]!)).not.toContain('video_status');
    expect(await (await fetch(at(`/user/${OPEN_ID}`))).text()).toContain('审核未通过');
  });

  test.each([
    ['no text', '', undefined, 2100005],
    ['1001 characters', '字'.repeat(1001), undefined, 28001007],
    ['forbidden words', '【平台拒绝的内容】', undefined, 28001007],
    ['no picture', '退休', [], 28001007],
    ['a picture nobody uploaded', '退休', ['@nobody'], 2100005],
  ])('with %s are refused', async (_name, text, images, code) => {
    const answer = await create(text, images);
    expect([answer.data?.error_code, answer.extra?.error_code]).toEqual([code, code]);
    expect(me().items).toEqual([]);
  });

  test('are listed page by page, pinned ones first, then the newest', async () => {
    setUpAccount(sandbox.world, OPEN_ID, { ...account, earlier: ['一', '二', '三'] });
    me().items.forEach((item, order) => {
      item.at += order * 1000;
    });
    me().items[0]!.pinned = true;
    const first = await call('/api/douyin/v1/video/video_list/', undefined, { cursor: '0', count: '2' });
    expect(first.data).toMatchObject({
      has_more: true,
      list: [{ title: '一', is_top: true }, { title: '三' }],
    });
    const cursor = String(first.data?.cursor);
    const rest = await call('/api/douyin/v1/video/video_list/', undefined, { cursor, count: '2' });
    expect(rest.data).toMatchObject({ has_more: false, list: [{ title: '二' }] });
    const many = await call('/api/douyin/v1/video/video_list/', undefined, { count: '21' });
    expect(many.data?.error_code).toBe(2100005);
  });
});

describe('what people do', () => {
  test('a comment and its answer stand on the page, and the comment is pushed', async () => {
    setUpAccount(sandbox.world, OPEN_ID, { ...account, push: { url: 'http://127.0.0.1:9/hooks' } });
    const { data } = await create('退休');
    const address = `/share/video/${data?.video_id}`;
    expect((await form(`${address}/comments`, { nickname: '市民甲', content: '几点<下班>？' })).status).toBe(
      303,
    );
    const comment_id = me().comments[0]!.id;
    const reply = { item_id: data?.item_id, comment_id, content: '17:00' };
    expect((await call('/item/comment/reply/', reply)).data?.error_code).toBe(0);
    expect(
      (await call('/item/comment/reply/', { ...reply, content: '字'.repeat(101) })).data?.error_code,
    ).toBe(28001007);
    const query = { item_id: String(data?.item_id), comment_id };
    const listed = await call('/item/comment/list/', undefined, query);
    expect(listed.data?.list).toMatchObject([{ content: '几点<下班>？', reply_comment_total: 1 }]);
    const answers = await call('/item/comment/reply/list/', undefined, query);
    expect(answers.data?.list).toMatchObject([{ content: '17:00', comment_user_id: OPEN_ID }]);
    const page = await (await fetch(at(address))).text();
    expect(page).toContain('几点&#60;下班&#62;？');
    expect(page).toContain('data-testid="reply"');
    const [pushed] = sandbox.world.pushes.list('douyin');
    expect(JSON.parse(pushed!.http.body)).toMatchObject({
      event: 'item_comment_reply',
      content: { reply_to_item_id: data?.item_id },
    });
  });

  test('a private message is pushed, signed over its bytes, and answered by its id', async () => {
    setUpAccount(sandbox.world, OPEN_ID, { ...account, push: { url: 'http://127.0.0.1:9/hooks' } });
    expect((await form(`/user/${OPEN_ID}/chat`, { nickname: '市民甲', text: '你好' })).status).toBe(303);
    const { headers, body } = sandbox.world.pushes.list('douyin')[0]!.http;
    expect(headers['x-douyin-signature']).toBe(createHash('sha1').update(`SECRET${body}`).digest('hex'));
    const pushed = JSON.parse(body) as { from_user_id: string; content: string };
    const content = JSON.parse(pushed.content) as Record<string, unknown>;
    expect(content).toMatchObject({ message_type: 'text', text: '你好', create_time: expect.any(Number) });
    const answer = {
      ...{ msg_id: content.server_message_id, conversation_id: content.conversation_short_id },
      ...{ to_user_id: pushed.from_user_id, scene: 'im_reply_msg' },
      content: { msg_type: 1, text: { text: '您好' } },
    };
    expect((await call('/im/send/msg/', answer)).msg_id).toMatch(/^@/);
    const chat = await (await fetch(at(`/user/${OPEN_ID}/chat?nickname=市民甲`))).text();
    expect(chat).toContain('data-testid="line-account">您好');
    sandbox.world.clock.advance(25 * 3_600_000);
    expect((await call('/im/send/msg/', answer)).data?.error_code).toBe(28001007);
  });

  test('consent may be denied; an unknown application has no page', async () => {
    const query = {
      client_key: 'ck',
      redirect_uri: 'https://desk.example.gov.cn/back',
      response_type: 'code',
    };
    const asked = { ...query, scope: 'user_info', state: 'S' };
    const page = await fetch(at(`/platform/oauth/connect/?${new URLSearchParams(asked)}`));
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://desk.example.gov.cn;",
    );
    const denied = await form('/platform/oauth/connect/', { ...asked, open_id: OPEN_ID, decision: 'deny' });
    expect(denied.headers.get('location')).not.toContain('code=');
    const nobody = new URLSearchParams({ ...asked, client_key: 'nobody' });
    expect((await fetch(at(`/platform/oauth/connect/?${nobody}`))).status).toBe(400);
  });

  test('is set up over the control interface', async () => {
    const url = `${sandbox.url}/sandbox/_control/douyin/accounts/open-two`;
    const put = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...account, name: '另一个号', refreshToken: 'rft.two', earlier: ['从前'] }),
    });
    expect(await put.json()).toEqual({ openId: 'open-two', refreshToken: 'rft.two' });
    const itemId = stateOf(sandbox.world).accounts['open-two']!.items[0]!.id;
    const post = (path: string, body: object) =>
      fetch(`${url}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post('comments', { itemId, nickname: '市民乙', text: '好' })).status).toBe(200);
    expect((await post('messages', { nickname: '市民乙', text: '在吗' })).status).toBe(200);
    expect(await (await post('revoke-tokens', {})).json()).toEqual({ revoked: 1 });
    expect((await refresh('rft.two')).data?.error_code).toBe(10010);
    expect((await fetch(url.replace('open-two', 'nobody'))).status).toBe(400);
  });
});
