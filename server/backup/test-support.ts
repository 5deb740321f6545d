import { mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { systemActor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import type { Config } from '#server/config.ts';
import { record, sealOnce } from '#server/modules/audit/index.ts';
import { auditKey } from '#server/worker.ts';
import { buildActor, type TestApp } from '#tests/support/build-app.ts';
import { runAs, withDatabase } from '#tests/support/cluster.ts';
import { testConfig } from '#tests/support/config.ts';
import { notCarried } from './tables.ts';

/** Runs one statement, or several, as whoever the address says. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** By table: how many rows, and a hash over all of them that no order changes. Needs a superuser. */
export async function fingerprintTables(url: string): Promise<Map<string, string>> {
  const tables = await query<{ name: string }>(
    url,
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
  );
  const prints = new Map<string, string>();
  for (const { name } of tables) {
    if (name in notCarried) continue;
    const [row] = await query<{ print: string }>(
      url,
      `select count(*) || ':' || coalesce(md5(string_agg(h, '' order by h)), '') as print
       from (select md5((to_jsonb(t) - 'xid')::text) as h from ${name} t) rows`,
    );
    prints.set(name, row!.print);
  }
  return prints;
}

export async function listFilesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

const made: string[] = [];

/** An empty database and an empty data directory below `folder`. */
export async function emptyGround(folder: string): Promise<{ url: string; dataDir: string; config: Config }> {
  const name = `restore_${newId().replaceAll('-', '')}`;
  await runAs(inject('adminUrl'), `create database ${name}`);
  made.push(name);
  const dataDir = await mkdtemp(join(folder, 'ground-'));
  return { url: withDatabase(inject('adminUrl'), name), dataDir, config: testConfig({ dataDir }) };
}

export async function dropGrounds(): Promise<void> {
  for (const name of made.splice(0))
    await runAs(inject('adminUrl'), `drop database if exists ${name} with (force)`);
}

/** Posts and answers in every state, a picture, awkward characters, sealed audit entries. */
export async function seedAll(app: TestApp): Promise<{ bureauId: string }> {
  const actor = await buildActor(app.app, 'bianji');
  const { bureauId } = actor;
  const sha256 = await app.app.files.put(Buffer.from('一张图片'));
  const ids = Object.fromEntries(
    ['file', 'article', 'version', 'package', 'conversation', 'case', 'reply'].map((name) => [name, newId()]),
  );
  const [account] = await query<{ id: string }>(
    app.databaseUrl,
    `select id from accounts where bureau_id = '${bureauId}' and platform = 'weibo'`,
  );
  const run = (text: string, values: unknown[]) => query(app.databaseUrl, text, values);
  await run(
    `insert into files (bureau_id, id, sha256, mime, size, name, token) values ($1, $2, $3, 'image/png', 12, $4, $5)`,
    [bureauId, ids.file, sha256, '封面\t"1"\n.png', newId()],
  );
  await run(
    `insert into articles (bureau_id, id, unit_id, working, created_by, updated_by) values ($1, $2, $1, $3, $4, $4)`,
    [bureauId, ids.article, JSON.stringify({ title: '换行\\n\t，零宽\u200b，表情😀' }), actor.personId],
  );
  await run(
    `insert into article_versions (bureau_id, id, article_id, number, content, content_hash, created_by)
     values ($1, $2, $3, 1, '{}', $4, $5)`,
    [bureauId, ids.version, ids.article, Buffer.from([0, 10, 92, 255]), actor.personId],
  );
  await run(
    `insert into packages (bureau_id, id, article_id, version_id, account_id, payload, hash, short_token)
     values ($1, $2, $3, $4, $5, '{"a":"\\\\n"}', $6, 'short')`,
    [bureauId, ids.package, ids.article, ids.version, account!.id, Buffer.alloc(32, 1)],
  );
  const states = ['planned', 'due', 'preparing', 'prepared', 'submitting', 'pending', 'unknown', 'published'];
  for (const state of [...states, 'held', 'handed-off', 'cancelled']) {
    await run(
      `insert into deliveries (bureau_id, id, package_id, article_id, account_id, platform, mode, reach, state, due_at,
         planned_wall, wake_at, claimed_by, fence, steps)
       values ($1, $2, $3, $4, $5, 'weibo', 'api', 'timeline', $6, now(), '2026-11-23 10:00', now(), 'p1', 3, '{"draft":{"id":"1"}}')`,
      [bureauId, newId(), ids.package, ids.article, account!.id, state],
    );
  }
  for (const [state, wakes] of [
    ['waiting', true],
    ['calling', true],
    ['by-hand', false],
  ]) {
    const [withdrawalId, deliveryId] = [newId(), newId()];
    await run(
      `insert into deliveries (bureau_id, id, package_id, article_id, account_id, platform, mode, reach, state, due_at,
         planned_wall)
       values ($1, $2, $3, $4, $5, 'weibo', 'api', 'timeline', 'published', now(), '2026-11-23 10:00')`,
      [bureauId, deliveryId, ids.package, ids.article, account!.id],
    );
    await run(
      `insert into withdrawals (bureau_id, id, article_id, reason, deadline, asked_by)
       values ($1, $2, $3, '有误', now() + interval '2 hours', $4)`,
      [bureauId, withdrawalId, ids.article, actor.personId],
    );
    await run(
      `insert into withdrawal_targets (bureau_id, withdrawal_id, delivery_id, state, wake_at)
       values ($1, $2, $3, $4, case when $5 then now() end)`,
      [bureauId, withdrawalId, deliveryId, state, wakes],
    );
  }
  await run(
    `insert into conversations (bureau_id, id, account_id, kind, thread_key, person_key, last_at)
     values ($1, $2, $3, 'message', 't', 'p', now())`,
    [bureauId, ids.conversation, account!.id],
  );
  await run(
    `insert into cases (bureau_id, id, number, kind, title, received_at) values ($1, $2, '2026-1', 'consult', '社保卡', now())`,
    [bureauId, ids.case],
  );
  for (const state of ['due', 'sent']) {
    await run(
      `insert into replies (bureau_id, id, case_id, conversation_id, account_id, text, state, wake_at, created_by)
       values ($1, $2, $3, $4, $5, '您好', $6, now(), $7)`,
      [bureauId, newId(), ids.case, ids.conversation, account!.id, state, actor.personId],
    );
  }
  for (let n = 0; n < 5; n += 1) {
    await app.app.database.withWorker((tx) =>
      record(tx, systemActor(bureauId), 'test.happened', { kind: 'test', id: String(n) }, { n }),
    );
  }
  await sealOnce(app.app.database, auditKey(app.app));
  return { bureauId };
}
