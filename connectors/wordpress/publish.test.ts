import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PostStatus, stateOf } from '#sandbox/wordpress/state.ts';
import {
  stageWordpress,
  WORDPRESS_PASSWORD,
  WORDPRESS_PICTURE,
  type WordpressStage,
} from '#tests/support/wordpress-stage.ts';
import { codes, outcomeOfCode } from './codes.ts';
import { wordpress } from './connector.ts';
import { CommentPage, Picture, Post } from './shapes.ts';

const { publish, probe } = wordpress;
if (publish.kind !== 'remote' || !probe) throw new Error('capabilities');
const remote = publish;
const SUBMIT = 'POST /wp/v2/posts/';
const { sha256 } = WORDPRESS_PICTURE;

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/wordpress/${name}.json`, import.meta.url), 'utf8'));

let stage: WordpressStage;
beforeEach(async () => {
  stage = await stageWordpress();
});
afterEach(() => stage.stop());

const posts = () => stateOf(stage.sandbox.world).posts;
const prepare = (payload = stage.build(), once = stage.once()) =>
  remote.prepare(stage.session, payload, stage.media, once);

describe('what WordPress 6.1.9 answered', () => {
  test('is read', () => {
    expect(Post.parse(fixture('post.create.response'))).toMatchObject({
      ...{ id: '4', status: 'publish', content: { raw: '<p>正文</p>' } },
      date_gmt: new Date('2026-11-22T22:03:09Z'),
      link: expect.stringContaining('/2026/11/22/'),
    });
    expect(Picture.parse(fixture('media.create.response'))).toEqual({
      id: '6',
      source_url: 'http://127.0.0.1:53080/wp-content/uploads/2026/11/t.png',
    });
    expect(CommentPage.parse(fixture('comments.list'))).toMatchObject([
      { id: '2', author: '1', author_name: 'admin', parent: '0', status: 'approved' },
    ]);
  });

  test.each([
    ['error.401', 401, { kind: 'sign-in-again', code: 'rest_cannot_create' }],
    ['error.404', 404, { kind: 'rejected', code: 'rest_post_invalid_id' }],
    ['error.400.comment-author', 400, { kind: 'rejected', code: 'rest_comment_author_data_required' }],
    ['comment.anonymous.error', 401, { kind: 'sign-in-again', code: 'rest_comment_login_required' }],
  ])('%s becomes an outcome', async (name, status, outcome) => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.arm(SUBMIT, { kind: 'status', status, body: fixture(name) });
    expect(await stage.submit(payload, ids)).toMatchObject(outcome);
  });
});

describe('the table of codes', () => {
  test('says both languages, and an unknown code is unknown', () => {
    for (const meaning of Object.values(codes)) expect(meaning.zh && meaning.en).toBeTruthy();
    expect(outcomeOfCode('plugin_says_no', 403, '').kind).toBe('unknown');
  });

  test('one code means signing in again with a 401 and a missing right with a 403', () => {
    expect(outcomeOfCode('rest_cannot_publish', 401, '').kind).toBe('sign-in-again');
    expect(outcomeOfCode('rest_cannot_publish', 403, '').kind).toBe('rejected');
  });
});

describe('preparing', () => {
  test('uploads what the post shows and makes a draft that no reader sees', async () => {
    const payload = stage.build({ picture: true });
    expect((await prepare(payload)).kind).toBe('prepared');
    expect(stage.calls()).toEqual([
      'GET /wp-json/wp/v2/users/me',
      'POST /wp-json/wp/v2/media',
      'GET /wp-json/wp/v2/posts',
      'GET /wp-json/wp/v2/posts',
      'POST /wp-json/wp/v2/posts',
    ]);
    const [draft] = posts();
    expect(draft).toMatchObject({
      ...{ status: 'draft', date: null, commentsOpen: true, categories: [3, 7], slug: 'hs-t0ken001' },
      featured: Number(stage.ledger('media.uploaded')[0]?.key),
    });
    expect(draft?.content).toMatch(/<img src="http:[^"]+\/wp-content\/uploads\/[^"]+\.png"/);
    expect(draft?.content).not.toContain('media:');
    expect(stage.ledger('media.uploaded')[0]?.detail).toEqual({ sha256, alt: '办事窗口' });
    const front = await fetch(`${stage.sandbox.url}/sandbox/wordpress/`);
    expect(await front.text()).not.toContain('退休一件事');
  });

  test('takes the draft of a run whose answer was lost', async () => {
    const payload = stage.build();
    const once = stage.once();
    stage.arm('POST /wp/v2/posts', { kind: 'lose-answer', accept: true });
    expect((await prepare(payload, once)).kind).toBe('retry-later');
    expect((await prepare(payload, once)).kind).toBe('prepared');
    expect(posts()).toHaveLength(1);
  });

  test('refuses a user who could not publish, before the moment', async () => {
    stage.user().role = 'contributor';
    expect(await prepare()).toMatchObject({ kind: 'rejected', code: 'role-too-low' });
    expect(posts()).toEqual([]);
  });

  test('refuses a package that is not complete, without a call', async () => {
    expect(await prepare({ ...stage.build(), title: null })).toMatchObject({ code: 'content-title' });
    expect(stage.calls()).toEqual([]);
  });

  test.each(['/users/me', '/media', 'GET /wp/v2/posts', 'POST /wp/v2/posts'])(
    'waits when %s fails, and is never unknown',
    async (path) => {
      const fault = { kind: 'status', status: 503, body: '<html>maintenance</html>' } as const;
      stage.arm(path, fault);
      expect((await prepare(stage.build({ picture: true }))).kind).toBe('retry-later');
    },
  );

  test('a type of file that the site refuses with a 500 is a refusal', async () => {
    const body = { code: 'rest_upload_sideload_error', message: 'Sorry', data: { status: 500 } };
    stage.arm('/media', { kind: 'status', status: 500, body });
    expect(await prepare(stage.build({ picture: true }))).toMatchObject({ kind: 'rejected' });
  });
});

describe('submitting', () => {
  test('is one update, says the whole text again, and the password is in no record', async () => {
    const payload = stage.build({ picture: true });
    const ids = await stage.prepare(payload);
    const [draft] = posts();
    // Somebody opened the draft on the site: what goes out is what was signed.
    draft!.content = '<p>别的话</p>';
    stage.calls();
    const outcome = await stage.submit(payload, ids);
    expect(stage.calls()).toEqual([`POST /wp-json/wp/v2/posts/${ids.postId}`]);
    expect(outcome).toMatchObject({ kind: 'published', ids: { postId: ids.postId }, at: expect.any(Date) });
    expect(draft).toMatchObject({ status: 'publish', title: '退休一件事，一次办好' });
    expect(draft?.content).toContain(payload.shortLink);
    const page = await (await fetch((outcome as { url: string }).url)).text();
    expect(page).toContain('材料齐全的，当场受理。');
    expect(page).toContain('data-testid="cover"');
    const sent = JSON.stringify(stage.exchanges.at(-1)?.request);
    expect(sent).not.toMatch(/future|"date/);
    const records = JSON.stringify(stage.exchanges);
    const basic = Buffer.from(`huisheng:${WORDPRESS_PASSWORD}`).toString('base64');
    for (const secret of [WORDPRESS_PASSWORD, basic]) expect(records).not.toContain(secret);
  });

  test('sends nothing without a draft', async () => {
    expect(await stage.submit(stage.build(), {})).toMatchObject({ kind: 'retry-later', code: 'no-draft' });
    expect(stage.calls()).toEqual([]);
  });

  test('sent twice it is one post', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    const first = await stage.submit(payload, ids);
    stage.advance(60_000);
    expect(await stage.submit(payload, ids)).toEqual(first);
    expect(stage.ledger('post.published')).toHaveLength(1);
  });

  test('a user who lost the right meanwhile is refused; a draft that was deleted is too', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.user().role = 'contributor';
    expect(await stage.submit(payload, ids)).toMatchObject({ kind: 'rejected', code: 'rest_cannot_publish' });
    stage.user().role = 'editor';
    stateOf(stage.sandbox.world).posts = [];
    expect(await stage.submit(payload, ids)).toMatchObject({
      kind: 'rejected',
      code: 'rest_post_invalid_id',
    });
  });

  test('notices of PHP in front of the JSON are unknown, and the read-back decides', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    const body = '<br />\n<b>Notice</b>: Undefined index\n{"id":1}';
    stage.arm(SUBMIT, { kind: 'status', status: 200, body, accept: true });
    expect((await stage.submit(payload, ids)).kind).toBe('unknown');
    const now = stage.session.now();
    expect((await remote.check(stage.session, payload, ids, now)).kind).toBe('published');
  });

  test.each([
    [{ code: 'internal_server_error', message: 'There has been a critical error.' }, 500],
    [{ code: 'db_update_error', message: 'Could not update post in the database.' }, 500],
    [{ code: 'some_plugin', message: 'No.' }, 403],
    [{ code: 'some_plugin', message: 'No.' }, 500],
  ])('%j leaves it open', async (body, status) => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.arm(SUBMIT, { kind: 'status', status, body, accept: true });
    expect((await stage.submit(payload, ids)).kind).toBe('unknown');
  });
});

describe('reading back', () => {
  const ask = (payload: ReturnType<WordpressStage['build']>, ids: Record<string, string>) =>
    remote.check(stage.session, payload, ids, stage.session.now());

  test.each([
    ['publish', 'published'],
    ['draft', 'absent'],
    ['pending', 'absent'],
    ['future', 'pending'],
    ['private', 'unknown'],
    ['trash', 'unknown'],
  ] as const)('a post whose status is %s is %s', async (status: PostStatus, kind) => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    const [post] = posts();
    post!.status = status;
    post!.date = stage.session.now().getTime() + 10 * 60_000;
    const found = await ask(payload, ids);
    expect(found.kind).toBe(kind);
    if (found.kind === 'pending') expect(found.checkAfterMs).toBeGreaterThan(500_000);
  });

  test('a post that is gone is for a person', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stateOf(stage.sandbox.world).posts = [];
    expect((await ask(payload, ids)).kind).toBe('unknown');
  });

  test('without an id it is found by its slug, or by the link when the slug was changed', async () => {
    const payload = stage.build();
    expect(await ask(payload, {})).toEqual({ kind: 'absent' });
    const ids = await stage.prepare(payload);
    await stage.submit(payload, ids);
    expect(await ask(payload, {})).toMatchObject({ kind: 'published', ids: { postId: ids.postId } });
    posts()[0]!.slug = 'retirement';
    expect(await ask(payload, {})).toMatchObject({ kind: 'published', ids: { postId: ids.postId } });
    posts()[0]!.content = `<p>${payload.shortLink}9</p>`;
    expect(await ask(payload, {})).toEqual({ kind: 'absent' });
  });

  test.each([
    ['takes for nobody’s', 'nobody', 'rest_forbidden_context', 'rest_forbidden_status', 'rest_cannot_edit'],
    ['refuses', 'refused', 'incorrect_password', 'incorrect_password', 'incorrect_password'],
  ] as const)(
    'a revoked password that the site %s pauses the account instead of deciding about the post',
    async (_name, wrongPassword, byId, byLink, onSubmit) => {
      const payload = stage.build();
      const ids = await stage.prepare(payload);
      stage.user().passwords = [];
      stateOf(stage.sandbox.world).wrongPassword = wrongPassword;
      expect(await ask(payload, ids)).toEqual({ kind: 'sign-in-again', code: byId });
      expect(await ask(payload, {})).toEqual({ kind: 'sign-in-again', code: byLink });
      expect(await stage.submit(payload, ids)).toEqual({ kind: 'sign-in-again', code: onSubmit });
      expect(stage.ledger('post.published')).toEqual([]);
    },
  );

  test('a lost right says nothing about the post', async () => {
    const payload = stage.build();
    const ids = await stage.prepare(payload);
    stage.user().role = 'subscriber';
    expect((await ask(payload, ids)).kind).toBe('unknown');
    expect((await ask(payload, {})).kind).toBe('unknown');
  });
});

describe('the site’s own address', () => {
  test('is called where the operator set none', async () => {
    const asked: string[] = [];
    const http = {
      baseUrl: wordpress.defaultBaseUrl ?? '',
      request: (call: { path: string }) => {
        asked.push(call.path);
        return Promise.reject(new Error('nobody there'));
      },
    };
    await expect(probe.probe({ ...stage.session, http })).rejects.toThrow('nobody there');
    expect(asked).toEqual(['https://www.example.gov.cn/news/wp-json/wp/v2/users/me']);
    const pattern = wordpress.fields.find(({ key }) => key === 'siteUrl')?.pattern;
    for (const wrong of ['http://a.cn', 'https://a.cn/?p=1', 'https://u@a.cn', 'a.cn']) {
      expect(pattern?.test(wrong)).toBe(false);
    }
    for (const right of ['https://a.cn', 'https://a.cn/', 'https://a.cn/news/x']) {
      expect(pattern?.test(right)).toBe(true);
    }
  });

  test('may be the plain one of a site without permalinks', async () => {
    stage.session.account = {
      ...stage.session.account,
      settings: { ...stage.session.account.settings, addresses: 'plain' },
    };
    const payload = stage.build({ picture: true });
    expect((await stage.submit(payload, await stage.prepare(payload))).kind).toBe('published');
    expect(new Set(stage.calls())).toEqual(new Set(['GET /index.php', 'POST /index.php']));
  });

  test('is probed with one harmless call', async () => {
    expect(await probe.probe(stage.session)).toMatchObject({
      kind: 'ok',
      notes: [expect.stringContaining('青川人社')],
    });
    stage.user().role = 'contributor';
    expect(await probe.probe(stage.session)).toMatchObject({ outcome: { code: 'role-too-low' } });
    stage.user().passwords = [];
    expect(await probe.probe(stage.session)).toMatchObject({ outcome: { kind: 'sign-in-again' } });
  });
});
