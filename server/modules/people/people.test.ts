import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPerson,
  disablePerson,
  getMe,
  listColleagues,
  listSessions,
  listUnits,
  may,
  type Permission,
  revokeSession,
  rolePermissions,
  roles,
  signOut,
} from '#shared/people.ts';
import { buildInstallation, passwordOf, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient, signInClient } from '#tests/support/client.ts';

let installation: TestInstallation;
let administrator: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  administrator = await installation.as('guanli');
});
afterAll(() => installation?.close());

async function hire(login: string) {
  const me = await administrator.call(getMe, {});
  return administrator.call(createPerson, {
    body: { login, name: '新同事', unitId: me.bureau.id, role: 'editor' as const },
  });
}

/** Moves the times of all sessions of a person. */
const setSessions = (login: string, assignments: string) =>
  installation.app.database.withWorker((tx) =>
    sql`update sessions set ${sql.raw(assignments)} where person_id = (select id from people where login = ${login})`.execute(
      tx,
    ),
  );

describe('who may', () => {
  test('nobody without signing in', async () => {
    const nobody = createClient(installation.url, '');
    for (const route of [getMe, listSessions, listColleagues, listUnits] as const)
      expect((await nobody.try(route, {})).status).toBe(401);
    const forged = createClient(installation.url, `huisheng_session=${'A'.repeat(43)}`);
    expect((await forged.try(getMe, {})).status).toBe(401);
  });

  test('the neighbouring county sees its own people and can’t disable ours', async () => {
    const neighbour = await installation.as('st.guanli');
    const colleagues = await neighbour.call(listColleagues, {});
    expect(colleagues.map((person) => person.login)).toContain('st.bianji');
    expect(colleagues.every((person) => person.login.startsWith('st.'))).toBe(true);
    const ours = (await administrator.call(listColleagues, {})).find((person) => person.login === 'keshi')!;
    const answer = await neighbour.try(disablePerson, {
      params: { personId: ours.id },
      body: { reason: '试试' },
    });
    expect(answer.status).toBe(404);
    expect(await (await installation.as('keshi')).call(getMe, {})).toMatchObject({ login: 'keshi' });
  });

  test('only an administrator adds people', async () => {
    const editor = await installation.as('bianji');
    const me = await editor.call(getMe, {});
    const answer = await editor.try(createPerson, {
      body: { login: 'friend', name: '朋友', unitId: me.bureau.id, role: 'administrator' },
    });
    expect([answer.status, answer.error?.code]).toEqual([403, 'forbidden']);
  });
});

test('answers given by hand are followed by sections and agents, and checked by agents, editors, administrators', () => {
  const holders = (permission: Permission) => roles.filter((role) => may([role], permission));
  expect(holders('handoff.perform')).toEqual(['editor', 'agent', 'administrator']);
  expect(roles.filter((role) => may([role], 'inbox.answer') && !may([role], 'delivery.read'))).toEqual([]);
  expect(holders('inbox.answer')).toEqual(['agent', 'section']);
});

describe('me', () => {
  test('lists exactly the permissions of my role, my unit and my bureau', async () => {
    const section = await (await installation.as('keshi')).call(getMe, {});
    expect(section).toMatchObject({
      name: '吴芳',
      roles: ['section'],
      unit: { name: '社会保险股' },
      bureau: { shortName: '云溪人社', slug: 'yunxi' },
      demonstration: true,
    });
    expect(section.permissions.toSorted()).toEqual([...rolePermissions.section].toSorted());
  });
});

describe('a new person', () => {
  test('gets a first password that works, and no clear copy of it stays behind', async () => {
    const { id, firstPassword } = await hire('xinren');
    const client = await signInClient(installation.url, 'xinren', firstPassword);
    expect(await client.call(getMe, {})).toMatchObject({ personId: id, roles: ['editor'] });
    const places = await installation.app.database.withWorker(async (tx) => {
      const tables = ['people', 'audit_entries', 'idempotency_keys', 'memberships'] as const;
      const rows = await Promise.all(tables.map((table) => tx.selectFrom(table).selectAll().execute()));
      return JSON.stringify(rows);
    });
    expect(places).not.toContain(firstPassword);
  });

  test('is created once when the answer was lost and the request came again with its key', async () => {
    const me = await administrator.call(getMe, {});
    const input = {
      body: { login: 'zaici', name: '再次', unitId: me.bureau.id, role: 'agent' as const },
    };
    const first = await administrator.call(createPerson, input, 'create-zaici-1');
    const second = await administrator.call(createPerson, input, 'create-zaici-1');
    expect(second).toEqual(first);
    const colleagues = await administrator.call(listColleagues, {});
    expect(colleagues.filter((person) => person.login === 'zaici')).toHaveLength(1);
  });

  test('cannot take a login that is taken, in any bureau, or join a unit of another bureau', async () => {
    const me = await administrator.call(getMe, {});
    const taken = await administrator.try(createPerson, {
      body: { login: 'st.bianji', name: '重名', unitId: me.bureau.id, role: 'editor' },
    });
    expect([taken.status, taken.error?.code]).toEqual([400, 'input-invalid']);
    const neighbour = await (await installation.as('st.guanli')).call(getMe, {});
    const elsewhere = await administrator.try(createPerson, {
      body: { login: 'bieju', name: '别局', unitId: neighbour.bureau.id, role: 'editor' },
    });
    expect([elsewhere.status, elsewhere.error?.code]).toEqual([400, 'input-invalid']);
  });
});

describe('a disabled person', () => {
  test('is out at once, everywhere, and can’t come back', async () => {
    const { id, firstPassword } = await hire('lizhi');
    const phone = await signInClient(installation.url, 'lizhi', firstPassword);
    const desk = await signInClient(installation.url, 'lizhi', firstPassword);
    await administrator.call(disablePerson, { params: { personId: id }, body: { reason: '调离' } });
    expect((await phone.try(getMe, {})).status).toBe(401);
    expect((await desk.try(getMe, {})).status).toBe(401);
    await expect(signInClient(installation.url, 'lizhi', firstPassword)).rejects.toThrow('sign-in-failed');
  });

  test('cannot be oneself', async () => {
    const me = await administrator.call(getMe, {});
    const answer = await administrator.try(disablePerson, {
      params: { personId: me.personId },
      body: { reason: '试试' },
    });
    expect([answer.status, answer.error?.code]).toEqual([400, 'input-invalid']);
  });

  test('whose row alone was marked is out too: every request looks', async () => {
    const { id, firstPassword } = await hire('tingyong');
    const client = await signInClient(installation.url, 'tingyong', firstPassword);
    await installation.app.database.withWorker((tx) =>
      tx.updateTable('people').set({ disabled_at: new Date() }).where('id', '=', id).execute(),
    );
    expect((await client.try(getMe, {})).status).toBe(401);
  });
});

describe('a session', () => {
  test('ends after its idle limit', async () => {
    const { firstPassword } = await hire('xianzhi');
    const client = await signInClient(installation.url, 'xianzhi', firstPassword);
    await setSessions('xianzhi', "expires_at = now() - interval '1 second'");
    expect((await client.try(getMe, {})).status).toBe(401);
  });

  test('is prolonged by use, but never past twelve hours from its beginning', async () => {
    const { firstPassword } = await hire('yongle');
    const client = await signInClient(installation.url, 'yongle', firstPassword);
    await setSessions(
      'yongle',
      "created_at = now() - interval '11 hours', last_seen_at = now() - interval '2 minutes', expires_at = now() + interval '1 minute'",
    );
    expect((await client.try(getMe, {})).status).toBe(200);
    const { rows } = await installation.app.database.withWorker((tx) =>
      sql<{ left: number }>`select extract(epoch from expires_at - created_at)::float8 / 3600 as left
        from sessions where person_id = (select id from people where login = 'yongle')`.execute(tx),
    );
    expect(rows[0]!.left).toBe(12);
    await setSessions(
      'yongle',
      "created_at = created_at - interval '2 hours', last_seen_at = now() - interval '2 minutes'",
    );
    await client.try(getMe, {});
    expect((await client.try(getMe, {})).status).toBe(401);
  });

  test('of the strict profile lasts thirty idle minutes', async () => {
    await installation.app.database.withWorker((tx) =>
      tx.updateTable('bureau_settings').set({ policy: 'dengbao' }).where('slug', '=', 'shitang').execute(),
    );
    const client = await installation.as('st.bianji');
    const { rows } = await installation.app.database.withWorker((tx) =>
      sql<{
        minutes: number;
      }>`select extract(epoch from expires_at - created_at)::float8 / 60 as minutes from sessions
        where person_id = (select id from people where login = 'st.bianji') order by created_at desc limit 1`.execute(
        tx,
      ),
    );
    expect(rows[0]!.minutes).toBe(30);
    expect(await client.call(getMe, {})).toMatchObject({ demonstration: false });
  });

  test('ended by signing out is ended on the server, not only in the browser', async () => {
    const client = await installation.as('lingdao');
    await client.call(signOut, {});
    expect((await client.try(getMe, {})).status).toBe(401);
  });

  test('of mine elsewhere is listed, and revoked from here', async () => {
    const here = await signInClient(installation.url, 'yunwei', passwordOf('yunwei'));
    const elsewhere = await signInClient(installation.url, 'yunwei', passwordOf('yunwei'));
    const sessions = await here.call(listSessions, {});
    expect(sessions.filter((session) => session.current)).toHaveLength(1);
    const other = sessions.find((session) => !session.current)!;
    await here.call(revokeSession, { params: { sessionId: other.id } });
    expect((await elsewhere.try(getMe, {})).status).toBe(401);
    expect((await here.try(getMe, {})).status).toBe(200);
  });

  test('of somebody else can’t be revoked', async () => {
    const mine = await signInClient(installation.url, 'yunwei', passwordOf('yunwei'));
    const theirs = await installation.as('liuyan');
    const [session] = await theirs.call(listSessions, {});
    const answer = await mine.try(revokeSession, { params: { sessionId: session!.id } });
    expect(answer.status).toBe(404);
    expect((await theirs.try(getMe, {})).status).toBe(200);
  });

  test('whose membership has ended is no session any more', async () => {
    const { id, firstPassword } = await hire('daoqi');
    const client = await signInClient(installation.url, 'daoqi', firstPassword);
    await installation.app.database.withWorker((tx) =>
      sql`update memberships set ends_at = now() where person_id = ${id}`.execute(tx),
    );
    expect((await client.try(getMe, {})).status).toBe(401);
  });
});

describe('behind https', () => {
  test('the cookie is Secure and bound to the host', async () => {
    const secure = await buildInstallation({ roles: ['web'], publicUrl: 'https://rs.example.gov.cn' });
    try {
      const answer = await secure.installation.web!.inject({
        method: 'POST',
        url: '/api/session',
        payload: { login: 'bianji', password: passwordOf('bianji') },
      });
      const cookie = answer.headers['set-cookie'] as string;
      expect(cookie).toMatch(/^__Host-huisheng=/);
      expect(cookie).toContain('Secure');
      expect(cookie).not.toContain('Domain');
    } finally {
      await secure.close();
    }
  });
});
