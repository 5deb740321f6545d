import { readFile, writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { findKeyring } from '#server/backup/keys.ts';
import type { Database } from '#server/base/database.ts';
import { refusal } from '#server/base/embedded/sentence.ts';
import { createSealer, type Sealer } from '#server/base/seal.ts';
import { sealOnce, type VerifyReport, verify } from '#server/modules/audit/index.ts';
import { listBureaus } from './bureaus.ts';
import { type Context, exitCodes, parse, type Run, UsageError } from './command.ts';
import { type Head, readHeads, signHeads } from './head-file.ts';
import { withDatabase } from './with-app.ts';

export const run: Run = async (args, context) => {
  const { values, positionals } = parse(args, {
    anchor: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const sealer = await loadSealer(context);
  switch (positionals.join(' ')) {
    case 'verify': {
      const heads = values.anchor ? readHeads(sealer, await readFile(values.anchor, 'utf8')) : [];
      return withDatabase(context.config, (database) =>
        verifyAll(database, sealer, heads, values.json, context),
      );
    }
    case 'export-head': {
      const text = await withDatabase(context.config, (database) => exportHeads(database, sealer));
      if (values.out) await writeFile(values.out, text, { flag: 'wx' });
      else context.print(text.trimEnd());
      context.note(
        '请把链头文件存到本机以外的地方 / keep the head file somewhere other than on this machine',
      );
      return exitCodes.ok;
    }
    default:
      throw new UsageError(`audit ${positionals.join(' ')}?`);
  }
};

async function loadSealer({ config }: Context): Promise<Sealer> {
  const keyring = await findKeyring(config);
  if (keyring) return createSealer(keyring);
  throw refusal(
    '找不到主密钥，审计链无法校验。请恢复 master.key 或设置 HUISHENG_MASTER_KEY。',
    'The master key is not here, so the chains cannot be verified. Put master.key back or set HUISHENG_MASTER_KEY.',
  );
}

/** As server/worker.ts derives it. */
const auditKey = (sealer: Sealer) => sealer.derive('audit seals');

type Finding = VerifyReport & {
  name: string /** Entries whose seal must exist and does not. */;
  unsealedOld: number;
};

async function verifyAll(
  database: Database,
  sealer: Sealer,
  anchors: readonly Head[],
  json: boolean,
  { print }: Context,
): Promise<number> {
  const byBureau = new Map(anchors.map(({ bureau, seq, seal }) => [bureau, { seq, seal }]));
  const reports = await verify(database, auditKey(sealer), byBureau);
  const lost = await countLostSeals(database);
  const names = new Map((await database.withWorker(listBureaus)).map((bureau) => [bureau.id, bureau.name]));
  for (const bureauId of lost.keys()) {
    // Every seal of the bureau was removed: the walk over seals finds nothing to report.
    if (reports.some((report) => report.bureauId === bureauId)) continue;
    const head = { seq: 0, seal: '0'.repeat(64) };
    reports.push({ bureauId, checked: 0, head, unsealed: lost.get(bureauId)!, firstBad: null });
  }
  const findings = reports.map((report) => ({
    ...report,
    name: names.get(report.bureauId) ?? report.bureauId,
    unsealedOld: lost.get(report.bureauId) ?? 0,
  }));
  if (json) print(JSON.stringify(findings));
  else for (const finding of findings) print(describe(finding));
  if (findings.length === 0 && !json) print('没有审计记录 / there are no audit entries');
  return findings.some(isBad) ? exitCodes.failed : exitCodes.ok;
}

const isBad = (finding: Finding) => finding.firstBad !== null || finding.unsealedOld > 0;

/** Entries below the sealer's watermark were sealed once; one without a seal had it removed. */
async function countLostSeals(database: Database): Promise<Map<string, number>> {
  const { rows } = await database.withWorker((tx) =>
    sql<{ bureau_id: string; count: number }>`
      select e.bureau_id, count(*) as count from audit_entries e
      where e.xid < (select sealed_below from audit_sealer)
        and not exists (select from audit_seals s where s.bureau_id = e.bureau_id and s.entry_id = e.id)
      group by 1`.execute(tx),
  );
  return new Map(rows.map((row) => [row.bureau_id, row.count]));
}

const problems = {
  changed: ['内容被改动或顺序被调换', 'was changed or moved'],
  'entry-missing': ['记录被删除', 'the entry was removed'],
  'seal-missing': ['封印缺失，链被截断', 'the seal is missing: the chain was cut'],
} as const;

function describe(finding: Finding): string {
  const { name, checked, unsealed, firstBad, unsealedOld } = finding;
  if (firstBad) {
    const [zh, en] = problems[firstBad.problem];
    return `✗ ${name}：第 ${firstBad.seq} 条${zh}（之前 ${checked} 条完好） / entry ${firstBad.seq}: ${en}; ${checked} before it are intact ${firstBad.entryId}`;
  }
  if (unsealedOld > 0)
    return `✗ ${name}：${unsealedOld} 条记录的封印被删除，链尾被截断 / the seals of ${unsealedOld} entries were removed: the tail was cut`;
  return `✓ ${name}：${checked} 条完好，${unsealed} 条待封 / ${checked} entries intact, ${unsealed} not yet sealed`;
}

/** Seals what is waiting, so that the head covers it; never signs over a chain that is broken. */
async function exportHeads(database: Database, sealer: Sealer): Promise<string> {
  await sealOnce(database, auditKey(sealer));
  const reports = await verify(database, auditKey(sealer));
  const bad = reports.find((report) => report.firstBad);
  if (bad || (await countLostSeals(database)).size > 0) {
    throw refusal(
      '审计链有问题，没有导出。请先运行 audit verify 查明。',
      'A chain is broken; nothing was exported. Run audit verify first.',
    );
  }
  const at = (await database.now()).toISOString();
  return signHeads(
    sealer,
    reports.map(({ bureauId, head }) => ({ bureau: bureauId, seq: head.seq, seal: head.seal, at })),
  );
}
