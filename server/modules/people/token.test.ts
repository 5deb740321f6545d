/** Programs with an API token, over real HTTP. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from '#server/cli/test-support.ts';
import { run as tokenCommand } from '#server/cli/token.ts';
import { allRoutes } from '#server/modules.ts';
import { createArticle, listArticles } from '#shared/content.ts';
import type { ErrorBody } from '#shared/errors.ts';
import { listTodo } from '#shared/home.ts';
import { createPerson, disablePerson, getMe, listColleagues, listSessions, signOut } from '#shared/people.ts';
import { type Route, takesTokens } from '#shared/route.ts';
import { livePath } from '#shared/system.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import type { Client } from '#tests/support/client.ts';

let installation: TestInstallation;
let administrator: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
});
afterAll(() => installation?.close());

async function makeToken(by: string, scopes: string, ...more: string[]): Promise<string> {
  const config = {
    ...installation.config,
    databaseUrl: installation.databaseUrl,
    directDatabaseUrl: installation.databaseUrl,
  };
  const bureau = by.startsWith('st.') ? 'shitang' : 'yunxi';
  const options = ['--bureau', bureau, '--name', '考核系统', '--by', by, '--scopes', scopes, ...more];
  return (await runHere(tokenCommand, config, 'create', ...options)).printed.trim();
}

type Ask = { body?: unknown; headers?: Record<string, string> };

async function ask(token: string, route: Pick<Route, 'method' | 'path'>, { body, headers }: Ask = {}) {
  const answer = await fetch(`${installation.url}${route.path}`, {
    method: route.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(route.method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const json = (await answer.json()) as Partial<ErrorBody> & Record<string, unknown>;
  return { status: answer.status, code: json.code, json };
}

const inDatabase = (statement: ReturnType<typeof sql>) =>
  installation.app.database.withWorker((tx) => statement.execute(tx));

async function hire(login: string, role: 'editor' | 'administrator' = 'editor') {
  const me = await administrator.call(getMe, {});
  return administrator.call(createPerson, { body: { login, name: '王程', unitId: me.bureau.id, role } });
}

describe('a token', () => {
  test('does what its scopes say, for the person who made it, in that person’s bureau', async () => {
    const token = await makeToken('bianji', 'article.read,article.write');
    const me = await ask(token, getMe);
    expect(me.json).toMatchObject({
      login: 'bianji',
      permissions: ['article.read', 'article.write'],
      bureau: { slug: 'yunxi' },
      duties: [],
    });
    const made = await ask(token, createArticle, { body: { title: '由程序起草' } });
    expect(made.status).toBe(200);
    expect((await ask(token, listArticles)).json.rows).toContainEqual(
      expect.objectContaining({ title: '由程序起草' }),
    );
    const { rows } = await installation.app.database.withWorker((tx) =>
      sql<{
        actor_name: string;
      }>`select actor_name from audit_entries where subject_id = ${made.json.id}`.execute(tx),
    );
    expect(rows).toEqual([{ actor_name: '林晓（接口令牌 考核系统）' }]);
  });

  test('may not do what a scope leaves out, nor what its maker may not, though a scope names it', async () => {
    const reader = await makeToken('bianji', 'article.read,people.manage');
    const written = await ask(reader, createArticle, { body: { title: '越权' } });
    expect([written.status, written.code]).toEqual([403, 'forbidden']);
    const body = { login: 'yuequan', name: '越权', unitId: randomUUID(), role: 'editor' };
    expect((await ask(reader, createPerson, { body })).code).toBe('forbidden');
  });

  test('loses what its maker loses', async () => {
    const { id } = await hire('biangang', 'administrator');
    const token = await makeToken('biangang', 'people.read,people.manage');
    expect((await ask(token, getMe)).json.permissions).toEqual(['people.read', 'people.manage']);
    await inDatabase(sql`update memberships set role = 'editor' where person_id = ${id}`);
    expect((await ask(token, getMe)).json.permissions).toEqual(['people.read']);
  });

  test('shows in its to-do list only what its scopes may read', async () => {
    await (await installation.as('bianji')).call(createArticle, { body: { title: '写了一半的稿子' } });
    const writing = await makeToken('bianji', 'article.write');
    const reading = await makeToken('bianji', 'account.read');
    expect((await ask(writing, listTodo)).json.rows).not.toEqual([]);
    expect((await ask(reading, listTodo)).json.rows).toEqual([]);
  });

  test('needs an idempotency key like everybody, and keys of its own', async () => {
    const token = await makeToken('bianji', 'article.write');
    const keyless = await ask(token, createArticle, {
      body: { title: '无编号' },
      headers: { 'idempotency-key': '' },
    });
    expect([keyless.status, keyless.code]).toEqual([400, 'idempotency-key-needed']);
    const key = randomUUID();
    const editor = await installation.as('bianji');
    const mine = await editor.call(createArticle, { body: { title: '同号' } }, key);
    const headers = { 'idempotency-key': key };
    const first = await ask(token, createArticle, { body: { title: '程序' }, headers });
    const second = await ask(token, createArticle, { body: { title: '程序' }, headers });
    expect(first.json.id).not.toBe(mine.id);
    expect(second.json).toEqual(first.json);
  });

  test('is noted as used, at most once a minute', async () => {
    const token = await makeToken('liuyan', 'inbox.read');
    const usedAt = async () => {
      const { rows } = await installation.app.database.withWorker((tx) =>
        sql<{ last_used_at: Date | null }>`
          select last_used_at from api_tokens t join people p on p.id = t.created_by where login = 'liuyan'`.execute(
          tx,
        ),
      );
      return rows[0]!.last_used_at?.getTime() ?? null;
    };
    expect(await usedAt()).toBeNull();
    await ask(token, getMe);
    const first = await usedAt();
    await ask(token, getMe);
    expect(first).not.toBeNull();
    expect(await usedAt()).toBe(first);
    await inDatabase(sql`update api_tokens set last_used_at = last_used_at - interval '61 seconds'`);
    await ask(token, getMe);
    expect(await usedAt()).toBeGreaterThanOrEqual(first!);
  });
});

describe('a token is dead', () => {
  const refused = async (token: string) => {
    const { status, code } = await ask(token, getMe);
    expect([status, code]).toEqual([401, 'token-refused']);
  };

  test('when it is none, or no word of it is there', async () => {
    for (const token of ['', 'hs_', `hs_${'A'.repeat(43)}`, 'null']) await refused(token);
  });

  test('when revoked', async () => {
    const token = await makeToken('bianji', 'article.read');
    await inDatabase(
      sql`update api_tokens set revoked_at = now() where created_at = (select max(created_at) from api_tokens)`,
    );
    await refused(token);
  });

  test('when expired', async () => {
    const token = await makeToken('bianji', 'article.read', '--days', '1');
    expect((await ask(token, getMe)).status).toBe(200);
    await inDatabase(sql`update api_tokens set expires_at = now() where expires_at is not null`);
    await refused(token);
  });

  test('when its maker is disabled, or has left the bureau', async () => {
    const { id } = await hire('likai');
    const disabled = await makeToken('likai', 'article.read');
    await administrator.call(disablePerson, { params: { personId: id }, body: { reason: '离职' } });
    await refused(disabled);
    const left = await hire('diaozou');
    const token = await makeToken('diaozou', 'article.read');
    await inDatabase(sql`update memberships set ends_at = now() where person_id = ${left.id}`);
    await refused(token);
  });

  test('when sent wrongly: the cookie beside it does not help', async () => {
    const cookie = administrator.cookie;
    const answer = await ask('hs_wrong', getMe, { headers: { cookie } });
    expect([answer.status, answer.code]).toEqual([401, 'token-refused']);
  });
});

describe('what takes a person', () => {
  test('refuses every token', async () => {
    const token = await makeToken('guanli', 'people.read,people.manage');
    for (const route of [listSessions, signOut]) {
      const answer = await ask(token, route);
      expect([answer.status, answer.code]).toEqual([403, 'session-needed']);
    }
  });

  test('is every route without a permission, but these that only look', () => {
    const open = allRoutes()
      .map(({ route }) => route)
      .filter((route) => route.access === 'session' && takesTokens(route));
    expect(open.map((route) => `${route.method} ${route.path}`).toSorted()).toEqual([
      'GET /api/health',
      'GET /api/session',
      'GET /api/todo',
    ]);
  });
});

describe('around a token', () => {
  test('a foreign page is refused as ever, whatever it sends', async () => {
    const token = await makeToken('bianji', 'article.write');
    const answer = await ask(token, createArticle, {
      body: { title: '外站' },
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.code).toBe('origin-refused');
  });

  test('a proxy’s basic sign-in is no token, and opens no way around the check of the origin', async () => {
    const headers = { authorization: 'Basic dXNlcjpwYXNz', cookie: administrator.cookie };
    const seen = await fetch(`${installation.url}${getMe.path}`, { headers });
    expect(seen.status).toBe(200);
    const answer = await fetch(`${installation.url}/api/people`, {
      method: 'POST',
      headers: { ...headers, 'sec-fetch-site': 'cross-site', 'idempotency-key': randomUUID() },
    });
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as ErrorBody).code).toBe('origin-refused');
  });

  test('the stream of changes opens to it, and to nothing that is dead', async () => {
    const token = await makeToken('bianji', 'article.read');
    const open = async (bearer: string) => {
      const stop = new AbortController();
      const answer = await fetch(`${installation.url}${livePath}`, {
        headers: { authorization: `Bearer ${bearer}` },
        signal: stop.signal,
      });
      stop.abort();
      return answer.status;
    };
    expect(await open(token)).toBe(200);
    expect(await open('hs_wrong')).toBe(401);
  });

  test('of the neighbouring bureau sees its own people only', async () => {
    const token = await makeToken('st.guanli', 'people.read');
    const { json } = await ask(token, listColleagues);
    const logins = (json as unknown as { login: string }[]).map((one) => one.login);
    expect(logins).toContain('st.bianji');
    expect(logins.every((login) => login.startsWith('st.'))).toBe(true);
  });
});
