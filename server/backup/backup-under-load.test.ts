import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { buildActor, buildApp } from '#tests/support/build-app.ts';
import { until } from '#tests/support/wait.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { dropGrounds, emptyGround, query } from './test-support.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huisheng-busy-'));
});
afterAll(async () => {
  await dropGrounds();
  await rm(folder, { recursive: true, force: true });
});

test('a backup taken while people work is of one moment', async () => {
  const out = join(folder, 'busy');
  const busy = await buildApp();
  const actor = await buildActor(busy.app, 'bianji');
  const ground = await emptyGround(folder);
  let stop = false;
  let written = 0;
  // Each transaction writes one article and one audit entry about it: in any one moment there are as many of both.
  const work = async () => {
    while (!stop) {
      const id = newId();
      await busy.app.database.withWorker(async (tx) => {
        await tx
          .insertInto('articles')
          .values({
            bureau_id: actor.bureauId,
            id,
            unit_id: actor.unitId,
            working: '{}',
            created_by: actor.personId,
            updated_by: actor.personId,
          })
          .execute();
        await record(tx, actor, 'transfer.made', { kind: 'article', id });
      });
      written += 1;
    }
  };
  const workers = [work(), work(), work()];
  try {
    await until(async () => written > 20, { what: 'work has begun' });
    let atSnapshot = 0;
    const options = { url: busy.databaseUrl, config: busy.config, out, withKey: false, program: 'test' };
    await makeBackup({
      ...options,
      async onSnapshot() {
        atSnapshot = written;
        await until(async () => written > atSnapshot + 20, { what: 'more was written after the snapshot' });
      },
    });
    await restoreBackup({ ...ground, from: out, force: false, newKey: false });
    const [counts] = await query<{ articles: number; entries: number; matched: number }>(
      ground.url,
      `select (select count(*)::int from audit_entries where action = 'transfer.made') as entries,
         (select count(*)::int from audit_entries e join articles a on a.id::text = e.subject_id
            where action = 'transfer.made') as matched,
         (select count(*)::int from articles where working = '{}') as articles`,
    );
    expect(counts!.entries).toBeGreaterThan(20);
    expect(counts).toEqual({ entries: counts!.entries, matched: counts!.entries, articles: counts!.entries });
    expect(counts!.entries).toBeLessThan(written);
  } finally {
    stop = true;
    await Promise.all(workers);
    await busy.close();
  }
});
