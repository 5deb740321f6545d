import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stateOf } from '#sandbox/douyin/state.ts';
import { DOUYIN_KEY, DOUYIN_SECRET, type DouyinStage, stageDouyin } from '#tests/support/douyin-stage.ts';
import type { AccountSession } from '../contract.ts';
import { describePure } from '../suite.ts';
import { douyinScan, limits } from './connector.ts';
import { findLink } from './find-link.ts';
import { wordsOf } from './open-app.ts';
import { encodeSchema, shareSchema, signTicket } from './schema.ts';
import { makeQrLink, makeShareLink } from './share.ts';

const vector = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/douyin-scan/share-signature.json', import.meta.url), 'utf8'),
) as {
  official_vector: Record<'nonce_str' | 'ticket' | 'timestamp' | 'signature', string>;
  schema_params: Record<string, string>;
  schema_sorted_encoded: string;
};
const { nonce_str: nonce, ticket, timestamp, signature } = vector.official_vector;
const signing = { nonce, ticket, timestamp };

describePure(douyinScan);

describe('the signed link', () => {
  test('is signed as in the platform’s own example', () => {
    expect(signTicket(signing)).toBe(signature);
    expect(signTicket({ ...signing, nonce: `${nonce}x` })).not.toBe(signature);
  });

  test('is encoded as the app reads it', () => {
    expect(encodeSchema(vector.schema_params)).toBe(vector.schema_sorted_encoded);
    expect(encodeSchema({ title: 'a b+c&d=e' })).toBe(
      'snssdk1128://openplatform/share?title=a%20b%2Bc%26d%3De',
    );
  });

  const share = {
    clientKey: 'ck',
    signing,
    shareId: '1759435947641859',
    title: '办事指南',
    hashtags: ['便民'],
  };
  const paramsOf = (schema: string) => Object.fromEntries(new URLSearchParams(schema.split('?')[1]));

  test('carries pictures to the editor and one video to the publishing page', () => {
    const url = 'https://rs.example.gov.cn/m/1.jpg?e=1';
    const one = paramsOf(shareSchema({ ...share, media: { kind: 'pictures', urls: [url] } }));
    expect(one).toMatchObject({
      ...{ share_type: 'h5', client_key: 'ck', nonce_str: nonce, timestamp, signature },
      ...{ state: share.shareId, title: '办事指南', hashtag_list: '["便民"]', image_path: url },
    });
    expect(one.share_to_publish).toBeUndefined();
    const two = paramsOf(shareSchema({ ...share, media: { kind: 'pictures', urls: [url, url] } }));
    expect(two.image_list_path).toBe(JSON.stringify([url, url]));
    const video = paramsOf(shareSchema({ ...share, media: { kind: 'video', url } }));
    expect(video).toMatchObject({ video_path: url, share_to_publish: '1' });
  });

  test.each([
    ['nothing', []],
    ['an address the app could not fetch', ['http://127.0.0.1/1.jpg']],
  ])('is not made of %s', (_name, urls) => {
    expect(() => shareSchema({ ...share, media: { kind: 'pictures', urls } })).toThrow(/公网 https/);
  });
});

describe('asking the platform for a link', () => {
  let stage: DouyinStage;
  let session: AccountSession;
  beforeEach(async () => {
    stage = await stageDouyin();
    session = {
      ...stage.session,
      account: { ...stage.session.account, platform: 'douyin-scan', settings: { clientKey: DOUYIN_KEY } },
      credentials: { clientSecret: DOUYIN_SECRET },
    };
  });
  afterEach(() => stage.stop());

  const media = { kind: 'pictures', urls: ['https://rs.example.gov.cn/m/1.jpg'] } as const;
  const make = () => makeShareLink(session, { title: '退休一件事', hashtags: [], media });
  const scan = async (schema: string) =>
    (await fetch(`${stage.sandbox.url}/sandbox/douyin/scan?${new URLSearchParams({ schema })}`)).text();

  test('gives one that the app opens; token and ticket are kept, and are in no record', async () => {
    const [first, second] = [await make(), await make()];
    if ('failure' in first || 'failure' in second) throw new Error('not made');
    expect(await scan(first.schema)).toContain('scan-accepted');
    expect(await scan(first.schema.replace(/nonce_str=\w/, 'nonce_str=_'))).toContain(
      'verify signature fail',
    );
    expect(second.shareId).not.toBe(first.shareId);
    expect(stage.calls()).toEqual(['/oauth/client_token/', '/open/getticket/', '/share-id/', '/share-id/']);
    expect(JSON.stringify(stage.exchanges)).not.toMatch(/clt\.\w|test_client_secret/);
    stage.advance(3 * 3_600_000);
    expect(await scan(first.schema)).toContain('verify signature fail');
    expect('schema' in (await make())).toBe(true);
  });

  test('as a QR code gives a short one, and what a person posts with it is told with its id', async () => {
    const soon = new Date(stage.session.now().getTime() + 3_600_000);
    const video = { kind: 'video', url: 'https://rs.example.gov.cn/m/1.mp4?e=1' } as const;
    const made = await makeQrLink(session, { title: '退休一件事', hashtags: ['人社'], media: video }, soon);
    if ('failure' in made) throw new Error(JSON.stringify(made.failure));
    expect(await scan(made.schema)).toContain('scan-accepted');
    expect(JSON.stringify(stage.exchanges)).not.toMatch(/clt\.\w|test_client_secret/);
    for (const { value } of stateOf(stage.sandbox.world).tickets)
      expect(JSON.stringify(stage.exchanges)).not.toContain(value);
    const late = await makeQrLink(session, { title: '', hashtags: [], media: video }, stage.session.now());
    expect(late).toMatchObject({ failure: { kind: 'retry-later', code: '2100005' } });
    stage.account().scopes = ['h5.share'];
    expect(await makeQrLink(session, { title: '', hashtags: [], media }, soon)).toMatchObject({
      failure: { kind: 'rejected', code: '28001018' },
    });
  });

  test('says what is lacking, and waits when the platform fails', async () => {
    stage.account().scopes = ['user_info'];
    expect(await make()).toMatchObject({ failure: { kind: 'rejected', code: '28001018' } });
    expect(await douyinScan.probe!.probe(session)).toMatchObject({
      kind: 'failed',
      outcome: { kind: 'rejected' },
    });
    stage.account().scopes = ['h5.share'];
    for (const fault of [
      { kind: 'html', accept: false },
      { kind: 'lose-answer', accept: true },
    ] as const) {
      stage.arm('/open/getticket/', fault);
      expect(await make()).toMatchObject({ failure: { kind: 'retry-later' } });
    }
    expect((await douyinScan.probe!.probe(session)).kind).toBe('ok');
  });

  test('a refused token is replaced at the next try', async () => {
    await make();
    for (const token of stateOf(stage.sandbox.world).clientTokens) token.expiresAt = 0;
    expect(await make()).toMatchObject({ failure: { kind: 'retry-later', code: '28001008' } });
    expect('schema' in (await make())).toBe(true);
  });

  test('without an application needs no call', async () => {
    const bare = { ...session, account: { ...session.account, settings: {} } };
    expect((await douyinScan.probe!.probe(bare)).kind).toBe('ok');
    expect(stage.calls()).toEqual([]);
  });
});

describe('a push', () => {
  const { push } = douyinScan;
  const credentials = { clientKey: DOUYIN_KEY, clientSecret: DOUYIN_SECRET };
  const now = new Date('2026-11-28T02:00:00Z');
  const told = (event: string, content: object, secret = DOUYIN_SECRET) => {
    const body = Buffer.from(JSON.stringify({ event, from_user_id: 'a', to_user_id: '', content }));
    const signature = createHash('sha1').update(secret).update(body).digest('hex');
    const headers = { 'x-douyin-signature': signature };
    const opened = push!.open(credentials, { method: 'POST', query: {}, headers, body }, now);
    return opened && push!.parse(opened.clear, opened.dedupKey);
  };

  test('of a work made with a link says that it is out', () => {
    const ids = { itemId: '@9Vw', shareId: '1759435947641859' };
    expect(told('create_video', { item_id: ids.itemId, share_id: ids.shareId })).toMatchObject({
      ...{ kind: 'delivery', ids },
      outcome: { kind: 'published', ids, url: null, at: null },
    });
  });

  test.each([
    ['create_video', { item_id: '@9Vw' }],
    ['im_receive_msg', { create_time: now.getTime(), message_type: 'text', text: '你好' }],
    ['unauthorize', { scopes: ['user_info'] }],
  ])('of %s that no link made is let go', (event, content) => {
    expect(told(event, content)).toMatchObject({ kind: 'ignored' });
  });

  test('that is forged is none', () => {
    expect(told('create_video', { item_id: '1', share_id: '2' }, 'other')).toBeNull();
  });
});

describe('the words that go along', () => {
  test.each([
    ['条件\n\n年满六十。\n\n#人社 #便民', '条件\n\n年满六十。', ['人社', '便民']],
    ['办 #社保 的人看这里', '办 #社保 的人看这里', []],
    ['#人社', '', ['人社']],
  ])('%j', (value, title, hashtags) => {
    expect(wordsOf({ title: '退休', body: { kind: 'text', value } })).toEqual({
      ...{ title, shortTitle: '退休', hashtags },
    });
  });
});

describe('finding the link in what was pasted', () => {
  test.each([
    [
      '7.43 复制打开抖音，看看【青川人社的作品】退休一件事，一次办好 https://v.douyin.com/iRNBho6u/ 03/12 abc:/ T@y.gO',
      'https://v.douyin.com/iRNBho6u/',
    ],
    [
      '看https://www.douyin.com/note/7215132967188971234。',
      'https://www.douyin.com/note/7215132967188971234',
    ],
    [
      'https://www.douyin.com/video/7215132967188971234?previous_page=app_code_link 好',
      'https://www.douyin.com/video/7215132967188971234?previous_page=app_code_link',
    ],
    [
      'https://www.douyin.com/user/self?from=x&modal_id=7215132967188971234',
      'https://www.douyin.com/user/self?from=x&modal_id=7215132967188971234',
    ],
    [
      'https://www.iesdouyin.com/share/note/7215132967188971234/?region=CN!',
      'https://www.iesdouyin.com/share/note/7215132967188971234/?region=CN',
    ],
  ])('%s', (pasted, url) => {
    expect(findLink(pasted)).toBe(url);
  });

  test.each([
    '',
    '已发布',
    'https://www.douyin.com/user/self',
    'https://v.douyin.com.evil.example/iRNBho6u/',
    'https://evil.example/?https-v.douyin.com/iRNBho6u',
    'https://www.kuaishou.com/short-video/3xabc',
  ])('“%s” holds none', (pasted) => {
    expect(findLink(pasted)).toBeNull();
  });
});

describe('inspection', () => {
  const { publish } = douyinScan;
  const master = {
    ...{ title: '退休一件事，一次办好', digest: '', author: '', html: '', text: '条件\n年满六十。' },
    media: [
      {
        ...{ sha256: 'a'.repeat(64), mime: 'image/jpeg', width: 900, height: 1200, size: 1 },
        ...({ role: 'cover', alt: '' } as const),
      },
    ],
  };
  const context = { shortLink: 'https://rs.example.gov.cn/s/Abc123', settings: {} };
  const inspect = (change: object) =>
    publish
      .inspect(
        { ...publish.compose(master, context), ...change },
        { shortLink: context.shortLink, reach: 'timeline' },
      )
      .problems.map(({ level, field }) => `${level} ${field}`);

  test('passes what was composed, which carries no outside address', () => {
    expect(inspect({})).toEqual([]);
    expect(publish.compose(master, context).body.value).toBe('条件\n\n年满六十。');
  });

  test.each([
    ['no picture', { media: [] }, ['block media']],
    ['a lying cover', { media: [{ ...master.media[0], width: 1600, height: 900 }] }, ['warn media']],
    ['31 pictures', { media: Array(31).fill(master.media[0]) }, ['block media']],
    ['a long title', { title: '题'.repeat(limits.title + 1) }, ['block title']],
    ['a long text', { body: { kind: 'text', value: '字。'.repeat(501) } }, ['block body']],
    ['an address', { body: { kind: 'text', value: '见 https://a.example' } }, ['warn body']],
  ])('finds %s', (_name, change, found) => {
    expect(inspect(change)).toEqual(found);
  });

  test('cuts a first paragraph that alone is too long', () => {
    const long = publish.compose({ ...master, text: '字'.repeat(3000) }, context);
    expect([...long.body.value]).toHaveLength(limits.body);
  });
});
