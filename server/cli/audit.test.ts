import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { query } from '#server/backup/test-support.ts';
import { systemActor } from '#server/base/actor.ts';
import type { Config } from '#server/config.ts';
import { record, sealOnce } from '#server/modules/audit/index.ts';
import { auditKey } from '#server/worker.ts';
import { buildActor, buildApp, type TestApp } from '#tests/support/build-app.ts';
import { until } from '#tests/support/wait.ts';
import { run } from './audit.ts';
import { runHere } from './test-support.ts';

let test_: TestApp;
let config: Config;
let bureauId: string;

const writeEntries = async (count: number) => {
  for (let n = 0; n < count; n += 1)
    await test_.app.database.withWorker((tx) =>
      record(tx, systemActor(bureauId), 'test.happened', { kind: 'test', id: String(n) }, { n }),
    );
};
/** Until nothing is left: other databases of the test cluster may hold the horizon back for a moment. */
const seal = () =>
  until(
    async () => {
      await sealOnce(test_.app.database, auditKey(test_.app));
      const [row] = await query<{ open: boolean }>(
        test_.databaseUrl,
        `select exists (select from audit_entries e
                        where not exists (select from audit_seals s where s.entry_id = e.id)) as open`,
      );
      return !row!.open;
    },
    { what: 'the entries are sealed' },
  );
/** What somebody with all rights in the database, and patience, would do. */
const tamper = (statement: string) =>
  query(test_.databaseUrl, `set session_replication_role = replica; ${statement}`);
const verify = (...args: string[]) => runHere(run, config, 'verify', ...args);
const headFile = () => join(config.dataDir, 'head.json');

beforeEach(async () => {
  test_ = await buildApp();
  config = { ...test_.config, databaseUrl: test_.databaseUrl, directDatabaseUrl: test_.databaseUrl };
  ({ bureauId } = await buildActor(test_.app, 'bianji'));
  await writeEntries(20);
  await seal();
});
afterEach(() => test_.close());

const at = (seq: number) => `bureau_id = '${bureauId}' and seq = ${seq}`;
const entryAt = (seq: number) =>
  `bureau_id = '${bureauId}' and id = (select entry_id from audit_seals where ${at(seq)})`;

describe('audit verify', () => {
  test('finds nothing wrong with what nobody touched', async () => {
    const { code, printed } = await verify();
    expect(code).toBe(0);
    expect(printed).toContain('云溪县人力资源和社会保障局');
    expect(printed).not.toContain('✗');
  });

  test.each([
    ['an edited entry', () => tamper(`update audit_entries set actor_name = '别人' where ${entryAt(7)}`), 7],
    [
      'an edited detail',
      () => tamper(`update audit_entries set detail = '{"n": 99}' where ${entryAt(8)}`),
      8,
    ],
    [
      'a moved time',
      () => tamper(`update audit_entries set at = at + interval '1 us' where ${entryAt(9)}`),
      9,
    ],
    ['a removed entry', () => tamper(`delete from audit_entries where ${entryAt(10)}`), 10],
    ['a removed seal', () => tamper(`delete from audit_seals where ${at(11)}`), 11],
    [
      'an entry removed with its seal and the rest moved up',
      () =>
        tamper(
          `delete from audit_entries where ${entryAt(12)}; delete from audit_seals where ${at(12)};
           update audit_seals set seq = seq - 1 where bureau_id = '${bureauId}' and seq > 12`,
        ),
      12,
    ],
    [
      'two entries that changed places',
      () =>
        tamper(
          `with ids as (select (select entry_id from audit_seals where ${at(13)}) as a, (select entry_id from audit_seals where ${at(14)}) as b)
           update audit_seals s set entry_id = case s.seq when 13 then ids.b else ids.a end, seq = s.seq
           from ids where s.bureau_id = '${bureauId}' and s.seq in (13, 14)`,
        ),
      13,
    ],
  ])('shows %s and where', async (what, change, seq) => {
    if (what.startsWith('two entries')) await query(test_.databaseUrl, dropEntryUniqueness);
    await change();
    const { code, printed } = await verify();
    expect(code).toBe(1);
    expect(printed).toMatch(new RegExp(`✗ .*第 ${seq} 条`));
  });

  test('shows a tail whose seals were cut off, without any anchor', async () => {
    await tamper(`delete from audit_seals where bureau_id = '${bureauId}' and seq > 15`);
    expect(await verify()).toMatchObject({ code: 1, printed: expect.stringContaining('the tail was cut') });
    await tamper(`delete from audit_seals where bureau_id = '${bureauId}'`);
    expect(await verify()).toMatchObject({ code: 1, printed: expect.stringContaining('the tail was cut') });
  });

  test('shows a tail cut off with its entries by the head that was exported before', async () => {
    await runHere(run, config, 'export-head', '--out', headFile());
    expect((await verify('--anchor', headFile())).code).toBe(0);
    await tamper(
      `delete from audit_entries e using audit_seals s where s.bureau_id = e.bureau_id and s.entry_id = e.id and s.bureau_id = '${bureauId}' and s.seq > 15;
       delete from audit_seals where bureau_id = '${bureauId}' and seq > 15`,
    );
    expect((await verify()).code).toBe(0);
    const { code, printed } = await verify('--anchor', headFile());
    expect(code).toBe(1);
    expect(printed).toContain('链被截断');
  });

  test('still accepts an older head when the chain has grown', async () => {
    await runHere(run, config, 'export-head', '--out', headFile());
    await writeEntries(3);
    await seal();
    expect((await verify('--anchor', headFile())).code).toBe(0);
  });

  test('does not mistake what waits for the sealer for something removed', async () => {
    await writeEntries(2);
    const { code, printed } = await verify();
    expect(code).toBe(0);
    expect(printed).toContain('2 not yet sealed');
  });

  test('answers as JSON where asked', async () => {
    const reports = JSON.parse((await verify('--json')).printed) as { bureauId: string; checked: number }[];
    expect(reports.find((report) => report.bureauId === bureauId)?.checked).toBeGreaterThanOrEqual(20);
  });

  test('refuses a head file that was changed, or signed elsewhere', async () => {
    await runHere(run, config, 'export-head', '--out', headFile());
    const text = await readFile(headFile(), 'utf8');
    await writeFile(
      headFile(),
      text.replace(/"seq": (\d+)/, (_, seq) => `"seq": ${Number(seq) - 1}`),
    );
    await expect(verify('--anchor', headFile())).rejects.toThrow('was changed');
    await writeFile(headFile(), text);
    const other = { ...config, masterKey: Buffer.alloc(32, 8) };
    await expect(runHere(run, other, 'verify', '--anchor', headFile())).rejects.toThrow('another key');
    await writeFile(headFile(), '{}');
    await expect(verify('--anchor', headFile())).rejects.toThrow('no head file');
  });
});

test('no head is exported of a broken chain', async () => {
  await tamper(`update audit_entries set action = 'x' where ${entryAt(5)}`);
  await expect(runHere(run, config, 'export-head')).rejects.toThrow('nothing was exported');
});

/** A superuser may take this away as well; the chain must not lean on it. */
const dropEntryUniqueness = 'alter table audit_seals drop constraint audit_seals_bureau_id_entry_id_key';
