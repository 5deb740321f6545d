import type { Tx } from '#server/base/database.ts';
import type { getSortingReport } from '#shared/insight.ts';
import type { RouteReply } from '#shared/route.ts';
import { countCorrections, findReport } from './store.ts';

export async function viewSortingReport(
  tx: Tx,
  bureauId: string,
): Promise<RouteReply<typeof getSortingReport>> {
  const found = await findReport(tx, bureauId);
  const { corrections } = await countCorrections(tx, bureauId);
  return {
    model: found
      ? {
          corrections: found.corrections,
          trainedAt: found.trained_at.toISOString(),
          report: found.report,
        }
      : null,
    waiting: corrections - (found?.corrections ?? 0),
  };
}
