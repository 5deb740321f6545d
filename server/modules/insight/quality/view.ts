import { clockOf, type Tx } from '#server/base/database.ts';
import { listExchanges } from '#server/modules/inbox/index.ts';
import { listUnitsOf } from '#server/modules/people/index.ts';
import { type getAnswerQuality, type Marks, qualityMarks } from '#shared/insight.ts';
import type { RouteReply } from '#shared/route.ts';
import { judgeExchange } from './mark-answers.ts';
import { listLowest, type MeanRow, readMeans } from './store.ts';

const lowestShown = 10;
/** Below this nothing needs to be learnt from. */
const good = 0.75;

export async function viewQuality(
  tx: Tx,
  bureauId: string,
  days: number,
): Promise<RouteReply<typeof getAnswerQuality>> {
  const since = new Date((await clockOf(tx)).getTime() - days * 86_400_000);
  const rows = await readMeans(tx, bureauId, since);
  const units = new Map((await listUnitsOf(tx, bureauId)).map((unit) => [unit.id, unit.name]));
  const low = (await listLowest(tx, bureauId, since, lowestShown)).filter((one) => one.overall < good);
  const exchanges = new Map(
    (
      await listExchanges(
        tx,
        bureauId,
        low.map((one) => one.case_id),
      )
    ).map((one) => [one.id, one]),
  );
  return {
    count: rows.reduce((sum, row) => sum + row.count, 0),
    mean: meanOfAll(rows),
    // By name, never by mark: sections answer different questions.
    sections: rows
      .flatMap((row) => {
        const name = row.unit_id === null ? undefined : units.get(row.unit_id);
        return name === undefined ? [] : [{ name, count: row.count, mean: toMarks((key) => row[key]) }];
      })
      .sort((a, b) => a.name.localeCompare(b.name, 'zh')),
    lowest: low.flatMap(({ case_id: caseId }) => {
      const one = exchanges.get(caseId);
      if (!one) return [];
      const quality = judgeExchange(one);
      return [
        {
          ...{ caseId, number: one.number, title: one.title, overall: quality.overall },
          answeredAt: one.answered_at.toISOString(),
          marks: qualityMarks.map((mark) => ({ mark, ...quality[mark] })).sort((a, b) => a.score - b.score),
        },
      ];
    }),
  };
}

function meanOfAll(rows: readonly MeanRow[]): Marks | null {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  if (count === 0) return null;
  return toMarks((key) => rows.reduce((sum, row) => sum + row[key] * row.count, 0) / count);
}

function toMarks(read: (key: keyof Marks) => number): Marks {
  return {
    ...{ relevance: read('relevance'), completeness: read('completeness'), basis: read('basis') },
    ...{ readability: read('readability'), timeliness: read('timeliness'), overall: read('overall') },
  };
}
