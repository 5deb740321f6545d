import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { fromWallTime } from '#server/base/clock.ts';
import { asWorker, isUniqueViolation, type Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import type { RegistrationRow } from '#shared/registrations.ts';
import { findDelivery } from '../store.ts';
import { type Checked, checkRows } from './check-rows.ts';
import { deleteRegistration, insertRegistration } from './store.ts';

/**
 * All rows or none: each becomes a delivery that is out already, with its evidence (who, when, which link) in the audit log.
 * @throws {AppError} rows-refused with every row that is wrong
 */
export async function registerPostsOf(
  app: App,
  tx: Tx,
  actor: Actor,
  rows: readonly RegistrationRow[],
): Promise<{ ids: string[] }> {
  const checked = await checkRows(
    tx,
    actor.bureauId,
    rows.map((row, at) => ({ ...row, line: at + 1 })),
  );
  refuseWrong(checked);
  const ids: string[] = [];
  for (const { view, found } of checked) {
    const id = newId();
    const publishedAt = fromWallTime(view.publishedWall!);
    await insertRegistration(tx, {
      bureau_id: actor.bureauId,
      id,
      account_id: view.accountId!,
      article_id: view.articleId,
      platform: found!.platform,
      reach: found!.reach,
      title: view.title,
      url: view.url!,
      link_key: found!.linkKey,
      platform_ids: found!.ids,
      published_at: publishedAt,
      planned_wall: view.publishedWall!,
      registered_by: actor.personId,
    }).catch((error: unknown) => {
      // Somebody registered it between our look and our row.
      if (isUniqueViolation(error, 'deliveries_registered_once')) throw new AppError('registration-known');
      throw error;
    });
    await record(
      tx,
      actor,
      'delivery.registered',
      { kind: 'delivery', id },
      { accountId: view.accountId, url: view.url, title: view.title, publishedAt: publishedAt.toISOString() },
    );
    ids.push(id);
  }
  app.live.changed(tx, actor.bureauId, 'deliveries');
  return { ids };
}

function refuseWrong(checked: readonly Checked[]): void {
  const wrong = checked.filter(({ view }) => view.problems.length > 0);
  if (wrong.length === 0) return;
  throw new AppError('rows-refused', {
    count: wrong.length,
    lines: wrong.map(({ view }) => view.line).join('、'),
    rows: wrong.map(({ view }) => ({ line: view.line, problems: view.problems })),
  });
}

/** Only what was registered can be taken back: a post that went out from here did happen. */
export async function removeRegistrationBy(
  app: App,
  tx: Tx,
  actor: Actor,
  deliveryId: string,
  reason: string,
): Promise<void> {
  const delivery = await findDelivery(tx, actor.bureauId, deliveryId, true);
  if (delivery?.mode !== 'registered') throw new AppError('not-found');
  await asWorker(tx, (worker) => deleteRegistration(worker, actor.bureauId, deliveryId));
  await record(
    tx,
    actor,
    'delivery.registration-removed',
    { kind: 'delivery', id: deliveryId },
    { reason, url: delivery.url, title: delivery.title },
  );
  app.live.changed(tx, actor.bureauId, 'deliveries');
}
