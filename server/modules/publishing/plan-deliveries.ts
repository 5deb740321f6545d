import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { fromWallTime, wallTime } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import { findVersion, listPackages, openPackage, setArticleState } from '#server/modules/content/index.ts';
import type { ReviewRecord } from '#server/modules/review/index.ts';
import { insertDelivery } from './store.ts';

/** Preparation (uploads, drafts) starts this long before the time, so that the irreversible call alone is left. */
export const prepareAheadMs = 10 * 60_000;

/** Final approval: one delivery a package, in the transaction of the decision. */
export async function planDeliveries(app: App, tx: Tx, actor: Actor, review: ReviewRecord): Promise<void> {
  const version = await findVersion(tx, review.bureauId, review.revisionId);
  if (!version) throw new Error('an approved version is missing');
  const now = await clockOf(tx);
  for (const row of await listPackages(tx, review.bureauId, review.revisionId)) {
    const payload = openPackage(row);
    const target = version.content.targets.find((candidate) => candidate.accountId === row.account_id);
    const wall = target?.plannedWall ?? wallTime(now);
    const dueAt = target?.plannedWall ? fromWallTime(target.plannedWall) : now;
    const remote = getConnector(row.platform).publish.kind === 'remote';
    const id = newId();
    await insertDelivery(tx, {
      bureau_id: review.bureauId,
      id,
      package_id: row.id,
      article_id: row.article_id,
      account_id: row.account_id,
      platform: row.platform,
      mode: payload.mode,
      reach: payload.reach,
      review_id: review.id,
      due_at: dueAt,
      planned_wall: wall,
      even_if_late: target?.evenIfLate ?? false,
      wake_at: remote ? new Date(dueAt.getTime() - prepareAheadMs) : dueAt,
    });
    await record(
      tx,
      actor,
      'delivery.planned',
      { kind: 'delivery', id },
      {
        articleId: row.article_id,
        accountId: row.account_id,
        hash: row.hash.toString('hex'),
        dueAt: dueAt.toISOString(),
      },
    );
  }
  await setArticleState(tx, review.bureauId, review.subjectId, 'approved');
  await app.jobs.enqueue(tx, 'publishing.wake', { bureauId: review.bureauId });
  app.live.changed(tx, review.bureauId, 'deliveries');
  app.live.changed(tx, review.bureauId, 'articles');
}
