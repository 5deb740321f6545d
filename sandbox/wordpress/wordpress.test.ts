import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../start.ts';
import { setUpAccount } from './set-up.ts';
import { stateOf } from './state.ts';

const PASSWORD = 'abcd EFGH 1234 ijkl';
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
  setUpAccount(sandbox.world, 'editor', { name: '网站编辑', applicationPassword: PASSWORD });
});
afterEach(() => sandbox.stop());

const at = (path: string): string => `${sandbox.url}/sandbox/wordpress${path}`;

async function call(route: string, body?: unknown, login: string | null = `editor:${PASSWORD}`) {
  const response = await fetch(at(`/wp-json/wp/v2${route}`), {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(login === null ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

const draft = { title: '退休', content: '<p>当场受理。</p>', status: 'draft', slug: 'Retire' };

describe('who may do what', () => {
  test.each([
    ['nobody', null, 401, 'rest_cannot_create'],
    ['a wrong password', 'editor:wrong', 401, 'rest_cannot_create'],
    ['an unknown user', `other:${PASSWORD}`, 401, 'rest_cannot_create'],
  ])('%s creates nothing', async (_name, login, status, code) => {
    expect(await call('/posts', draft, login)).toMatchObject({ status, json: { code, data: { status } } });
    expect(stateOf(sandbox.world).posts).toEqual([]);
  });

  test('a wrong password reads what everybody may, or is refused, as the site is set up', async () => {
    expect((await call('/posts', undefined, 'editor:wrong')).status).toBe(200);
    setUpAccount(sandbox.world, 'editor', { name: '网站编辑', wrongPassword: 'refused' });
    expect((await call('/posts', undefined, 'editor:wrong')).json.code).toBe('incorrect_password');
    expect((await call('/posts', undefined, 'other:wrong')).json.code).toBe('invalid_username');
  });

  test('a contributor drafts and does not publish, a subscriber does neither', async () => {
    setUpAccount(sandbox.world, 'editor', { name: '网站编辑', role: 'contributor' });
    const { json } = await call('/posts', draft);
    expect(await call(`/posts/${json.id}`, { status: 'publish' })).toMatchObject({
      status: 403,
      json: { code: 'rest_cannot_publish' },
    });
    setUpAccount(sandbox.world, 'editor', { name: '网站编辑', role: 'subscriber' });
    expect((await call('/posts', draft)).status).toBe(403);
    expect(await call('/posts?status=draft')).toMatchObject({
      status: 400,
      json: { data: { details: { status: { code: 'rest_forbidden_status', data: { status: 403 } } } } },
    });
    expect((await call('/users/me?context=edit')).json).toMatchObject({ capabilities: {} });
  });
});

describe('a post', () => {
  test('is a draft that nobody sees, then out once, however often it is published', async () => {
    const made = await call('/posts', draft);
    expect(made).toMatchObject({
      status: 201,
      json: {
        status: 'draft',
        slug: 'retire',
        date_gmt: '0000-00-00T00:00:00',
        content: { raw: draft.content },
      },
    });
    expect((await call(`/posts/${made.json.id}`, undefined, null)).status).toBe(401);
    expect((await call('/posts', undefined, null)).json).toEqual([]);
    const out = await call(`/posts/${made.json.id}`, { status: 'publish' });
    expect(out).toMatchObject({ status: 200, json: { status: 'publish' } });
    expect((await call(`/posts/${made.json.id}`, { status: 'publish' })).json.link).toBe(out.json.link);
    expect(sandbox.world.ledger.list({ kind: 'post.published' })).toHaveLength(1);
    const page = await (await fetch(String(out.json.link))).text();
    expect(page).toContain('当场受理。');
    expect(await (await fetch(at('/'))).text()).toContain('退休');
  });

  test('is found by slug, by words, and counted', async () => {
    await call('/posts', draft);
    const second = await call('/posts', draft);
    expect(second.json.slug).toBe('retire-2');
    const found = await call('/posts?slug=retire&status=draft&context=edit');
    expect(found.json).toMatchObject([{ slug: 'retire' }]);
    const searched = await call('/posts?search=%E5%BD%93%E5%9C%BA&status=draft,publish&per_page=1');
    expect(searched.json).toHaveLength(1);
    expect([searched.headers.get('x-wp-total'), searched.headers.get('x-wp-totalpages')]).toEqual(['2', '2']);
  });

  test('without anything in it, of an unknown status, or not there at all is refused', async () => {
    expect((await call('/posts', { status: 'draft' })).json.code).toBe('empty_content');
    expect((await call('/posts', { ...draft, status: 'out' })).json.code).toBe('rest_invalid_param');
    expect(await call('/posts/99', {})).toMatchObject({
      status: 404,
      json: { code: 'rest_post_invalid_id' },
    });
    expect(await call('/nothing')).toMatchObject({ status: 404, json: { code: 'rest_no_route' } });
  });

  test('of a site without permalinks has the same interface', async () => {
    const response = await fetch(at('/index.php?rest_route=/wp/v2/posts&per_page=1'));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual([]);
  });
});

describe('comments', () => {
  test('come from the page, are answered by the user, and not twice', async () => {
    const made = await call('/posts', { ...draft, status: 'publish' });
    const post = Number(made.json.id);
    const write = (nickname: string, content: string) =>
      fetch(at(`/comments/${post}`), {
        method: 'POST',
        body: new URLSearchParams({ nickname, content }),
        redirect: 'manual',
      });
    expect((await write('市民甲', '几点<下班>？')).status).toBe(303);
    const [comment] = (await call(`/comments?post=${post}`)).json as unknown as { id: number }[];
    const answer = { post, parent: comment!.id, content: '"17:00"' };
    expect((await call('/comments', answer, null)).json.code).toBe('rest_comment_login_required');
    expect(await call('/comments', answer)).toMatchObject({ status: 201, json: { status: 'approved' } });
    expect(await call('/comments', answer)).toMatchObject({
      status: 409,
      json: { code: 'comment_duplicate' },
    });
    expect((await call('/comments', { ...answer, parent: 999 })).json.code).toBe('rest_comment_invalid_id');
    const page = await (await fetch(String(made.json.link))).text();
    expect(page).toContain('几点&lt;下班&gt;？');
    expect(page).toContain('data-testid="reply"');
  });

  test('wait for a moderator where the site wants it, and are refused where they are closed', async () => {
    setUpAccount(sandbox.world, 'editor', { name: '网站编辑', moderation: true });
    const made = await call('/posts', { ...draft, status: 'publish' });
    const control = `${sandbox.url}/sandbox/_control/wordpress/accounts/editor/comments`;
    const body = JSON.stringify({ postId: made.json.id, nickname: '市民甲', text: '你好' });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(control, { method: 'POST', headers, body })).status).toBe(200);
    expect((await call(`/comments?post=${made.json.id}`)).json).toEqual([]);
    const drafted = await call('/posts', draft);
    expect((await call('/comments', { post: drafted.json.id, content: '好' })).json.code).toBe(
      'rest_comment_draft_post',
    );
    await call(`/posts/${made.json.id}`, { comment_status: 'closed' });
    expect((await call('/comments', { post: made.json.id, content: '好' })).json.code).toBe(
      'rest_comment_closed',
    );
  });
});

test('the control makes users and revokes their passwords', async () => {
  const control = (path: string, method: string, body: unknown = {}) =>
    fetch(`${sandbox.url}/sandbox/_control/wordpress/accounts${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    });
  expect((await control('/author', 'PUT', { name: '作者', applicationPassword: PASSWORD })).status).toBe(200);
  expect((await call('/users/me', undefined, `author:${PASSWORD.replaceAll(' ', '')}`)).status).toBe(200);
  expect(await (await control('/author/revoke-tokens', 'POST')).json()).toEqual({ revoked: 1 });
  expect((await call('/users/me', undefined, `author:${PASSWORD}`)).status).toBe(401);
  expect((await control('/nobody', 'GET')).status).toBe(400);
});
