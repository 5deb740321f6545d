import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wallTime } from '#server/base/clock.ts';
import { listAccounts, updateAccount } from '#shared/accounts.ts';
import { listNotices } from '#shared/notices.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approveThroughChain, buildDraft } from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { checkPlanned } from './preflight.ts';

let installation: TestInstallation;
let editor: Client;
let administrator: Client;
let accountId = '';
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  editor = await installation.as('bianji');
  administrator = await installation.as('guanli');
  accountId = (await administrator.call(listAccounts, {})).find(({ platform }) => platform === 'weibo')!.id;
});
afterAll(() => installation?.close());

const hourMs = 3_600_000;
const inWorker = (query: ReturnType<typeof sql>) =>
  installation.app.database.withWorker((tx) => query.execute(tx));
const setState = (state: 'active' | 'paused') =>
  administrator.call(updateAccount, { params: { accountId }, body: { state, reason: '检修' } });
const told = async () => {
  await checkPlanned(installation.app);
  await checkPlanned(installation.app);
  const { rows } = await editor.call(listNotices, { query: {} });
  return rows.filter((row) => row.kind === 'delivery-at-risk');
};

test('a planned post whose account could not take it is told a day and an hour ahead, once each', async () => {
  const plannedWall = wallTime(new Date(Date.now() + 20 * hourMs));
  const draft = await buildDraft(installation, editor, { platforms: ['weibo'], target: { plannedWall } });
  await approveThroughChain(installation, editor, draft);
  expect(await told()).toEqual([]);

  // Credentials are asked again when the last time was before the window.
  const { rows } = await installation.app.database.withWorker((tx) =>
    sql<{ soon: boolean }>`select next_probe_at <= clock_timestamp() as soon from account_health
      where account_id = ${accountId}`.execute(tx),
  );
  expect(rows).toEqual([{ soon: true }]);

  await setState('paused');
  const [first, ...more] = await told();
  expect(more).toEqual([]);
  expect(first?.words.zh).toContain('已暂停');
  expect(first?.urgency).toBe('normal');

  await setState('active');
  await inWorker(
    sql`update account_secrets set expires_at = clock_timestamp() + interval '10 minutes' where account_id = ${accountId}`,
  );
  await inWorker(
    sql`update deliveries set due_at = clock_timestamp() + interval '30 minutes' where state = 'planned'`,
  );
  const [latest] = await told();
  expect(latest).toMatchObject({ urgency: 'urgent', link: `/accounts/${accountId}` });
  expect(latest?.words.zh).toContain('到期');
});
