import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { type SetUpAccount, setUpAccount } from './set-up.ts';
import { stateOf } from './state.ts';
import { addressOfId, countCharacters } from './text.ts';

const UID = '1900000001';
const RIP = '203.0.113.7';
let sandbox: Sandbox;

const account: SetUpAccount = {
  ...{
    appKey: 'APPKEY',
    appSecret: 'SECRET',
    name: '青川人社',
    boundDomain: 'example.gov.cn',
    token: 'TOKEN',
  },
};
beforeEach(async () => {
  sandbox = await startSandbox();
  setUpAccount(sandbox.world, UID, account);
});
afterEach(() => sandbox.stop());

const at = (path: string): string => `${sandbox.url}/sandbox/weibo${path}`;

async function post(path: string, fields: Record<string, string>) {
  const response = await fetch(at(path), {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  return { status: response.status, response };
}

async function share(status: string, change: Record<string, string> = {}) {
  const { response } = await post('/2/statuses/share.json', {
    access_token: 'TOKEN',
    status,
    rip: RIP,
    ...change,
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

async function get(path: string) {
  const response = await fetch(at(path));
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

const link = 'https://rs.example.gov.cn/s/1';

describe('sharing', () => {
  test('answers as documented, with a short link in the text', async () => {
    const { status, json } = await share(`退休 ${link}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      idstr: expect.stringMatching(/^52\d+$/),
      created_at: expect.stringMatching(/^\w{3} \w{3} \d{2} \d{2}:\d{2}:\d{2} \+0800 \d{4}$/),
      text: expect.stringMatching(/^退休 http:\/\/t\.cn\/\w+$/),
      user: { idstr: UID, statuses_count: 1 },
    });
    expect(json.id).toBe(Number(json.idstr));
  });

  test.each([
    ['no bound link', '退休通知', {}, 400, 10017],
    ['a link elsewhere', '退休 https://example.gov.cn.evil.example/', {}, 400, 10017],
    ['141 characters', `${'字'.repeat(131)}${link}`, {}, 400, 20012],
    ['a topic', `#退休# ${link}`, {}, 400, 10008],
    ['no operator address', `退休 ${link}`, { rip: '' }, 400, 10016],
    ['a wrong operator address', `退休 ${link}`, { rip: 'localhost' }, 400, 10008],
    ['a token nobody issued', `退休 ${link}`, { access_token: 'OTHER' }, 403, 21332],
  ])('refuses %s', async (_name, text, change, status, code) => {
    const answer = await share(text, change);
    expect(answer).toMatchObject({
      status,
      json: { request: '/2/statuses/share.json', error_code: code, error: expect.any(String) },
    });
    expect(sandbox.world.ledger.list({ kind: 'post.published' })).toHaveLength(0);
  });

  test('takes 140 characters, refuses the same text as last, takes it again after another', async () => {
    const text = `${'字'.repeat(130)}${link}`;
    expect((await share(text)).status).toBe(200);
    expect((await share(text)).json.error_code).toBe(20019);
    expect((await share(`另一条 ${link}`)).status).toBe(200);
    expect((await share(text)).status).toBe(200);
  });

  test('refuses after 30 posts an hour and 100 calls a day, and again takes some later', async () => {
    // Calls are counted by the day of Asia/Shanghai: the hour that passes below must not cross midnight.
    const day = 24 * 3_600_000;
    sandbox.world.clock.advance(day - ((sandbox.world.clock.now() + 8 * 3_600_000) % day));
    for (let count = 0; count < 30; count += 1)
      expect((await share(`第${count}条 ${link}`)).status).toBe(200);
    expect((await share(`多一条 ${link}`)).json.error_code).toBe(10024);
    sandbox.world.clock.advance(3_600_000);
    expect((await share(`再来 ${link}`)).status).toBe(200);
    for (let count = 0; count < 68; count += 1) await get(`/2/users/show.json?access_token=TOKEN&uid=${UID}`);
    expect((await share(`又一条 ${link}`)).json.error_code).toBe(10023);
    sandbox.world.clock.advance(24 * 3_600_000);
    expect((await share(`明天 ${link}`)).status).toBe(200);
  });

  test('says 21327 when the token has run out, with the code as the account words it', async () => {
    sandbox.world.clock.advance(31 * 24 * 3_600_000);
    expect((await share(`退休 ${link}`)).json.error_code).toBe(21327);
    setUpAccount(sandbox.world, UID, { ...account, errorCodeAs: 'string' });
    expect((await share('没有链接')).json.error_code).toBe('10017');
  });
});

describe('reading', () => {
  test('shows the five newest own posts, opens short links, and nobody else’s posts', async () => {
    for (let count = 0; count < 6; count += 1) await share(`第${count}条 ${link}${count}`);
    const { json } = await get('/2/statuses/user_timeline.json?access_token=TOKEN&count=100');
    const statuses = json.statuses as { text: string }[];
    expect(statuses.map(({ text }) => text.slice(0, 3))).toEqual([
      '第5条',
      '第4条',
      '第3条',
      '第2条',
      '第1条',
    ]);
    const short = statuses[0]!.text.split(' ')[1]!;
    const opened = await get(
      `/2/short_url/expand.json?access_token=TOKEN&url_short=${short}&url_short=http://t.cn/none`,
    );
    expect(opened.json.urls).toMatchObject([
      { url_long: `${link}5`, result: true },
      { url_long: '', result: false },
    ]);
    expect((await get('/2/statuses/user_timeline.json?access_token=TOKEN&uid=42')).json.error_code).toBe(
      10014,
    );
  });
});

describe('what a person sees and does', () => {
  test('the post, its picture, a comment, and the account’s answer to it', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({
      access_token: 'TOKEN',
      status: `退休<b> ${link}`,
      rip: RIP,
    })) {
      form.set(name, value);
    }
    const gif = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');
    form.set('pic', new Blob([gif]), 'a.gif');
    const shared = (await (
      await fetch(at('/2/statuses/share.json'), { method: 'POST', body: form })
    ).json()) as { idstr: string };
    const address = `/${UID}/${addressOfId(shared.idstr)}`;
    const page = await (await fetch(at(address))).text();
    expect(page).toContain('退休&#60;b&#62;');
    const picture = /src="([^"]+pictures[^"]+)"/.exec(page)?.[1];
    expect((await fetch(`${sandbox.url}${picture}`)).headers.get('content-type')).toBe('image/gif');
    expect((await post(`${address}/comments`, { nickname: '市民甲', content: '几点<下班>？' })).status).toBe(
      303,
    );
    const cid = stateOf(sandbox.world).accounts[UID]!.comments[0]!.id;
    await post('/2/comments/reply.json', {
      access_token: 'TOKEN',
      id: shared.idstr,
      cid,
      comment: '17:00',
      rip: RIP,
    });
    const after = await (await fetch(at(address))).text();
    expect(after).toContain('几点&#60;下班&#62;？');
    expect(after).toContain('回复@市民甲:17:00');
    expect(await (await fetch(at('/'))).text()).toContain('青川人社');
  });

  test('a private message is pushed, signed, and answered within 48 hours', async () => {
    setUpAccount(sandbox.world, UID, { ...account, push: { url: 'http://127.0.0.1:9/hooks' } });
    expect((await post(`/u/${UID}/chat`, { nickname: '市民甲', text: '你好' })).status).toBe(303);
    const [pushed] = sandbox.world.pushes.list('weibo');
    const body = JSON.parse(pushed!.http.body) as { sender_id: number };
    expect(body).toMatchObject({ type: 'text', receiver_id: Number(UID), text: '你好', data: {} });
    expect([...new URL(pushed!.http.url).searchParams.keys()].toSorted()).toEqual([
      'nonce',
      'signature',
      'timestamp',
    ]);
    const answer = () =>
      post('/2/messages/reply.json?access_token=TOKEN', {
        type: 'text',
        data: '{"text":"您好"}',
        receiver_id: String(body.sender_id),
      });
    expect((await answer()).status).toBe(200);
    const chat = await (await fetch(at(`/u/${UID}/chat?nickname=市民甲`))).text();
    expect(chat).toContain('data-testid="line-account">您好');
    sandbox.world.clock.advance(49 * 3_600_000);
    expect((await answer()).status).toBe(400);
  });

  test('consent may lead back to the application only', async () => {
    const query = new URLSearchParams({
      client_id: 'APPKEY',
      redirect_uri: 'https://desk.example.gov.cn/back',
      state: 'S',
    });
    const page = await fetch(at(`/oauth2/authorize?${query}`));
    expect(page.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://desk.example.gov.cn;",
    );
    expect(
      (await fetch(at('/oauth2/authorize?client_id=NOBODY&redirect_uri=https://a.example/'))).status,
    ).toBe(400);
    const denied = await post('/oauth2/authorize', {
      ...Object.fromEntries(query),
      uid: UID,
      decision: 'deny',
    });
    expect(denied.response.headers.get('location')).toContain('error=access_denied');
  });
});

test('the stand-in counts as the platform does', () => {
  expect([countCharacters('中a'), countCharacters('👍'), countCharacters(`看 ${link}`)]).toEqual([2, 2, 12]);
});
