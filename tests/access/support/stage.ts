/** Two bureaus on one installation, with a person in every role in both, signed in over real HTTP. */
import { randomBytes } from 'node:crypto';
import { createPerson, type Role, roles } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient, signInClient } from '#tests/support/client.ts';

export type Person = { id: string; login: string; password: string; role: Role; client: Client };
export type Bureau = { id: string; people: ReadonlyMap<Role, Person> };

export type AccessStage = {
  installation: TestInstallation;
  /** Owns everything that is asked for. */
  home: Bureau;
  /** Must see nothing of it. */
  neighbour: Bureau;
  nobody: Client;
  close(): Promise<void>;
};

export async function openStage(): Promise<AccessStage> {
  // A mail server that nobody asks: those who may send themselves a test need one to be set.
  const smtp = { url: 'smtp://127.0.0.1:1', tls: 'optional', from: 'desk@example.invalid' } as const;
  const installation = await buildInstallation({ smtp });
  const [home, neighbour] = [await gather(installation, 'guanli'), await gather(installation, 'st.guanli')];
  return {
    ...{ installation, home, neighbour },
    nobody: createClient(installation.url, ''),
    close: installation.close,
  };
}

export function personOf(bureau: Bureau, role: Role): Person {
  const found = bureau.people.get(role);
  if (!found) throw new Error(`nobody is ${role}`);
  return found;
}

/** One new person a role, made by the bureau's administrator through the very route. */
async function gather(installation: TestInstallation, administrator: string): Promise<Bureau> {
  const client = await installation.as(administrator);
  const unitId = await installation.app.database.withWorker(async (tx) => {
    const row = await tx
      .selectFrom('memberships')
      .innerJoin('people', 'people.id', 'memberships.person_id')
      .select('memberships.bureau_id')
      .where('login', '=', administrator)
      .executeTakeFirstOrThrow();
    return row.bureau_id;
  });
  const people = new Map<Role, Person>();
  for (const role of roles) people.set(role, await addPerson(installation, client, unitId, role));
  return { id: unitId, people };
}

export async function addPerson(
  installation: TestInstallation,
  administrator: Client,
  unitId: string,
  role: Role,
): Promise<Person> {
  const login = `p${randomBytes(6).toString('hex')}`;
  const body = { login, name: `${role} ${login}`.slice(0, 40), unitId, role };
  const { id, firstPassword: password } = await administrator.call(createPerson, { body });
  return { id, login, password, role, client: await signInClient(installation.url, login, password) };
}
