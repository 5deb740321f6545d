import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { filterContent, PICTURE_HOST } from './content.ts';
import { setUpAccount } from './set-up.ts';
import { stateOf, type WechatAccount } from './state.ts';

const APP_ID = 'wx00000000000test0';
const AES_KEY = 'llmChHXtUG9eOuSL+aPl5OM8gK5GxKmFlq8DpxB3/jo';
/** The smallest picture that is one: a 1×1 PNG. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PNG_SHA256 = createHash('sha256').update(PNG).digest('hex');

let sandbox: Sandbox;
let root: string;
beforeEach(async () => {
  sandbox = await startSandbox();
  setUpAccount(sandbox.world, APP_ID, {
    secret: 'TEST_SECRET',
    name: '青川县人社局',
    kind: 'service',
    publishDelayMs: 60_000,
  });
  root = `${sandbox.url}/sandbox/wechat-official`;
});
afterEach(() => sandbox.stop());

const advance = (ms: number): void => sandbox.world.clock.advance(ms);

function account(): WechatAccount {
  const found = stateOf(sandbox.world).accounts[APP_ID];
  if (!found) throw new Error('no account');
  return found;
}

type Json = Record<string, unknown>;

const asJson = async (answer: Promise<Response>): Promise<Json> => (await (await answer).json()) as Json;
const post = (path: string, body: unknown): Promise<Json> =>
  asJson(fetch(`${root}${path}`, { method: 'POST', body: JSON.stringify(body) }));
const credential = { grant_type: 'client_credential', appid: APP_ID, secret: 'TEST_SECRET' };
const stable = (more: Json = {}): Promise<Json> => post('/cgi-bin/stable_token', { ...credential, ...more });
const token = async (): Promise<string> => String((await stable()).access_token);
const api = async (path: string, body: unknown): Promise<Json> =>
  post(`${path}?access_token=${await token()}`, body);
const page = async (path: string): Promise<string> => (await fetch(`${root}${path}`)).text();

async function upload(path: string, bytes: Buffer, query = ''): Promise<Json> {
  const body = new FormData();
  body.set('media', new Blob([new Uint8Array(bytes)]), 'a.png');
  return asJson(fetch(`${root}${path}?access_token=${await token()}${query}`, { method: 'POST', body }));
}

async function article(change: Json = {}): Promise<Json> {
  const { media_id: cover } = await upload('/cgi-bin/material/add_material', PNG, '&type=image');
  return { title: '标题', content: '<p>正文</p>', thumb_media_id: cover, need_open_comment: 1, ...change };
}

async function draft(change: Json = {}): Promise<string> {
  return String((await api('/cgi-bin/draft/add', { articles: [await article(change)] })).media_id);
}

describe('tokens', () => {
  test('the stable one comes back with its remaining seconds, and a new one five minutes before its end', async () => {
    const first = await stable();
    expect(first.expires_in).toBe(7200);
    advance(3_600_000);
    const later = await stable();
    expect(later.access_token).toBe(first.access_token);
    expect([3598, 3599, 3600]).toContain(later.expires_in);
    advance(3_400_000);
    expect((await stable()).access_token).not.toBe(first.access_token);
    const old = await asJson(fetch(`${root}/cgi-bin/draft/count?access_token=${first.access_token}`));
    expect(old).toEqual({ total_count: 0 });
  });

  test('forcing is limited to once in 30 seconds and 20 times a day', async () => {
    const codes: unknown[] = [];
    for (let count = 0; count < 21; count += 1) {
      codes.push((await stable({ force_refresh: true })).errcode);
      advance(31_000);
    }
    expect(codes.slice(0, 20)).toEqual(Array(20).fill(undefined));
    expect(codes[20]).toBe(45009);
    advance(86_400_000);
    expect((await stable({ force_refresh: true })).errcode).toBeUndefined();
    expect((await stable({ force_refresh: true })).errcode).toBe(45011);
  });

  test('the plain one replaces the one before it', async () => {
    const get = () => asJson(fetch(`${root}/cgi-bin/token?${new URLSearchParams(credential)}`));
    const first = await get();
    expect((await get()).access_token).not.toBe(first.access_token);
    advance(301_000);
    const count = await asJson(fetch(`${root}/cgi-bin/draft/count?access_token=${first.access_token}`));
    expect(count.errcode).toBe(42001);
  });

  test.each([
    [{ secret: 'wrong' }, 40001],
    [{ appid: 'wxother' }, 40013],
    [{ appid: '' }, 41002],
    [{ secret: '' }, 41004],
    [{ grant_type: 'x' }, 40002],
  ])('refuses %o with %i', async (change, code) => {
    expect((await stable(change)).errcode).toBe(code);
  });

  test.each([
    ['', 41001],
    ['nonsense', 40001],
  ])('a call with the token “%s” is told %i', async (value, code) => {
    const answer = await fetch(`${root}/cgi-bin/draft/count?access_token=${value}`);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as Json;
    expect(body.errcode).toBe(code);
    expect(body.errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });
});

describe('articles', () => {
  test.each<[string, Json, number]>([
    ['a title of 33 characters', { title: '字'.repeat(33) }, 45003],
    ['an author of 17', { author: '字'.repeat(17) }, 45110],
    ['a digest of 129', { digest: '字'.repeat(129) }, 45004],
    ['20,000 characters', { content: '字'.repeat(20_000) }, 45002],
    ['an empty body', { content: '' }, 44003],
    ['a foreign cover', { thumb_media_id: 'x' }, 40007],
    ['a source link that is none', { content_source_url: 'javascript:1' }, 41039],
    ['refused text', { content: '【平台拒绝的内容】' }, 45166],
  ])('with %s are refused', async (_what, change, code) => {
    const answer = await api('/cgi-bin/draft/add', { articles: [await article(change)] });
    expect(answer.errcode).toBe(code);
    expect(sandbox.world.ledger.list({ kind: 'draft.created' })).toHaveLength(0);
  });

  test('lose scripts, handlers, outside links and foreign pictures, and keep their words and styles', () => {
    const own = `<img src="${PICTURE_HOST}abc">`;
    const html = `<p id="a" style="color:red" onclick="x()">字<a href="https://x.example">链接</a></p><script>1</script>${own}`;
    expect(filterContent(`${html}<img src="https://x.example/a.png">`)).toBe(
      `<p style="color:red">字链接</p>${own}`,
    );
  });

  test('body pictures are jpg or png below 1 MB', async () => {
    expect(await upload('/cgi-bin/media/uploadimg', PNG)).toMatchObject({
      url: expect.stringContaining(PICTURE_HOST),
    });
    expect((await upload('/cgi-bin/media/uploadimg', Buffer.alloc(1_048_576))).errcode).toBe(40009);
    expect((await upload('/cgi-bin/media/uploadimg', Buffer.from('GIF89a'))).errcode).toBe(40005);
  });

  test('drafts are listed, changed, counted and deleted', async () => {
    const mediaId = await draft();
    await api('/cgi-bin/draft/update', { media_id: mediaId, index: 0, articles: { title: '新标题' } });
    expect(await api('/cgi-bin/draft/batchget', { offset: 0, count: 20, no_content: 1 })).toMatchObject({
      ...{
        total_count: 1,
        item: [{ media_id: mediaId, content: { news_item: [{ title: '新标题', content: '' }] } }],
      },
    });
    expect((await api('/cgi-bin/draft/batchget', { offset: 0, count: 21 })).errcode).toBe(40097);
    expect(await api('/cgi-bin/draft/delete', { media_id: mediaId })).toMatchObject({ errcode: 0 });
    expect((await api('/cgi-bin/draft/get', { media_id: mediaId })).errcode).toBe(40007);
  });

  test('unreadable JSON is a format error', async () => {
    const answer = await fetch(`${root}/cgi-bin/draft/add?access_token=${await token()}`, {
      method: 'POST',
      body: '{',
    });
    expect(((await answer.json()) as Json).errcode).toBe(47001);
  });
});

describe('mass sends', () => {
  const send = async (clientmsgid: string): Promise<Json> =>
    api('/cgi-bin/message/mass/sendall', {
      ...{ filter: { is_to_all: true }, msgtype: 'mpnews', mpnews: { media_id: await draft() }, clientmsgid },
    });

  test('a service account has four a month, and a new month brings four more', async () => {
    const codes: unknown[] = [];
    for (let count = 0; count < 5; count += 1) codes.push((await send(`m${count}`)).errcode);
    expect(codes).toEqual([0, 0, 0, 0, 45028]);
    advance(32 * 86_400_000);
    expect((await send('m9')).errcode).toBe(0);
  });

  test('the same clientmsgid names the first send for 24 hours', async () => {
    const first = await send('same');
    advance(60_000);
    expect(await send('same')).toMatchObject({ errcode: 45065, msg_id: first.msg_id });
    advance(25 * 3_600_000);
    expect((await send('same')).errcode).toBe(0);
    expect((await send('x'.repeat(33))).errcode).toBe(45067);
  });

  test('a protected one waits, is named as waiting, and may carry ids where the account is set so', async () => {
    account().massProtection = true;
    expect((await send('a')).errcode).toBe(89505);
    expect(await send('a')).toMatchObject({ errcode: 89504 });
    account().waitingAnswerHasId = true;
    const answer = await send('b');
    expect(answer).toMatchObject({ errcode: 89505, msg_id: expect.any(Number) });
    expect(await api('/cgi-bin/message/mass/get', { msg_id: answer.msg_id })).toMatchObject({
      msg_status: 'SENDING',
    });
    advance(31 * 60_000);
    expect(await api('/cgi-bin/message/mass/get', { msg_id: answer.msg_id })).toMatchObject({
      msg_status: 'SEND_FAIL',
    });
  });
});

describe('deleting a publication', () => {
  test('index 0 or none deletes all of it, others count from 1', async () => {
    const first = await article({ title: '一' });
    const { media_id } = await api('/cgi-bin/draft/add', { articles: [first, { ...first, title: '二' }] });
    const { publish_id } = await api('/cgi-bin/freepublish/submit', { media_id });
    advance(60_000);
    const { article_id } = await api('/cgi-bin/freepublish/get', { publish_id });
    await api('/cgi-bin/freepublish/delete', { article_id, index: 1 });
    expect(await api('/cgi-bin/freepublish/getarticle', { article_id })).toMatchObject({
      news_item: [{ title: '二' }],
    });
    await api('/cgi-bin/freepublish/delete', { article_id });
    expect((await api('/cgi-bin/freepublish/getarticle', { article_id })).errcode).toBe(53600);
    expect(await api('/cgi-bin/freepublish/get', { publish_id })).toMatchObject({ publish_status: 5 });
  });
});

describe('the pages', () => {
  async function published(change: Json = {}): Promise<string> {
    await api('/cgi-bin/freepublish/submit', { media_id: await draft(change) });
    advance(60_000);
    return account().publications[0]?.msgDataId ?? '';
  }

  test('show the post with its picture, and no markup that people typed', async () => {
    const { url } = await upload('/cgi-bin/media/uploadimg', PNG);
    const id = await published({ title: '<b>标题</b>', content: `<p>正文</p><img src="${url}">` });
    expect(await page('/')).toContain('&#60;b&#62;标题');
    const shown = await page(`/a/${APP_ID}/posts/${id}-0`);
    expect(shown).toContain(`src="/sandbox/wechat-official/pictures/${PNG_SHA256}"`);
    expect(shown).not.toContain('<b>标题</b>');
    const picture = await fetch(`${root}/pictures/${PNG_SHA256}`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer()).equals(PNG)).toBe(true);
  });

  test('let nothing run', async () => {
    const answer = await fetch(`${root}/`);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  });

  test('are where the platform’s article addresses lead', async () => {
    const id = await published({ title: '去哪里' });
    const articleId = account().publications[0]?.articleId;
    expect(await page(`/s/${articleId}`)).toContain('去哪里');
    expect(await page(`/s?__biz=x&mid=${id}&idx=1&sn=0`)).toContain('去哪里');
    expect((await fetch(`${root}/s/none`)).status).toBe(404);
  });

  test('take comments where they are open, and none where they are closed', async () => {
    const id = await published();
    const form = () => new URLSearchParams({ nickname: '老李', content: '<i>好</i>' });
    const address = `${root}/a/${APP_ID}/posts/${id}-0/comments`;
    expect((await fetch(address, { method: 'POST', body: form(), redirect: 'manual' })).status).toBe(303);
    expect(await page(`/a/${APP_ID}/posts/${id}-0`)).toContain('&#60;i&#62;好');
    await api('/cgi-bin/comment/close', { msg_data_id: id, index: 0 });
    expect((await fetch(address, { method: 'POST', body: form(), redirect: 'manual' })).status).toBe(404);
  });

  test('take private messages, push them sealed, and show the answer', async () => {
    const { world } = sandbox;
    account().push = {
      url: 'http://127.0.0.1:9/hooks',
      token: 'matrixTestToken',
      encodingAESKey: AES_KEY,
      mode: 'safe',
      format: 'xml',
    };
    world.pushes.behave('wechat-official', { tries: 1, gapMs: 0 });
    const body = new URLSearchParams({ nickname: '王大姐', text: '社保卡丢了' });
    const chat = `${root}/a/${APP_ID}/chat`;
    const answer = await fetch(chat, { method: 'POST', body, redirect: 'manual' });
    const back = answer.headers.get('location') ?? '';
    const [push] = world.pushes.list('wechat-official');
    expect(push?.http.url).toContain('encrypt_type=aes');
    expect(push?.http.body).toMatch(/^<xml><ToUserName>.*<Encrypt>/);
    expect(push?.http.body).not.toContain('社保卡丢了');
    const [line] = account().chat;
    expect(BigInt(line?.msgId ?? 0) > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
    const text = { content: '请带身份证到窗口补办。' };
    await api('/cgi-bin/message/custom/send', { touser: line?.openid, msgtype: 'text', text });
    expect(await (await fetch(`${sandbox.url}${back}`)).text()).toContain('请带身份证到窗口补办。');
  });

  test('answer what is not there with 404', async () => {
    for (const path of ['/a/none', '/a/none/chat?nickname=x', `/a/${APP_ID}/posts/1-0`, '/pictures/x']) {
      expect((await fetch(`${root}${path}`)).status, path).toBe(404);
    }
  });
});
