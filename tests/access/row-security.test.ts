/** The second fence alone: the staff role of one bureau against the rows of another, with no predicate written out. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { withdrawDelivery } from '#shared/withdrawals.ts';
import { until } from '#tests/support/wait.ts';
import { type AccessStage, openStage, personOf } from './support/stage.ts';
import { makeThings, type Things } from './support/things.ts';

let stage: AccessStage;
let tables: string[];

beforeAll(async () => {
  stage = await openStage();
  await fillEveryTable(stage, await makeThings(stage));
  tables = await listTables();
}, 120_000);
afterAll(() => stage?.close());

const asNeighbour = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  stage.installation.app.database.withScope({ bureauId: stage.neighbour.id }, work);

/** The worker's role sees the rows of all. */
const askAll = <T extends object>(query: string): Promise<T[]> =>
  stage.installation.app.database.withWorker(
    async (tx) => (await sql<T>`${sql.raw(query)}`.execute(tx)).rows,
  );

/** Every table that keeps rows of bureaus under row security. */
async function listTables(): Promise<string[]> {
  const rows = await askAll<{ table: string }>(`
    select c.relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'bureau_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity order by 1`);
  return rows.map((row) => row.table);
}

/** 'done n' with the rows it touched, or the code that PostgreSQL refuses with. */
async function attempt(statement: string): Promise<string> {
  return asNeighbour(async (tx) => {
    const result = await sql`${sql.raw(statement)}`.execute(tx);
    return `done ${result.numAffectedRows ?? result.rows.length}`;
  }).catch((error: { code?: string }) => String(error.code));
}

const refusedByRights = '42501';
/** refuse_change(): the rows of this table are never changed by anybody. */
const refusedByHistory = '23001';

describe('staff of one bureau, against every table', () => {
  test('there is a row to be seen in each, or seeing none would prove nothing', async () => {
    expect(tables.length).toBeGreaterThan(25);
    const empty: string[] = [];
    for (const table of tables) {
      const [row] = await askAll<{ count: number }>(
        `select count(*) as count from ${table} where bureau_id = '${stage.home.id}'`,
      );
      if (row!.count === 0) empty.push(table);
    }
    expect(empty).toEqual([]);
  });

  test('see none of the other’s rows', async () => {
    const seen: string[] = [];
    for (const table of tables) {
      const { rows } = await asNeighbour((tx) =>
        sql<{ foreign: number; own: number }>`
          select count(*) filter (where bureau_id <> ${stage.neighbour.id}) as foreign, count(*) as own
          from ${sql.table(table)}`.execute(tx),
      );
      if (rows[0]!.foreign > 0) seen.push(`${table}: ${rows[0]!.foreign}`);
    }
    expect(seen).toEqual([]);
  });

  test('see their own, so that the fence is no wall', async () => {
    for (const table of [
      'units',
      'memberships',
      'accounts',
      'audit_entries',
      'working_days',
      'idempotency_keys',
    ])
      expect(await attempt(`select from ${table} limit 1`), table).toBe('done 1');
  });

  test('change and remove none of them', async () => {
    const done: string[] = [];
    for (const table of tables) {
      for (const statement of [`update ${table} set bureau_id = bureau_id`, `delete from ${table}`]) {
        const foreign = `${statement} where bureau_id = '${stage.home.id}'`;
        const result = await attempt(foreign);
        if (!['done 0', refusedByRights, refusedByHistory].includes(result))
          done.push(`${statement}: ${result}`);
      }
    }
    expect(done).toEqual([]);
  });

  /** Without those that PostgreSQL computes itself: nobody may write them, whatever their rights. */
  async function writableColumns(table: string): Promise<string> {
    const rows = await askAll<{ name: string }>(
      `select quote_ident(attname) as name from pg_attribute
       where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    );
    return rows.map(({ name }) => name).join(', ');
  }

  test('write none under the other’s name', async () => {
    const done: string[] = [];
    for (const table of tables) {
      const [row] = await askAll<{ row: string }>(
        `select row_to_json(t)::text as row from ${table} t where bureau_id = '${stage.home.id}' limit 1`,
      );
      const columns = await writableColumns(table);
      const copy = `insert into ${table} (${columns}) select ${columns} from json_populate_record(null::${table}, $json$${row!.row}$json$)`;
      const result = await attempt(copy);
      if (result !== refusedByRights) done.push(`${table}: ${result}`);
    }
    expect(done).toEqual([]);
  });

  test('cannot push one of their own rows over to the other', async () => {
    for (const table of ['accounts', 'units', 'memberships', 'idempotency_keys'])
      expect(await attempt(`update ${table} set bureau_id = '${stage.home.id}'`), table).toBe(
        refusedByRights,
      );
  });

  test('see no foreign fact', async () => {
    const views = ['publishing_deliveries', 'inbox_cases', 'inbox_messages'];
    const later = ['insight_issues', 'insight_answer_marks', 'insight_digests'];
    for (const view of [...views, ...later].map((name) => `facts.${name}`)) {
      const [row] = await askAll<{ count: number }>(`select count(*) as count from ${view}`);
      expect(row!.count, view).toBeGreaterThan(0);
      expect(await attempt(`select from ${view} where bureau_id <> '${stage.neighbour.id}'`), view).toBe(
        'done 0',
      );
    }
  });
});

describe('without a bureau', () => {
  test('the staff role sees nothing at all', async () => {
    const counts = await stage.installation.app.database.asOwner((db) =>
      db.transaction().execute(async (tx) => {
        await sql`set local role huisheng_staff`.execute(tx);
        await sql`select set_config('huisheng.bureau', '', true)`.execute(tx);
        const { rows } = await sql<{ count: number }>`select count(*) as count from units`.execute(tx);
        return rows[0]!.count;
      }),
    );
    expect(counts).toBe(0);
  });

  test('no transaction for staff can be opened', async () => {
    const { database } = stage.installation.app;
    await expect((async () => database.withScope({ bureauId: '' }, async () => undefined))()).rejects.toThrow(
      /needs a bureau/,
    );
  });
});

/** What the course of things has not filled yet. */
async function fillEveryTable({ installation, home }: AccessStage, things: Things): Promise<void> {
  const { caseId, conversationId } = await things.question();
  await things.fillCase(caseId, conversationId);
  await things.leftovers();
  await things.issue();
  await things.correction('published');
  await things.digest();
  await stage.installation.app.database.withWorker(async (tx) => {
    const of = { as_of: sql<Date>`now()`, value: 3, capture: 'hand', bureau_id: stage.home.id };
    const deliveryId = things.published.siteDeliveryId;
    await tx
      .insertInto('figures')
      .values({ ...of, delivery_id: deliveryId, metric: 'reads' })
      .execute();
    const accountId = things.accounts.get('weibo')!;
    const polled = { bureau_id: stage.home.id, account_id: accountId };
    await tx
      .insertInto('account_figure_polls')
      .values(polled)
      .onConflict((one) => one.doNothing())
      .execute();
    await tx
      .insertInto('figure_polls')
      .values({ ...polled, delivery_id: deliveryId })
      .onConflict((one) => one.doNothing())
      .execute();
    await tx
      .insertInto('account_figures')
      .values({ ...of, account_id: accountId, metric: 'followers' })
      .execute();
  });
  const { taskId } = await things.handOff();
  await installation.app.database.withWorker((tx) =>
    tx.insertInto('app_links').values({ bureau_id: home.id, task_id: taskId, state: 'making' }).execute(),
  );
  await personOf(home, 'editor').client.call(withdrawDelivery, {
    params: { deliveryId: await things.registered() },
    body: { reason: '试' },
  });
  await things.reply();
  await things.review('reviewer-second');
  const { database } = installation.app;
  await things.entry();
  await database.withWorker((tx) =>
    sql`
      insert into reply_citations (bureau_id, reply_id, entry_id, version)
      select r.bureau_id, r.id, v.entry_id, v.version from replies r
      join knowledge_versions v on v.bureau_id = r.bureau_id
      where r.bureau_id = ${home.id} limit 1`.execute(tx),
  );
  const accountId = things.accounts.get('wechat-official')!;
  await database.withWorker(async (tx) => {
    const own = { bureau_id: home.id };
    await tx
      .insertInto('api_tokens')
      .values({
        ...{ ...own, id: newId(), token_hash: Buffer.from(caseId), name: '试', scopes: [] },
        created_by: personOf(home, 'administrator').id,
      })
      .execute();
    await tx
      .insertInto('account_menus')
      .values({ ...own, account_id: accountId })
      .execute();
    const [channelId, noticeId] = [newId(), newId()];
    await tx
      .insertInto('notice_channels')
      .values({ ...own, id: channelId, kind: 'mail', name: '邮件' })
      .execute();
    await tx
      .insertInto('notice_preferences')
      .values({ ...own, person_id: personOf(home, 'editor').id })
      .execute();
    await tx
      .insertInto('notices')
      .values({
        ...{ ...own, id: noticeId, kind: 'work-waiting', urgency: 'normal', subject_kind: 'case' },
        ...{ subject_id: caseId, words_zh: '试', words_en: 'try', link: '/', dedup_key: 'fence' },
      })
      .execute();
    await tx
      .insertInto('notice_sendings')
      .values({
        ...own,
        notice_id: noticeId,
        channel_id: channelId,
        state: 'sent',
        next_at: sql<Date>`now()`,
      })
      .execute();
    await tx
      .insertInto('delivery_attempts')
      .values({
        ...{ ...own, id: newId(), delivery_id: things.published.siteDeliveryId, number: 1, fence: 1 },
        step: 'check',
      })
      .execute();
    await tx
      .insertInto('raw_pushes')
      .values({
        ...{ ...own, account_id: accountId, dedup_key: caseId, sealed: Buffer.from('x') },
        processed_at: sql<Date>`now()`,
      })
      .execute();
    await tx
      .insertInto('case_numbers')
      .values({ ...own, year: 1999, last: 1 })
      .execute();
    await tx
      .insertInto('comment_polls')
      .values({
        ...{ ...own, delivery_id: things.published.siteDeliveryId, account_id: accountId },
        next_at: sql<Date>`now() + interval '1 day'`,
      })
      .execute();
  });
  await until(
    () =>
      database.withWorker((tx) =>
        tx
          .selectFrom('audit_seals')
          .select('seq')
          .where('bureau_id', '=', home.id)
          .limit(1)
          .executeTakeFirst(),
      ),
    { what: 'the sealer seals an entry' },
  );
}
