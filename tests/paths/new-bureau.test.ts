/** A bureau in earnest, from the operator's first command to a question that reaches the right section by itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { run as seed } from '#server/cli/seed.ts';
import { runHere } from '#server/cli/test-support.ts';
import { run as user } from '#server/cli/user.ts';
import { recordInbound } from '#server/modules/inbox/intake/record-inbound.ts';
import { setUpFactor } from '#server/modules/people/test-support.ts';
import { createAccount } from '#shared/accounts.ts';
import { listCases } from '#shared/inbox.ts';
import { changePassword } from '#shared/my-account.ts';
import { createPerson, getMe } from '#shared/people.ts';
import { createUnit, setUnitFields } from '#shared/units.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, signInClient } from '#tests/support/client.ts';

const chosen = '河对岸的灯火 一共三十六盏';

let installation: TestInstallation;
let administrator: Client;
let bureauId: string;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  const { databaseUrl } = installation;
  const config = { ...installation.config, databaseUrl, directDatabaseUrl: databaseUrl };
  await runHere(
    seed,
    config,
    'bureau',
    '--slug',
    'xinan',
    '--name',
    '新安县人社局',
    '--short-name',
    '新安人社',
  );
  const person = ['--bureau', 'xinan', '--login', 'xa.guanli', '--name', '江河', '--role', 'administrator'];
  const { printed } = await runHere(user, config, 'add', ...person);
  const firstPassword = printed.split(' ').at(-1)!;
  administrator = await signInClient(installation.url, 'xa.guanli', firstPassword);
  await administrator.call(changePassword, { body: { current: firstPassword, next: chosen } });
  await setUpFactor(installation.app, administrator, chosen);
  bureauId = (await administrator.call(getMe, {})).bureau.id;
});
afterAll(() => installation?.close());

/** Somebody writes to the bureau's account. */
async function receive(text: string): Promise<{ unitName: string | null } | undefined> {
  const { rows } = await administrator.call(listCases, { query: {} });
  const known = new Set(rows.map((row) => row.id));
  const person = newId();
  await installation.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: person, deliveryId: null },
      platformId: newId(),
      person: { key: person, name: null },
      text,
      attachment: null,
      at: new Date(),
      window: { ms: 48 * 3_600_000, messages: 5 },
    }),
  );
  const after = await administrator.call(listCases, { query: {} });
  return after.rows.find((row) => !known.has(row.id));
}
let accountId: string;

test('a question finds the section that the administrator made answerable for its field', async () => {
  const made = await administrator.call(createAccount, {
    body: { platform: 'site', name: '新安网站', unitId: bureauId, settings: {}, secrets: {} },
  });
  accountId = made.id;
  const before = await receive('社保卡丢了，怎么补办？');
  expect(before?.unitName).toBeNull();

  const { id: unitId } = await administrator.call(createUnit, {
    body: { parentId: bureauId, kind: 'section', name: '社保服务股', shortName: '社保', fields: [] },
  });
  await administrator.call(setUnitFields, { params: { unitId }, body: { fields: ['社会保险', '社保卡'] } });
  await administrator.call(createPerson, {
    body: { login: 'xa.keshi', name: '田野', unitId, role: 'section' },
  });
  const after = await receive('社保卡丢了，在哪里补办？');
  expect(after?.unitName).toBe('社保服务股');
});
