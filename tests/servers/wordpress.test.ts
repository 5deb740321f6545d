/** The WordPress connector against WordPress itself, as Debian packs it: what the stand-in is believed to do, shown. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountSession, OnceStep, PlatformIds } from '#connectors/contract.ts';
import { wordpress } from '#connectors/wordpress/connector.ts';
import { createPlatformHttp } from '#server/base/egress.ts';
import type { PackagePayload } from '#shared/package.ts';
import {
  buildWordpressPayload,
  memoryOnce,
  WORDPRESS_PICTURE,
  wordpressMedia,
} from '#tests/support/wordpress-stage.ts';
import { type LosingProxy, startLosingProxy } from './support/losing-proxy.ts';
import { startWordpress, type WordpressServer } from './support/wordpress-server.ts';

const { comments, metrics, moderation, probe, withdraw } = wordpress;
if (wordpress.publish.kind !== 'remote' || !comments || !metrics || !moderation || !probe || !withdraw) {
  throw new Error('capabilities are missing');
}
const { publish } = wordpress;

let server: WordpressServer;
let proxy: LosingProxy;
beforeAll(async () => {
  server = await startWordpress();
  proxy = await startLosingProxy(server.url);
});
afterAll(async () => {
  await proxy?.stop();
  await server?.stop();
});

let links = 0;
const build = (words: Parameters<typeof buildWordpressPayload>[1] = {}): PackagePayload =>
  buildWordpressPayload(`https://rs.example.gov.cn/s/Real${String(++links).padStart(4, '0')}`, words);

function openSession(settings: Record<string, string> = {}, password?: string): AccountSession {
  const noTokens = () => Promise.reject(new Error('this platform has no tokens to renew'));
  return {
    account: {
      ...{ id: 'a1', name: '青川人社', platform: 'wordpress' },
      settings: { siteUrl: 'https://www.example.gov.cn', username: server.username, ...settings },
    },
    credentials: { applicationPassword: password ?? server.applicationPassword },
    http: createPlatformHttp({ baseUrl: proxy.url, allowPrivate: true, record: () => undefined }),
    tokens: { get: noTokens, peek: async () => null, drop: noTokens },
    now: () => new Date(),
    publicUrl: 'https://rs.example.gov.cn',
  };
}

async function prepare(session: AccountSession, payload: PackagePayload, once: OnceStep = memoryOnce()) {
  const result = await publish.prepare(session, payload, wordpressMedia, once);
  if (result.kind !== 'prepared') throw new Error(JSON.stringify(result));
  return result.ids;
}

async function send(session: AccountSession, payload: PackagePayload): Promise<PlatformIds> {
  const ids = await prepare(session, payload);
  const outcome = await publish.submit(session, payload, ids, wordpressMedia);
  if (outcome.kind !== 'published') throw new Error(JSON.stringify(outcome));
  return { ...ids, ...outcome.ids };
}

const countPosts = async (status: string): Promise<number> =>
  Number(await server.php(`require 'wp-load.php'; echo wp_count_posts()->${status};`));

describe.each(['wp-json', 'plain'])('a site with addresses of the form %s', (addresses) => {
  test('shows a post with its picture once, under its link', async () => {
    const session = openSession({ addresses });
    const payload = build({ title: `退休一件事（${addresses}）`, picture: true });
    const before = await countPosts('publish');
    const ids = await prepare(session, payload);
    expect(await countPosts('publish')).toBe(before);
    const outcome = await publish.submit(session, payload, ids, wordpressMedia);
    expect(outcome).toMatchObject({ kind: 'published', url: expect.stringContaining(server.url) });
    expect(await countPosts('publish')).toBe(before + 1);
    const page = await fetch((outcome as { url: string }).url);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('材料齐全的，当场受理');
    expect(html).toContain(`alt="${WORDPRESS_PICTURE.alt}"`);
    expect(html).not.toContain('media:');
  });

  test('finds a post by its link when the answer to the sending was lost', async () => {
    const session = openSession({ addresses });
    const payload = build();
    const before = await countPosts('publish');
    const ids = await prepare(session, payload);
    const sentAt = new Date();
    proxy.lose(true);
    const outcome = await publish.submit(session, payload, ids, wordpressMedia);
    proxy.lose(false);
    expect(outcome.kind).toBe('unknown');
    expect(await publish.check(session, payload, ids, sentAt)).toMatchObject({ kind: 'published' });
    expect(await countPosts('publish')).toBe(before + 1);
  });

  test('says absent of what was prepared and never sent', async () => {
    const session = openSession({ addresses });
    const payload = build();
    const ids = await prepare(session, payload);
    expect((await publish.check(session, payload, ids, new Date())).kind).toBe('absent');
  });
});

test('preparing again after a lost answer makes no second draft', async () => {
  const session = openSession();
  const payload = build();
  const once = memoryOnce();
  const before = await countPosts('draft');
  proxy.lose(true);
  expect((await publish.prepare(session, payload, wordpressMedia, once)).kind).toBe('retry-later');
  proxy.lose(false);
  await prepare(session, payload, once);
  await prepare(session, payload, once);
  expect(await countPosts('draft')).toBe(before + 1);
});

test('sent twice, one post stands and keeps its date', async () => {
  const session = openSession();
  const payload = build();
  const before = await countPosts('publish');
  const ids = await send(session, payload);
  const first = await publish.check(session, payload, ids, new Date());
  expect((await publish.submit(session, payload, ids, wordpressMedia)).kind).toBe('published');
  expect(await publish.check(session, payload, ids, new Date())).toMatchObject({
    at: (first as { at: Date }).at,
  });
  expect(await countPosts('publish')).toBe(before + 1);
});

test('a wrong password is told as such, and nothing is made', async () => {
  const session = openSession({}, 'abcd efgh ijkl mnop qrst uvwx');
  const before = await countPosts('draft');
  const outcome = await publish.prepare(session, build(), wordpressMedia, memoryOnce());
  expect(outcome.kind).toBe('sign-in-again');
  expect((await probe.probe(session)).kind).toBe('failed');
  expect(await countPosts('draft')).toBe(before);
});

test('a user who may not publish is told before the moment', async () => {
  const password = await server.php(`
    require 'wp-load.php';
    $id = wp_insert_user(['user_login' => 'helper', 'user_pass' => 'only for tests', 'role' => 'contributor']);
    echo WP_Application_Passwords::create_new_application_password($id, ['name' => 'huisheng'])[0];`);
  const outcome = await publish.prepare(
    openSession({ username: 'helper' }, password),
    build(),
    wordpressMedia,
    memoryOnce(),
  );
  expect(outcome).toMatchObject({ kind: 'rejected', code: 'role-too-low' });
});

test('a reader’s comment is heard, answered below it, and the answer is found again', async () => {
  const session = openSession();
  const payload = build();
  const ids = await send(session, payload);
  await server.php(`
    require 'wp-load.php';
    wp_insert_comment(['comment_post_ID' => ${Number(ids.postId)}, 'comment_author' => '读者',
      'comment_content' => '灵活就业 & <新业态>人员怎么参保？', 'comment_approved' => 1]);`);
  const heard = await comments.list(session, ids);
  if ('failure' in heard) throw new Error(JSON.stringify(heard));
  expect(heard.comments).toMatchObject([{ text: expect.stringContaining('灵活就业 &'), reply: null }]);
  const [comment] = heard.comments;
  const answer = '可在户籍地或就业地参保；带身份证即可。“两不误”...';
  expect((await comments.checkReply(session, ids, comment!.platformId, answer)).kind).toBe('absent');
  expect(await comments.reply(session, ids, comment!.platformId, answer)).toMatchObject({ kind: 'sent' });
  expect((await comments.checkReply(session, ids, comment!.platformId, answer)).kind).toBe('sent');
  expect(await comments.list(session, ids)).toMatchObject({
    comments: [{ platformId: comment!.platformId, reply: { text: expect.stringContaining('户籍地') } }],
  });
});

test('a probe names the user the desk works as', async () => {
  expect(await probe.probe(openSession())).toMatchObject({
    kind: 'ok',
    notes: [expect.stringContaining('huisheng')],
  });
});

test('a withdrawn post is read by nobody, however often it is withdrawn, and its words are kept', async () => {
  const session = openSession();
  const payload = build();
  const ids = await send(session, payload);
  const shown = await publish.check(session, payload, ids, new Date());
  const { url } = shown as { url: string };
  expect((await fetch(url)).status).toBe(200);
  expect(await withdraw.withdraw(session, ids)).toEqual({ kind: 'withdrawn' });
  expect(await withdraw.withdraw(session, ids)).toEqual({ kind: 'withdrawn' });
  const after = await fetch(url);
  expect(await after.text()).not.toContain('材料齐全的，当场受理');
  expect(
    await server.php(`require 'wp-load.php'; echo get_post(${Number(ids.postId)})->post_content;`),
  ).toContain('材料齐全的，当场受理');
});

test('a lost answer to a withdrawal may be asked again', async () => {
  const session = openSession();
  const ids = await send(session, build());
  proxy.lose(true);
  expect((await withdraw.withdraw(session, ids)).kind).not.toBe('withdrawn');
  proxy.lose(false);
  expect(await withdraw.withdraw(session, ids)).toEqual({ kind: 'withdrawn' });
});

test('a bad comment is taken off the page, and the count follows', async () => {
  const session = openSession();
  const ids = await send(session, build());
  await server.php(`
    require 'wp-load.php';
    foreach (['加微信领补贴', '谢谢，讲得清楚'] as $words) {
      wp_insert_comment(['comment_post_ID' => ${Number(ids.postId)}, 'comment_author' => '路人',
        'comment_content' => $words, 'comment_approved' => 1]);
    }`);
  const heard = await comments.list(session, ids);
  if ('failure' in heard) throw new Error(JSON.stringify(heard));
  const bad = heard.comments.find(({ text }) => text.includes('加微信'));
  expect(await moderation.act(session, ids, bad!.platformId, 'delete')).toEqual({ kind: 'done' });
  expect(await moderation.act(session, ids, bad!.platformId, 'delete')).toEqual({ kind: 'done' });
  const left = await comments.list(session, ids);
  expect(left).toMatchObject({ comments: [{ text: '谢谢，讲得清楚' }] });
  const post = { key: 'a', ids, publishedAt: new Date() };
  expect(await metrics.posts(session, [post])).toMatchObject({
    figures: [{ key: 'a', totals: { comments: 1 } }],
  });
});
