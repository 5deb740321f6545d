import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '#server/base/canonical.ts';
import { buildInstallation, passwordOf, type TestInstallation } from '#tests/support/build-app.ts';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
});
afterAll(() => installation?.close());
beforeEach(() => installation.app.database.withWorker((tx) => tx.deleteFrom('sign_in_failures').execute()));

type Code = { code?: string };

/** Tries a password from an address of its own, so that tests don't lock each other out. */
async function trySignIn(login: string, password: string, address = '198.51.100.7') {
  const answer = await installation.installation.web!.inject({
    method: 'POST',
    url: '/api/session',
    payload: { login, password },
    remoteAddress: address,
  });
  return { status: answer.statusCode, code: (answer.json() as Code).code, answer };
}

const failures = (subject: string) =>
  installation.app.database.withWorker((tx) =>
    tx.selectFrom('sign_in_failures').selectAll().where('subject', '=', subject).executeTakeFirst(),
  );

const unlock = (subject: string) =>
  installation.app.database.withWorker(async (tx) => {
    const past = new Date(Date.now() - 16 * 60_000);
    await tx
      .updateTable('sign_in_failures')
      .set({ locked_until: new Date(Date.now() - 1_000), window_start: past })
      .where('subject', '=', subject)
      .execute();
  });

describe('signing in', () => {
  test('sets a cookie that scripts cannot read, and stores only the hash of its token', async () => {
    const { answer, status } = await trySignIn('bianji', passwordOf('bianji'));
    expect(status).toBe(200);
    const cookie = answer.headers['set-cookie'] as string;
    const [, token] = /^huisheng_session=([\w-]{43});/.exec(cookie)!;
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).toContain('Path=/');
    const stored = await installation.app.database.withWorker((tx) =>
      tx.selectFrom('sessions').select('token_hash').execute(),
    );
    expect(stored.some((row) => row.token_hash.equals(sha256(token!)))).toBe(true);
    expect(stored.some((row) => row.token_hash.includes(Buffer.from(token!)))).toBe(false);
  });

  test('takes the login in any case and with blanks around it', async () => {
    expect((await trySignIn(' BianJi ', passwordOf('bianji'))).status).toBe(200);
  });

  test('answers a wrong password and an unknown login alike', async () => {
    const wrong = await trySignIn('bianji', 'wrong');
    const unknown = await trySignIn('nobody', 'wrong');
    expect([wrong.status, wrong.code]).toEqual([401, 'sign-in-failed']);
    expect(unknown.answer.json()).toEqual(wrong.answer.json());
    expect(await failures('login:nobody')).toMatchObject({ failures: 1 });
  });

  test('takes as long for an unknown login as for a wrong password', async () => {
    const time = async (login: string) => {
      const started = performance.now();
      await trySignIn(login, 'wrong');
      return performance.now() - started;
    };
    const best = async (login: string) => Math.min(await time(login), await time(login), await time(login));
    const known = await best('fushen');
    // Without the hashing the answer would come in a tenth of the time.
    expect(await best('nobody')).toBeGreaterThan(known / 3);
  });

  test('from another site is refused before the password is looked at', async () => {
    const answer = await installation.installation.web!.inject({
      method: 'POST',
      url: '/api/session',
      payload: { login: 'bianji', password: 'wrong' },
      headers: { origin: 'https://evil.example' },
    });
    expect([answer.statusCode, (answer.json() as Code).code]).toEqual([403, 'origin-refused']);
    expect(await failures('login:bianji')).toBeUndefined();
  });

  test('writes who came from where into the log, and no password', async () => {
    await trySignIn('bianji', passwordOf('bianji'), '198.51.100.9');
    const rows = await installation.app.database.withWorker((tx) =>
      tx.selectFrom('audit_entries').selectAll().where('action', '=', 'session.opened').execute(),
    );
    expect(rows.map((row) => row.detail)).toContainEqual({ address: '198.51.100.9' });
    expect(JSON.stringify(rows)).not.toContain(passwordOf('bianji'));
  });
});

describe('guessing', () => {
  test('five wrong passwords lock the login, for the right password and from every address too', async () => {
    for (let count = 0; count < 5; count += 1)
      expect((await trySignIn('chushen', 'wrong')).code).toBe('sign-in-failed');
    const locked = await trySignIn('chushen', passwordOf('chushen'), '198.51.100.77');
    expect([locked.status, locked.code]).toEqual([429, 'sign-in-locked']);
    const wait = Number(locked.answer.headers['retry-after']);
    expect(wait).toBeGreaterThan(14 * 60);
    expect(wait).toBeLessThanOrEqual(15 * 60);
    expect((locked.answer.json() as { message: { zh: string } }).message.zh).toContain('15 分钟');
    expect((await trySignIn('fushen', passwordOf('fushen'))).status).toBe(200);
  });

  test('the lock ends by itself, and counting begins anew', async () => {
    for (let count = 0; count < 5; count += 1) await trySignIn('chushen', 'wrong');
    await unlock('login:chushen');
    expect((await trySignIn('chushen', 'wrong')).code).toBe('sign-in-failed');
    expect((await trySignIn('chushen', passwordOf('chushen'))).status).toBe(200);
  });

  test('a right password before the fifth wrong one forgets the count', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 4; count += 1) await trySignIn('chushen', 'wrong');
      expect((await trySignIn('chushen', passwordOf('chushen'))).status).toBe(200);
    }
    expect(await failures('login:chushen')).toBeUndefined();
  });

  test('of twenty guesses sent at the same moment no more than five are checked', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => trySignIn('zhongshen', `guess ${at}`)),
    );
    const checked = answers.filter((answer) => answer.code === 'sign-in-failed');
    const refused = answers.filter((answer) => answer.code === 'sign-in-locked');
    expect([checked.length, refused.length]).toEqual([5, 15]);
  });

  test('a locked login refuses the right password however often it is sent at once', async () => {
    for (let count = 0; count < 5; count += 1) await trySignIn('zhongshen', 'wrong');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => trySignIn('zhongshen', passwordOf('zhongshen'))),
    );
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 429));
  });

  test('fifty failures from one address lock it, whatever the logins; others go on', async () => {
    for (let batch = 0; batch < 10; batch += 1) {
      const answers = await Promise.all(
        Array.from({ length: 5 }, (_, at) => trySignIn(`nobody${batch}x${at}`, 'wrong', '203.0.113.5')),
      );
      expect(answers.map((answer) => answer.code)).toEqual(answers.map(() => 'sign-in-failed'));
    }
    expect((await trySignIn('guanli', passwordOf('guanli'), '203.0.113.5')).code).toBe('sign-in-locked');
    expect((await trySignIn('guanli', passwordOf('guanli'), '203.0.113.6')).status).toBe(200);
  });

  test('the addresses of one IPv6 subscriber count together', async () => {
    for (const end of [':1', ':2', 'aaaa::3']) await trySignIn('nobody', 'wrong', `2001:db8:77:1:${end}`);
    expect(await failures('address:2001:db8:77:1::/64')).toMatchObject({ failures: 3 });
  });

  test('people of one office who sign in rightly never lock their address', async () => {
    for (let count = 0; count < 60; count += 1)
      expect((await trySignIn('guanli', passwordOf('guanli'), '203.0.113.9')).status).toBe(200);
    expect(await failures('address:203.0.113.9')).toMatchObject({ failures: 0, locked_until: null });
  });
});
