/** The frame around every route: keys, origins, errors, on real routes over real HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createArticle, getArticle, listArticles, saveWorkingCopy } from '#shared/content.ts';
import type { ErrorBody } from '#shared/errors.ts';
import { createPerson, getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient } from '#tests/support/client.ts';

let installation: TestInstallation;
let editor: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  editor = await installation.as('bianji');
});
afterAll(() => installation?.close());

const countTitled = async (title: string) =>
  (await editor.call(listArticles, { query: { search: title } })).rows.length;

type Post = { headers?: Record<string, string>; body?: unknown; cookie?: string };

/** A request as no client of ours would send it. */
async function post(path: string, { headers = {}, body = {}, cookie = editor.cookie }: Post = {}) {
  const answer = await fetch(`${installation.url}${path}`, {
    method: 'POST',
    headers: {
      cookie,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, error: (await answer.json()) as ErrorBody };
}

describe('an idempotency key', () => {
  test('sent ten times at the same moment has one effect and ten equal answers', async () => {
    const title = `同一编号 ${randomUUID()}`;
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => editor.try(createArticle, { body: { title } }, key)),
    );
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(await countTitled(title)).toBe(1);
  });

  test('used for other words is refused, and nothing is done', async () => {
    const key = randomUUID();
    const title = `另一内容 ${randomUUID()}`;
    await editor.call(createArticle, { body: { title: '第一次' } }, key);
    const answer = await editor.try(createArticle, { body: { title } }, key);
    expect([answer.status, answer.error?.code]).toEqual([409, 'idempotency-key-reused']);
    expect(await countTitled(title)).toBe(0);
  });

  test('used at another address is refused', async () => {
    const key = randomUUID();
    const { id } = await editor.call(createArticle, { body: { title: '地址' } }, key);
    const { working } = await editor.call(getArticle, { params: { articleId: id } });
    const answer = await editor.try(
      saveWorkingCopy,
      { params: { articleId: id }, body: { baseRevision: 1, working, targets: [], class: 'ordinary' } },
      key,
    );
    expect([answer.status, answer.error?.code]).toEqual([409, 'idempotency-key-reused']);
  });

  test('of a request that failed is free again: the second attempt runs', async () => {
    const key = randomUUID();
    const { id } = await editor.call(createArticle, { body: { title: '先失败' } });
    const { working } = await editor.call(getArticle, { params: { articleId: id } });
    const save = (baseRevision: number) =>
      editor.try(
        saveWorkingCopy,
        { params: { articleId: id }, body: { baseRevision, working, targets: [], class: 'ordinary' } },
        key,
      );
    expect((await save(99)).error?.code).toBe('edit-conflict');
    expect((await save(1)).body).toMatchObject({ revision: 2 });
    expect((await save(1)).body).toMatchObject({ revision: 2 });
  });

  test('belongs to the person: two people may choose the same', async () => {
    const key = randomUUID();
    const neighbour = await installation.as('st.bianji');
    const mine = await editor.call(createArticle, { body: { title: '甲' } }, key);
    const theirs = await neighbour.call(createArticle, { body: { title: '乙' } }, key);
    expect(theirs.id).not.toBe(mine.id);
  });

  test('is needed by everything that changes something', async () => {
    for (const key of ['', 'short', 'has a blank in it', 'x'.repeat(81)]) {
      const answer = await post('/api/articles', { headers: { 'idempotency-key': key } });
      expect([answer.status, answer.error.code]).toEqual([400, 'idempotency-key-needed']);
    }
  });

  test('keeps its answer sealed at rest', async () => {
    const administrator = await installation.as('guanli');
    const me = await administrator.call(getMe, {});
    const key = randomUUID();
    const { firstPassword } = await administrator.call(
      createPerson,
      { body: { login: 'fengcun', name: '封存', unitId: me.bureau.id, role: 'agent' } },
      key,
    );
    const row = await installation.app.database.withWorker((tx) =>
      tx.selectFrom('idempotency_keys').select('answer').where('key', '=', key).executeTakeFirstOrThrow(),
    );
    expect(Object.keys(row.answer as object)).toEqual(['sealed']);
    expect(JSON.stringify(row.answer)).not.toContain(firstPassword);
  });
});

describe('where a request comes from', () => {
  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site by the browser’s word', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['an opaque origin', { origin: 'null' }],
    ['our name as a mere prefix', { origin: 'http://127.0.0.1:3000.evil.example' }],
  ])('%s is refused', async (_name, headers) => {
    const answer = await post('/api/articles', { headers: headers as unknown as Record<string, string> });
    expect([answer.status, answer.error.code]).toEqual([403, 'origin-refused']);
  });

  test.each([
    ['the public address', { origin: 'http://127.0.0.1:3000' }],
    ['our own page', { 'sec-fetch-site': 'same-origin' }],
    ['a program without a browser', {}],
  ])('%s is taken', async (_name, headers) => {
    const answer = await post('/api/articles', { headers: headers as unknown as Record<string, string> });
    expect(answer.status).toBe(200);
  });
});

describe('input that is not right', () => {
  test('is answered with the field and the reason, in both languages', async () => {
    const answer = await post('/api/articles', { body: { title: 'x'.repeat(121) } });
    expect([answer.status, answer.error.code]).toEqual([400, 'input-invalid']);
    expect(answer.error.details).toMatchObject({ where: 'body' });
    expect(answer.error.message.zh).toContain('title');
    expect(answer.error.message.en).toContain('title');
  });

  test('is refused calmly when it is no JSON, too long, or of another type', async () => {
    expect((await post('/api/articles', { body: '{' })).status).toBe(400);
    expect((await post('/api/articles', { body: `"${'x'.repeat(5 * 1024 * 1024)}"` })).status).toBe(413);
    const xml = await post('/api/articles', { body: '<a/>', headers: { 'content-type': 'text/xml' } });
    expect(xml.status).toBe(415);
  });

  test.each(['blockquote', 'unknown'])(
    'nested forty thousand levels deep (%s) is no failure of ours',
    async (what) => {
      const levels = 40_000;
      const bomb =
        what === 'blockquote'
          ? `${'{"type":"blockquote","content":['.repeat(levels)}${']}'.repeat(levels)}`
          : `${'['.repeat(levels)}${']'.repeat(levels)}`;
      const working =
        what === 'blockquote'
          ? `{"title":"","digest":"","author":"","coverFileId":null,"body":{"type":"doc","content":[${bomb}]}}`
          : `{"title":"","digest":"","author":"","coverFileId":null,"body":${bomb}}`;
      const answer = await fetch(`${installation.url}/api/articles/${randomUUID()}/working-copy`, {
        method: 'PUT',
        headers: {
          cookie: editor.cookie,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: `{"baseRevision":1,"targets":[],"class":"ordinary","working":${working},"more":${bomb}}`,
      });
      expect([answer.status, ((await answer.json()) as ErrorBody).code]).toEqual([400, 'input-invalid']);
    },
  );

  test('that nobody asked for, nested as deep, is passed over', async () => {
    const bomb = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const answer = await post('/api/articles', { body: `{"title":"深","more":${bomb}}` });
    expect(answer.status).toBe(200);
  });
});

describe('an address that is not there', () => {
  test('is answered like every failure, in both languages', async () => {
    const answer = await post('/api/nothing');
    expect([answer.status, answer.error.code]).toEqual([404, 'not-found']);
    expect(answer.error.message.zh).toMatch(/。$/);
  });

  test('does not depend on being signed in', async () => {
    const nobody = createClient(installation.url, '');
    expect((await nobody.try(getMe, {})).error?.code).toBe('sign-in-needed');
  });
});
