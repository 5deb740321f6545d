/** Passwords that people choose, and what the policy profile asks first. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listTodo } from '#shared/home.ts';
import { changePassword, getMyAccount } from '#shared/my-account.ts';
import {
  createPerson,
  getMe,
  listColleagues,
  listSessions,
  resetPassword,
  signIn,
  signOut,
} from '#shared/people.ts';
import { livePath } from '#shared/system.ts';
import { buildInstallation, passwordOf, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient, signInClient } from '#tests/support/client.ts';
import { setUpFactor } from './test-support.ts';

const chosen = '老槐树下 三碗面 2026';

let installation: TestInstallation;
let administrator: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
});
afterAll(() => installation?.close());
beforeEach(() => installation.app.database.withWorker((tx) => tx.deleteFrom('sign_in_failures').execute()));

let count = 0;
/** A new colleague, signed in. */
async function hire(by = administrator) {
  const me = await by.call(getMe, {});
  const login = `ren${++count}`;
  const body = { login, name: '新同事', unitId: me.bureau.id, role: 'editor' as const };
  const { id, firstPassword } = await by.call(createPerson, { body });
  const client = await signInClient(installation.url, login, firstPassword);
  return { id, login, firstPassword, client };
}

const policy = (slug: string, name: 'dengbao' | 'relaxed') =>
  installation.app.database.withWorker((tx) =>
    sql`update bureau_settings set policy = ${name} where slug = ${slug}`.execute(tx),
  );

const actionsOf = async (personId: string) => {
  const rows = await installation.app.database.withWorker((tx) =>
    tx
      .selectFrom('audit_entries')
      .select(['action', 'actor_name', 'detail'])
      .where('subject_id', '=', personId)
      .orderBy('id')
      .execute(),
  );
  return rows;
};

describe('changing my password', () => {
  test('takes the present one; the new one opens, the old one does not', async () => {
    const { id, login, firstPassword, client } = await hire();
    await client.call(changePassword, { body: { current: firstPassword, next: chosen } });
    await expect(signInClient(installation.url, login, firstPassword)).rejects.toThrow('sign-in-failed');
    const again = await signInClient(installation.url, login, chosen);
    expect((await again.call(getMyAccount, {})).passwordChosenAt).not.toBeNull();
    const entries = await actionsOf(id);
    expect(entries.map((entry) => entry.action)).toContain('person.password-changed');
    expect(JSON.stringify(entries)).not.toContain(chosen);
  });

  test('ends my other sessions at once and leaves this one', async () => {
    const { login, firstPassword, client } = await hire();
    const phone = await signInClient(installation.url, login, firstPassword);
    await client.call(changePassword, { body: { current: firstPassword, next: chosen } });
    expect((await phone.try(getMe, {})).status).toBe(401);
    expect(await client.call(listSessions, {})).toHaveLength(1);
  });

  test('with the wrong present one changes nothing', async () => {
    const { login, firstPassword, client } = await hire();
    const answer = await client.try(changePassword, { body: { current: 'wrong', next: chosen } });
    expect([answer.status, answer.error?.code]).toEqual([403, 'password-wrong']);
    await signInClient(installation.url, login, firstPassword);
  });

  test.each([
    ['short', '12'],
    ['password-2026', '常见'],
    ['新同事的好密码要长一点', '至少'],
    ['新同事的好密码要再长一点', '姓名'],
  ])('to %s is refused, with the reason', async (next, reason) => {
    const { login, firstPassword, client } = await hire();
    const answer = await client.try(changePassword, { body: { current: firstPassword, next } });
    expect([answer.status, answer.error?.code]).toEqual([400, 'input-invalid']);
    expect(answer.error?.message.zh).toContain(reason);
    await signInClient(installation.url, login, firstPassword);
  });

  test('to the same one again is refused', async () => {
    const { firstPassword, client } = await hire();
    const body = { current: firstPassword, next: firstPassword };
    expect((await client.try(changePassword, { body })).error?.details).toMatchObject({ reason: 'same' });
  });

  test('five wrong guesses lock like five at the door: the session is no place to guess', async () => {
    const { firstPassword, client, login } = await hire();
    for (let guess = 0; guess < 5; guess += 1) {
      const body = { current: `guess ${guess}`, next: chosen };
      expect((await client.try(changePassword, { body })).error?.code).toBe('password-wrong');
    }
    const body = { current: firstPassword, next: chosen };
    expect((await client.try(changePassword, { body })).error?.code).toBe('sign-in-locked');
    await expect(signInClient(installation.url, login, firstPassword)).rejects.toThrow('sign-in-locked');
  });

  test('repeated with its key after the answer was lost is answered as the first time', async () => {
    const { firstPassword, client } = await hire();
    const key = randomUUID();
    const input = { body: { current: firstPassword, next: chosen } };
    expect(await client.call(changePassword, input, key)).toEqual({ ok: true });
    expect(await client.call(changePassword, input, key)).toEqual({ ok: true });
  });

  test('twice at the same moment succeeds once', async () => {
    const { firstPassword, client } = await hire();
    const answers = await Promise.all(
      ['一二三四五六七八九十百千', '甲乙丙丁戊己庚辛壬癸子丑'].map((next) =>
        client.try(changePassword, { body: { current: firstPassword, next } }),
      ),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 403]);
  });

  test('needs a session', async () => {
    const nobody = createClient(installation.url, '');
    const body = { current: 'x', next: chosen };
    expect((await nobody.try(changePassword, { body })).status).toBe(401);
    expect((await nobody.try(getMyAccount, {})).status).toBe(401);
  });
});

describe('a colleague’s password', () => {
  const reason = '忘记密码';

  test('is reset to a new first one, shown once; their sessions end and their lock is lifted', async () => {
    const { id, login, firstPassword, client } = await hire();
    await client.call(changePassword, { body: { current: firstPassword, next: chosen } });
    for (let guess = 0; guess < 5; guess += 1)
      await signInClient(installation.url, login, 'wrong').catch(() => undefined);
    const reset = await administrator.call(resetPassword, { params: { personId: id }, body: { reason } });
    expect((await client.try(getMe, {})).status).toBe(401);
    await expect(signInClient(installation.url, login, chosen)).rejects.toThrow('sign-in-failed');
    const again = await signInClient(installation.url, login, reset.firstPassword);
    expect((await again.call(getMyAccount, {})).passwordChosenAt).toBeNull();
    const entries = await actionsOf(id);
    expect(entries).toContainEqual({
      action: 'person.password-reset',
      actor_name: '何伟',
      detail: { reason },
    });
    expect(JSON.stringify(entries)).not.toContain(reset.firstPassword);
  });

  test('is reset by nobody but the administrator of their own bureau', async () => {
    const { id, login, firstPassword } = await hire();
    const input = { params: { personId: id }, body: { reason } };
    expect((await (await installation.as('bianji')).try(resetPassword, input)).status).toBe(403);
    expect((await (await installation.as('st.guanli')).try(resetPassword, input)).status).toBe(404);
    await signInClient(installation.url, login, firstPassword);
  });

  test('is not reset for oneself, for who is disabled, or for who has left', async () => {
    const me = await administrator.call(getMe, {});
    const own = { params: { personId: me.personId }, body: { reason } };
    expect((await administrator.try(resetPassword, own)).error?.code).toBe('input-invalid');
    const disabled = await hire();
    const left = await hire();
    await installation.app.database.withWorker(async (tx) => {
      await sql`update people set disabled_at = now() where id = ${disabled.id}`.execute(tx);
      await sql`update memberships set ends_at = now() where person_id = ${left.id}`.execute(tx);
    });
    const of = (personId: string) => ({ params: { personId }, body: { reason } });
    expect((await administrator.try(resetPassword, of(disabled.id))).status).toBe(400);
    expect((await administrator.try(resetPassword, of(left.id))).status).toBe(404);
  });

  test('of somebody who also works for another bureau is not one administrator’s to hold', async () => {
    const { id } = await hire();
    const other = await (await installation.as('st.guanli')).call(getMe, {});
    await installation.app.database.withWorker((tx) =>
      tx
        .insertInto('memberships')
        .values({
          bureau_id: other.bureau.id,
          id: randomUUID(),
          person_id: id,
          unit_id: other.bureau.id,
          role: 'editor',
        })
        .execute(),
    );
    const answer = await administrator.try(resetPassword, { params: { personId: id }, body: { reason } });
    expect(answer.error?.message.zh).toContain('其他单位');
  });
});

describe('under the strict profile', () => {
  test('a first password opens nothing but the way to change it; then a second factor is asked for; then all is open', async () => {
    await policy('shitang', 'relaxed');
    const { login, firstPassword } = await hire(await installation.as('st.guanli'));
    await policy('shitang', 'dengbao');
    const client = await signInClient(installation.url, login, firstPassword);
    expect((await client.call(getMe, {})).duties).toEqual(['change-password', 'set-up-second-factor']);
    for (const route of [listTodo, listColleagues]) {
      const answer = await client.try(route, {});
      expect([answer.status, answer.error?.code]).toEqual([403, 'password-change-needed']);
    }
    expect(await streamStatus(client)).toBe(403);
    expect((await client.call(getMyAccount, {})).secondFactorRequired).toBe(true);

    await client.call(changePassword, { body: { current: firstPassword, next: chosen } });
    expect((await client.call(getMe, {})).duties).toEqual(['set-up-second-factor']);
    expect((await client.try(listTodo, {})).error?.code).toBe('second-factor-setup-needed');

    await setUpFactor(installation.app, client, chosen);
    expect((await client.call(getMe, {})).duties).toEqual([]);
    expect((await client.try(listTodo, {})).status).toBe(200);
    expect(await streamStatus(client)).toBe(200);
    await client.call(signOut, {});
  });

  test('a password reset by the administrator must be changed again', async () => {
    await policy('shitang', 'relaxed');
    const boss = await installation.as('st.guanli');
    const { id, login, firstPassword, client } = await hire(boss);
    await client.call(changePassword, { body: { current: firstPassword, next: chosen } });
    const reset = await boss.call(resetPassword, { params: { personId: id }, body: { reason: '忘了' } });
    await policy('shitang', 'dengbao');
    const again = await signInClient(installation.url, login, reset.firstPassword);
    expect((await again.call(getMe, {})).duties).toContain('change-password');
    await policy('shitang', 'relaxed');
  });

  test('and under the relaxed one nothing is asked', async () => {
    const { client } = await hire();
    expect((await client.call(getMe, {})).duties).toEqual([]);
    expect((await client.try(listTodo, {})).status).toBe(200);
  });
});

test('staff can read who people are, never the hash of a password', async () => {
  const me = await administrator.call(getMe, {});
  const read = installation.app.database.withScope({ bureauId: me.bureau.id }, (tx) =>
    tx.selectFrom('people').select('password_hash').limit(1).execute(),
  );
  await expect(read).rejects.toThrow('permission denied');
});

test('signing in without a second factor takes no notice of a code', async () => {
  const client = createClient(installation.url, '');
  const body = { login: 'lingdao', password: passwordOf('lingdao'), code: '123456' };
  expect((await client.try(signIn, { body })).status).toBe(200);
});

async function streamStatus(client: Client): Promise<number> {
  const stop = new AbortController();
  const answer = await fetch(`${installation.url}${livePath}`, {
    headers: { cookie: client.cookie },
    signal: stop.signal,
  });
  stop.abort();
  return answer.status;
}
