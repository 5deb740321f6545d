/** The second factor over real HTTP, as its owner and as somebody who has the password alone. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runHere } from '#server/cli/test-support.ts';
import { run as userCommand } from '#server/cli/user.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  getMyAccount,
  removeSecondFactor,
  renewRecoveryCodes,
} from '#shared/my-account.ts';
import { createPerson, getMe, resetPassword, signIn } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient, signInClient } from '#tests/support/client.ts';
import { codeOf, forgetSteps, setUpFactor, wrongCodeOf } from '../test-support.ts';

let installation: TestInstallation;
let administrator: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
});
afterAll(() => installation?.close());
beforeEach(() => installation.app.database.withWorker((tx) => tx.deleteFrom('sign_in_failures').execute()));

let count = 0;
async function hire() {
  const me = await administrator.call(getMe, {});
  const login = `er${++count}`;
  const body = { login, name: '新同事', unitId: me.bureau.id, role: 'editor' as const };
  const { id, firstPassword: password } = await administrator.call(createPerson, { body });
  return { id, login, password, client: await signInClient(installation.url, login, password) };
}

/** A new colleague with a second factor. */
async function hireStrong() {
  const person = await hire();
  return { ...person, ...(await setUpFactor(installation.app, person.client, person.password)) };
}

async function trySignIn(login: string, password: string, code?: string) {
  const body = { login, password, ...(code === undefined ? {} : { code }) };
  const { status, error } = await createClient(installation.url, '').try(signIn, { body });
  return error?.code ?? status;
}

const inDatabase = <T>(statement: ReturnType<typeof sql<T>>) =>
  installation.app.database.withWorker(async (tx) => (await statement.execute(tx)).rows);
const failuresOf = async (login: string) =>
  (
    await inDatabase(
      sql<{ failures: number }>`select failures from sign_in_failures where subject = ${`login:${login}`}`,
    )
  )[0]?.failures ?? 0;

describe('signing in with a second factor', () => {
  test('asks for the code after the right password only, and opens with it', async () => {
    const { login, password, secret } = await hireStrong();
    expect(await trySignIn(login, 'wrong')).toBe('sign-in-failed');
    expect(await trySignIn(login, 'wrong', codeOf(secret))).toBe('sign-in-failed');
    expect(await trySignIn(login, password)).toBe('second-factor-needed');
    expect(await trySignIn(login, password, codeOf(secret))).toBe(200);
  });

  test('answers 401 to both, so that programs know where they stand', async () => {
    const { login, password, secret } = await hireStrong();
    const door = createClient(installation.url, '');
    const body = { login, password };
    expect((await door.try(signIn, { body })).status).toBe(401);
    expect((await door.try(signIn, { body: { ...body, code: wrongCodeOf(secret) } })).status).toBe(401);
  });

  test('takes a code once, also when it is sent four times at the same moment', async () => {
    const { login, password, secret } = await hireStrong();
    const code = codeOf(secret);
    const tries = await Promise.all(Array.from({ length: 4 }, () => trySignIn(login, password, code)));
    expect(tries.filter((answer) => answer === 200)).toHaveLength(1);
    expect(await trySignIn(login, password, code)).toBe('second-factor-wrong');
  });

  test('takes no code older than the one taken last', async () => {
    const { login, password, secret } = await hireStrong();
    expect(await trySignIn(login, password, codeOf(secret, 1))).toBe(200);
    expect(await trySignIn(login, password, codeOf(secret))).toBe('second-factor-wrong');
  });

  test('takes it with blanks and in full width, as phones type', async () => {
    const { login, password, secret } = await hireStrong();
    const code = codeOf(secret);
    const wide = [...code].map((digit) => String.fromCodePoint(digit.charCodeAt(0) + 0xfee0)).join('');
    expect(await trySignIn(login, password, ` ${wide.slice(0, 3)} ${wide.slice(3)} `)).toBe(200);
  });

  test('takes each recovery code once', async () => {
    const { login, password, recoveryCodes, client } = await hireStrong();
    const [first, second] = recoveryCodes;
    expect(await trySignIn(login, password, first!.toLowerCase().replaceAll('-', ''))).toBe(200);
    expect(await trySignIn(login, password, first)).toBe('second-factor-wrong');
    const tries = await Promise.all(Array.from({ length: 4 }, () => trySignIn(login, password, second)));
    expect(tries.filter((answer) => answer === 200)).toHaveLength(1);
    expect((await client.call(getMyAccount, {})).secondFactor?.recoveryCodesLeft).toBe(8);
  });

  test('takes nobody else’s code', async () => {
    const mine = await hireStrong();
    const theirs = await hireStrong();
    expect(await trySignIn(mine.login, mine.password, codeOf(theirs.secret))).toBe('second-factor-wrong');
    expect(await trySignIn(mine.login, mine.password, theirs.recoveryCodes[0])).toBe('second-factor-wrong');
  });

  test('says in the log how it was done', async () => {
    const { id, login, password, secret, recoveryCodes } = await hireStrong();
    await trySignIn(login, password, codeOf(secret));
    await trySignIn(login, password, recoveryCodes[0]);
    const rows = await inDatabase(
      sql<{ way: string }>`select detail->>'secondFactor' as way from audit_entries
        where subject_id = ${id} and action = 'session.opened' order by id`,
    );
    expect(rows.map((row) => row.way)).toEqual([null, 'authenticator', 'recovery-code']);
  });
});

describe('guessing codes', () => {
  test('five wrong codes lock the login; the right one does not help then', async () => {
    const { login, password, secret } = await hireStrong();
    for (let guess = 0; guess < 5; guess += 1)
      expect(await trySignIn(login, password, wrongCodeOf(secret))).toBe('second-factor-wrong');
    expect(await trySignIn(login, password, codeOf(secret))).toBe('sign-in-locked');
  });

  test('asking with the password alone neither counts nor washes away what was counted', async () => {
    const { login, password, secret } = await hireStrong();
    for (let round = 0; round < 8; round += 1)
      expect(await trySignIn(login, password)).toBe('second-factor-needed');
    expect(await failuresOf(login)).toBe(0);
    for (let guess = 0; guess < 4; guess += 1) {
      await trySignIn(login, password, wrongCodeOf(secret));
      expect(await trySignIn(login, password)).toBe('second-factor-needed');
    }
    expect(await failuresOf(login)).toBe(4);
    expect(await trySignIn(login, password, wrongCodeOf(secret))).toBe('second-factor-wrong');
    expect(await trySignIn(login, password)).toBe('sign-in-locked');
  });

  test('of twenty codes sent at the same moment no more than five are looked at', async () => {
    const { login, password, secret } = await hireStrong();
    const wrong = wrongCodeOf(secret);
    const tries = await Promise.all(Array.from({ length: 20 }, () => trySignIn(login, password, wrong)));
    expect(tries.filter((answer) => answer === 'second-factor-wrong')).toHaveLength(5);
    expect(tries.filter((answer) => answer === 'sign-in-locked')).toHaveLength(15);
  });

  test('a right code forgets the count', async () => {
    const { login, password, secret } = await hireStrong();
    for (let guess = 0; guess < 4; guess += 1) await trySignIn(login, password, wrongCodeOf(secret));
    expect(await trySignIn(login, password, codeOf(secret))).toBe(200);
    expect(await failuresOf(login)).toBe(0);
  });
});

describe('setting it up', () => {
  test('asks for the password, and counts for nothing until the first code', async () => {
    const { login, password, client } = await hire();
    expect((await client.try(beginSecondFactor, { body: { password: 'wrong' } })).error?.code).toBe(
      'password-wrong',
    );
    const { secret, uri } = await client.call(beginSecondFactor, { body: { password } });
    expect(uri).toContain(`secret=${secret}`);
    expect(await trySignIn(login, password)).toBe(200);
    const wrong = await client.try(confirmSecondFactor, { body: { code: wrongCodeOf(secret) } });
    expect([wrong.status, wrong.error?.code]).toEqual([401, 'second-factor-wrong']);
    expect((await client.call(getMyAccount, {})).secondFactor).toBeNull();
  });

  test('ends my other sessions, opened by the password alone', async () => {
    const { login, password, client } = await hire();
    const elsewhere = await signInClient(installation.url, login, password);
    await setUpFactor(installation.app, client, password);
    expect((await elsewhere.try(getMe, {})).status).toBe(401);
    expect((await client.try(getMe, {})).status).toBe(200);
  });

  test('the code that confirmed it opens nothing more', async () => {
    const { login, password, client } = await hire();
    const { secret } = await client.call(beginSecondFactor, { body: { password } });
    const code = codeOf(secret);
    await client.call(confirmSecondFactor, { body: { code } });
    expect(await trySignIn(login, password, code)).toBe('second-factor-wrong');
  });

  test('must be ended within a quarter of an hour, and cannot be ended twice', async () => {
    const { id, password, client } = await hire();
    const { secret } = await client.call(beginSecondFactor, { body: { password } });
    await inDatabase(
      sql`update second_factors set pending_at = pending_at - interval '16 minutes' where person_id = ${id}`,
    );
    const late = await client.try(confirmSecondFactor, { body: { code: codeOf(secret) } });
    expect(late.error?.code).toBe('input-invalid');
    await setUpFactor(installation.app, client, password);
    const twice = await client.try(confirmSecondFactor, { body: { code: codeOf(secret) } });
    expect(twice.error?.code).toBe('input-invalid');
  });

  test('repeated with its key answers the same codes', async () => {
    const { password, client } = await hire();
    const { secret } = await client.call(beginSecondFactor, { body: { password } });
    const key = randomUUID();
    const input = { body: { code: codeOf(secret) } };
    const first = await client.call(confirmSecondFactor, input, key);
    expect(await client.call(confirmSecondFactor, input, key)).toEqual(first);
  });

  test('keeps neither secret nor codes in clear, anywhere', async () => {
    const { id, secret, recoveryCodes, login, password } = await hireStrong();
    await trySignIn(login, password, codeOf(secret));
    const places = await installation.app.database.withWorker(async (tx) => {
      const tables = ['second_factors', 'recovery_codes', 'audit_entries', 'idempotency_keys'] as const;
      const rows = await Promise.all(
        tables.map((table) =>
          sql<{ text: string }>`select t::text as text from ${sql.table(table)} t`.execute(tx),
        ),
      );
      return rows.flatMap((one) => one.rows.map((row) => row.text)).join('\n');
    });
    expect(places).toContain(id);
    const bytes = codeBytes(secret);
    for (const clear of [
      secret,
      bytes,
      ...recoveryCodes,
      ...recoveryCodes.map((code) => code.replaceAll('-', '')),
    ])
      expect(places).not.toContain(clear);
  });

  test('is out of reach for staff', async () => {
    const me = await administrator.call(getMe, {});
    for (const table of ['second_factors', 'recovery_codes'] as const) {
      const read = installation.app.database.withScope({ bureauId: me.bureau.id }, (tx) =>
        tx.selectFrom(table).selectAll().execute(),
      );
      await expect(read).rejects.toThrow('permission denied');
    }
  });
});

describe('replacing it', () => {
  test('takes a code of the old one; until the new one is confirmed the old one counts', async () => {
    const { login, password, secret, recoveryCodes, client } = await hireStrong();
    expect((await client.try(beginSecondFactor, { body: { password } })).error?.code).toBe(
      'second-factor-needed',
    );
    const wrong = { password, code: wrongCodeOf(secret) };
    expect((await client.try(beginSecondFactor, { body: wrong })).error?.code).toBe('second-factor-wrong');
    const fresh = await client.call(beginSecondFactor, { body: { password, code: codeOf(secret) } });
    await forgetSteps(installation.app);
    expect(await trySignIn(login, password, codeOf(secret))).toBe(200);
    await client.call(confirmSecondFactor, { body: { code: codeOf(fresh.secret) } });
    await forgetSteps(installation.app);
    expect(await trySignIn(login, password, codeOf(secret))).toBe('second-factor-wrong');
    expect(await trySignIn(login, password, recoveryCodes[0])).toBe('second-factor-wrong');
    expect(await trySignIn(login, password, codeOf(fresh.secret))).toBe(200);
  });

  test('is possible with a recovery code, when the phone is lost', async () => {
    const { password, recoveryCodes, client } = await hireStrong();
    const body = { password, code: recoveryCodes[3]! };
    expect((await client.try(beginSecondFactor, { body })).status).toBe(200);
  });

  test('wrong codes here count at the door', async () => {
    const { login, password, secret, client } = await hireStrong();
    const body = { password, code: wrongCodeOf(secret) };
    for (let guess = 0; guess < 5; guess += 1) await client.try(beginSecondFactor, { body });
    expect(await trySignIn(login, password, codeOf(secret))).toBe('sign-in-locked');
  });

  test('new recovery codes make the old ones void', async () => {
    const { login, password, secret, recoveryCodes, client } = await hireStrong();
    const body = { password, code: codeOf(secret) };
    const fresh = await client.call(renewRecoveryCodes, { body });
    expect(fresh.recoveryCodes).toHaveLength(10);
    expect(await trySignIn(login, password, recoveryCodes[0])).toBe('second-factor-wrong');
    expect(await trySignIn(login, password, fresh.recoveryCodes[0])).toBe(200);
  });
});

describe('doing without it', () => {
  test('is the person’s choice under the relaxed profile, with password and code', async () => {
    const { login, password, secret, client } = await hireStrong();
    await client.call(removeSecondFactor, { body: { password, code: codeOf(secret) } });
    expect((await client.call(getMyAccount, {})).secondFactor).toBeNull();
    expect(await trySignIn(login, password)).toBe(200);
  });

  test('is refused under the strict one', async () => {
    const { login, password, secret, client } = await hireStrong();
    const set = (policy: string) =>
      inDatabase(sql`update bureau_settings set policy = ${policy} where slug = 'yunxi'`);
    await inDatabase(sql`update people set password_chosen_at = now() where login = ${login}`);
    await set('dengbao');
    const answer = await client.try(removeSecondFactor, { body: { password, code: codeOf(secret) } });
    await set('relaxed');
    expect(answer.error?.code).toBe('input-invalid');
    expect(await trySignIn(login, password)).toBe('second-factor-needed');
  });

  test('a password reset does not get around it', async () => {
    const { id, login } = await hireStrong();
    const { firstPassword } = await administrator.call(resetPassword, {
      params: { personId: id },
      body: { reason: '忘记密码' },
    });
    expect(await trySignIn(login, firstPassword)).toBe('second-factor-needed');
  });

  test('the operator’s command takes it away, ends the sessions and stands in the log', async () => {
    const { id, login, password, client } = await hireStrong();
    const { databaseUrl } = installation;
    const config = { ...installation.config, databaseUrl, directDatabaseUrl: databaseUrl };
    const reset = () => runHere(userCommand, config, 'reset-second-factor', '--login', login);
    expect((await reset()).printed).toContain('taken away');
    expect((await client.try(getMe, {})).status).toBe(401);
    expect(await trySignIn(login, password)).toBe(200);
    const rows = await inDatabase(
      sql<{ actor_name: string }>`select actor_name from audit_entries
        where subject_id = ${id} and action = 'second-factor.reset'`,
    );
    expect(rows).toEqual([{ actor_name: expect.stringContaining('命令行') }]);
    expect((await reset()).printed).toContain('no second factor');
  });
});

/** The secret as PostgreSQL would show its bytes, had they been stored as they are. */
function codeBytes(secret: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16)).join('');
}
