import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setUpAccount } from '#sandbox/mastodon/set-up.ts';
import { stateOf } from '#sandbox/mastodon/state.ts';
import { postStatus } from '#sandbox/mastodon/statuses.ts';
import {
  MASTODON_TOKEN,
  MASTODON_USER,
  type MastodonStage,
  stageMastodon,
} from '#tests/support/mastodon-stage.ts';
import type { CheckResult, PlatformIds } from '../contract.ts';
import { codes, outcomeOfRefusal } from './codes.ts';
import { mastodon } from './connector.ts';
import { KEY_HOLDS_MS, SETTLE_MS } from './limits.ts';
import { postKey } from './publish.ts';
import { Account, Context, Instance, Picture, Status } from './shapes.ts';

const { publish, probe } = mastodon;
if (publish.kind !== 'remote' || !probe) throw new Error('capabilities');
const remote = publish;
const POST = '/api/v1/statuses POST';
const MINUTE = 60_000;

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/mastodon/${name}.json`, import.meta.url), 'utf8'));

let stage: MastodonStage;
beforeEach(async () => {
  stage = await stageMastodon();
});
afterEach(() => stage.stop());

describe('what a real server answered', () => {
  test('is read', () => {
    expect(Status.parse(fixture('status.create.response'))).toMatchObject({
      id: '01a20543-a037-7877-a678-de0093ca9e57',
      created_at: new Date('2026-11-22T21:57:27.785Z'),
      account: { acct: 'gov' },
    });
    expect(Instance.parse(fixture('instance.v2')).configuration.statuses).toEqual({
      max_characters: 10_000,
      max_media_attachments: 8,
      characters_reserved_per_url: 256,
    });
    expect(Picture.parse(fixture('media.v2.response')).url).toContain('/original.png');
    expect(Account.parse(fixture('verify_credentials'))).toMatchObject({ acct: 'gov', statuses_count: 5 });
    expect(Context.parse(fixture('status.context')).descendants).toEqual([]);
    const notifications = fixture('notifications.list') as { status: unknown }[];
    expect(Status.parse(notifications[1]?.status)).toMatchObject({
      in_reply_to_id: '01a20542-4e44-7257-ad16-9b28edfc500d',
      account: { acct: 'bot@', url: 'http://127.0.0.1:53100/users/bot' },
    });
  });

  test('refusals become outcomes, also with the fields of another server', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.arm(POST, { kind: 'status', status: 401, body: fixture('error.401') });
    expect(await stage.submit(payload, ids)).toEqual({ kind: 'sign-in-again', code: 'token-refused' });
    stage.arm(POST, { kind: 'status', status: 422, body: fixture('error.422') });
    expect(await stage.submit(payload, ids)).toMatchObject({ kind: 'rejected', code: 'refused' });
  });
});

describe('the table of refusals', () => {
  test('says both languages, and what is not in it is unknown', () => {
    for (const meaning of codes) expect(meaning.zh && meaning.en && meaning.code).toBeTruthy();
    expect(outcomeOfRefusal(418, 'teapot').kind).toBe('unknown');
  });

  test.each([
    [401, 'The access token was revoked', 'sign-in-again'],
    [403, 'This action is outside the authorized scopes', 'sign-in-again'],
    [403, 'Your login is currently disabled', 'sign-in-again'],
    [403, 'This action is not allowed', 'rejected'],
    [404, 'Record not found', 'rejected'],
    [422, 'Cannot attach files that have not finished processing. Try again in a moment!', 'retry-later'],
    [422, 'Validation failed: Text character limit of 500 exceeded', 'rejected'],
  ])('%i %s is %s', (status, says, kind) => expect(outcomeOfRefusal(status, says).kind).toBe(kind));
});

describe('preparing', () => {
  const prepare = (payload = stage.build({ picture: true }), once = stage.once()) =>
    publish.prepare(stage.session, payload, stage.media, once);

  test('uploads a picture with its description, and asks whether it is ready', async () => {
    expect(await prepare()).toMatchObject({ kind: 'prepared', ids: { ownerId: stage.account().id } });
    expect(stage.calls().map((call) => call.replace(/\d{18}/, 'ID'))).toEqual([
      'GET /api/v1/accounts/verify_credentials',
      'GET /api/v2/instance',
      'POST /api/v2/media',
      'GET /api/v1/media/ID',
    ]);
    expect(stage.ledger('media.uploaded')[0]?.detail).toMatchObject({ description: '办事窗口' });
  });

  test('waits for a picture that is processed, without sleeping and without a second upload', async () => {
    stage.account().pictureDelayMs = 10_000;
    const payload = stage.build({ picture: true });
    const once = stage.once();
    expect(await prepare(payload, once)).toMatchObject({ kind: 'retry-later', code: 'picture-not-ready' });
    expect(await prepare(payload, once)).toMatchObject({ kind: 'retry-later', code: 'picture-not-ready' });
    stage.advance(10_000);
    expect((await prepare(payload, once)).kind).toBe('prepared');
    expect(stage.ledger('media.uploaded')).toHaveLength(1);
  });

  test('uploads again what the instance has thrown away since', async () => {
    const payload = stage.build({ picture: true });
    const once = stage.once();
    const first = await stage.prepare(payload, once);
    stage.advance(13 * 60 * MINUTE);
    const second = await stage.prepare(payload, once);
    expect(second.mediaIds).not.toBe(first.mediaIds);
    expect((await stage.submit(payload, second)).kind).toBe('published');
  });

  test('prepares again for a repetition although a post has taken the picture', async () => {
    const payload = stage.build({ picture: true });
    const once = stage.once();
    const ids = await stage.prepare(payload, once);
    await stage.submit(payload, ids);
    expect(await stage.prepare(payload, once)).toEqual(ids);
  });

  test('refuses by the limits of the instance, not by its own', async () => {
    setUpAccount(stage.sandbox.world, MASTODON_USER, { name: '青川人社', limits: { characters: 40 } });
    expect(await prepare(stage.build())).toMatchObject({ kind: 'rejected', code: 'content-body' });
    setUpAccount(stage.sandbox.world, MASTODON_USER, { name: '青川人社', limits: { pictures: 0 } });
    expect(await prepare()).toMatchObject({ kind: 'rejected', code: 'content-media' });
  });

  test('takes Mastodon’s limits where a server does not tell its own', async () => {
    stage.arm('/api/v2/instance', { kind: 'status', status: 404, body: { error: 'Not found' } });
    expect((await prepare()).kind).toBe('prepared');
  });

  test('refuses the token of another account: it would publish there', async () => {
    setUpAccount(stage.sandbox.world, 'other', { name: '别的单位', token: 'ANOTHER_TOKEN' });
    stage.session.credentials = { accessToken: 'ANOTHER_TOKEN' };
    expect(await prepare()).toEqual({ kind: 'sign-in-again', code: 'token-of-another-account' });
  });

  test.each(['/api/v1/accounts/verify_credentials', '/api/v2/instance', '/api/v2/media', '/api/v1/media/'])(
    'waits when %s fails, and is never unknown',
    async (path) => {
      stage.arm(path, { kind: 'lose-answer', accept: true });
      expect((await prepare()).kind).toBe('retry-later');
    },
  );
});

describe('submitting', () => {
  test('sends text, picture and key in one call, never a time, and the token is in no record', async () => {
    const payload = stage.build({ picture: true });
    const ids = await stage.prepare(payload);
    stage.calls();
    const outcome = await stage.submit(payload, ids);
    expect(stage.calls()).toEqual(['POST /api/v1/statuses']);
    const [post] = stage.ledger('post.published');
    expect(post?.detail).toMatchObject({ text: payload.body.value, media: [ids.mediaIds] });
    expect(outcome).toMatchObject({ kind: 'published', ids: { postId: post?.key } });
    const page = await fetch((outcome as { url: string }).url);
    expect(await page.text()).toContain('退休一件事，一次办好');
    const sent = JSON.stringify(stage.exchanges.at(-1)?.request);
    expect(sent).toContain(postKey(payload.shortLink));
    expect(sent).not.toContain('scheduled');
    expect(JSON.stringify(stage.exchanges)).not.toContain(MASTODON_TOKEN);
  });

  test('sends nothing when the pictures were not uploaded', async () => {
    const payload = stage.build({ picture: true });
    expect(await stage.submit(payload, {})).toMatchObject({ kind: 'retry-later' });
    expect(stage.calls()).toEqual([]);
  });

  test('the key belongs to one delivery', () => {
    const [first, second] = [stage.build().shortLink, stage.build().shortLink];
    expect(postKey(first)).toBe(postKey(first));
    expect(postKey(first)).not.toBe(postKey(second));
  });

  test.each([
    ['Retry-After', { 'retry-after': '30' }, 30_000],
    ['neither header', {}, 5 * MINUTE],
    ['a time that has passed', { 'x-ratelimit-reset': '2001-01-01T00:00:00Z' }, 1000],
    [
      'a reset by a clock that is an hour wrong',
      { date: 'Mon, 23 Nov 2026 05:00:00 GMT', 'x-ratelimit-reset': '2026-11-23T05:02:00.000000Z' },
      2 * MINUTE,
    ],
  ])('waits after a 429 with %s', async (_name, headers, afterMs) => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.arm(POST, { kind: 'status', status: 429, body: { error: 'Too many requests' }, headers });
    expect(await stage.submit(payload, ids)).toMatchObject({
      kind: 'retry-later',
      afterMs,
      scope: 'account',
    });
  });

  test('waits until the window of the account begins anew', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.account().callsPerWindow = 0;
    const outcome = await stage.submit(payload, ids);
    if (outcome.kind !== 'retry-later') throw new Error(outcome.kind);
    expect(outcome.afterMs).toBeLessThanOrEqual(5 * MINUTE);
    stage.account().callsPerWindow = 1;
    stage.advance(outcome.afterMs + 1000);
    expect((await stage.submit(payload, ids)).kind).toBe('published');
  });
});

describe('after a lost answer', () => {
  type Lost = { ids: PlatformIds; check(): Promise<CheckResult>; again(): Promise<unknown> };
  async function lose(accept: boolean, delayMs = 0): Promise<Lost> {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.account().timelineDelayMs = delayMs;
    stage.arm(POST, { kind: 'lose-answer', accept });
    let sentAt = stage.session.now();
    await stage.submit(payload, ids);
    return {
      ids,
      check: () => remote.check(stage.session, payload, ids, sentAt),
      again() {
        // As the program does: every submission moves the time of sending.
        sentAt = stage.session.now();
        return stage.submit(payload, ids);
      },
    };
  }

  test('a post that was not accepted may be sent again under its key, after the first call has surely ended', async () => {
    const lost = await lose(false);
    const early = await lost.check();
    if (early.kind !== 'repeatable') throw new Error(early.kind);
    expect(early.afterMs).toBeGreaterThan(SETTLE_MS - 5000);
    stage.advance(SETTLE_MS);
    expect(await lost.check()).toEqual({ kind: 'repeatable', afterMs: 0 });
    expect(await lost.again()).toMatchObject({ kind: 'published' });
    expect(ours()).toHaveLength(1);
  });

  test('a post that the list does not show yet is not doubled by sending it again', async () => {
    crowd(1);
    stage.advance(60 * MINUTE);
    const lost = await lose(true, 30 * MINUTE);
    stage.advance(SETTLE_MS);
    expect((await lost.check()).kind).toBe('repeatable');
    expect(await lost.again()).toMatchObject({
      kind: 'published',
      ids: { postId: ours()[0]?.key },
    });
    expect(ours()).toHaveLength(1);
  });

  test('the key is not believed for longer because it was used again', async () => {
    crowd(1);
    stage.advance(25 * 60 * MINUTE);
    const lost = await lose(true, 24 * 60 * MINUTE);
    stage.advance(KEY_HOLDS_MS - 5 * MINUTE);
    expect((await lost.check()).kind).toBe('repeatable');
    stage.arm(POST, { kind: 'lose-answer', accept: true });
    await lost.again();
    stage.advance(5 * MINUTE);
    expect((await lost.check()).kind).not.toBe('repeatable');
    stage.account().timelineDelayMs = 0;
    // Sent again at 45 minutes, accepted at 0: the search goes back to the first submission.
    expect((await lost.check()).kind).toBe('published');
    expect(ours()).toHaveLength(1);
  });

  test('a post that was prepared long before is never called repeatable', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.advance(2 * KEY_HOLDS_MS);
    stage.arm(POST, { kind: 'lose-answer', accept: false });
    const sentAt = stage.session.now();
    await stage.submit(payload, ids);
    expect(await publish.check(stage.session, payload, ids, sentAt)).toEqual({ kind: 'absent' });
  });

  test('finds the post behind many others, and says unknown when there are more than it reads', async () => {
    const lost = await lose(true);
    stage.advance(1000);
    crowd(100);
    expect((await lost.check()).kind).toBe('published');
    crowd(300);
    expect((await lost.check()).kind).toBe('unknown');
  });

  test('an answer that quotes the link is not the post', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    const other = stage.build();
    const first = await stage.submit(other, await stage.prepare(other));
    if (first.kind !== 'published') throw new Error(first.kind);
    crowd(1, { status: `请看 ${payload.shortLink}`, in_reply_to_id: first.ids.postId });
    stage.advance(KEY_HOLDS_MS);
    const now = stage.session.now();
    expect(await publish.check(stage.session, payload, ids, now)).toEqual({ kind: 'absent' });
  });

  test('an empty list is believed only of an account without posts', async () => {
    const other = stage.build();
    await stage.submit(other, await stage.prepare(other));
    const lost = await lose(false);
    stage.advance(KEY_HOLDS_MS);
    expect((await lost.check()).kind).toBe('absent');
    stage.arm(`/accounts/${stage.account().id}/statuses`, { kind: 'answer', body: [] });
    expect((await lost.check()).kind).toBe('unknown');
  });

  test('another account’s token proves nothing', async () => {
    const lost = await lose(true);
    stage.account().id = '115000000999999999';
    expect((await lost.check()).kind).toBe('sign-in-again');
  });

  test('with an id asks for that post only; one that is gone is for a person', async () => {
    const payload = stage.build();
    const outcome = await stage.submit(payload, await stage.prepare(payload));
    if (outcome.kind !== 'published') throw new Error(outcome.kind);
    stage.calls();
    const ask = () => remote.check(stage.session, payload, outcome.ids, stage.session.now());
    expect(await ask()).toMatchObject({ kind: 'published', at: outcome.at });
    expect(stage.calls()).toEqual([`GET /api/v1/statuses/${outcome.ids.postId}`]);
    stateOf(stage.sandbox.world).statuses = [];
    expect((await ask()).kind).toBe('unknown');
  });

  test('a withdrawn grant pauses the account instead of deciding about the post', async () => {
    const lost = await lose(true);
    for (const token of stage.account().tokens) token.revoked = true;
    expect(await lost.check()).toMatchObject({ kind: 'sign-in-again' });
  });

  const ours = () =>
    stage.ledger('post.published').filter(({ detail }) => String(detail.text).includes('退休一件事'));

  /** Other statuses of the account, posted there by somebody else. */
  function crowd(count: number, fields: Record<string, unknown> = {}): void {
    for (let at = 0; at < count; at += 1) {
      postStatus({
        ...{ world: stage.sandbox.world, account: stage.account(), params: {}, query: {}, file: null },
        fields: { status: `第${at}条`, ...fields },
        idempotencyKey: null,
        base: stage.session.http.baseUrl,
      });
    }
  }
});

describe('the account’s own instance', () => {
  test('is called where the operator set no address, and only below its own host', async () => {
    const asked: string[] = [];
    const session = {
      ...stage.session,
      http: {
        baseUrl: mastodon.defaultBaseUrl ?? '',
        request: (call: { path: string }) => {
          asked.push(call.path);
          return Promise.reject(new Error('nobody there'));
        },
      },
    };
    await expect(probe.probe(session)).rejects.toThrow('nobody there');
    expect(asked).toEqual(['https://instance.example/api/v1/accounts/verify_credentials']);
    const pattern = mastodon.fields.find(({ key }) => key === 'instanceUrl')?.pattern;
    for (const wrong of ['http://a.cn', 'https://a.cn/x', 'https://u@a.cn', 'a.cn']) {
      expect(pattern?.test(wrong)).toBe(false);
    }
    expect(pattern?.test('https://social.example.gov.cn')).toBe(true);
  });

  test('is probed with two harmless calls', async () => {
    expect(await probe.probe(stage.session)).toMatchObject({
      kind: 'ok',
      notes: [expect.stringContaining('@qingchuan'), expect.stringContaining('500')],
    });
    stage.arm('/verify_credentials', { kind: 'html', accept: true });
    expect(await probe.probe(stage.session)).toMatchObject({ kind: 'failed' });
  });
});
