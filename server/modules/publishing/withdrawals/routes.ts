import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import { listAccountRows } from '#server/modules/accounts/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { DeliveryState } from '#shared/publishing.ts';
import {
  listWithdrawals,
  type Withdrawal,
  type WithdrawalState,
  withdrawArticle,
  withdrawDelivery,
} from '#shared/withdrawals.ts';
import { taskUrl } from '../tasks/manage-task.ts';
import { listTaskRows } from '../tasks/store.ts';
import { withdrawArticleBy, withdrawDeliveryBy } from './order-withdrawal.ts';
import { listTargetRows, listWithdrawalRows } from './store.ts';

export function withdrawalRoutes(): RouteSet {
  return [
    serve(withdrawArticle, ({ app, tx, actor, params, body }) =>
      withdrawArticleBy(app, tx, actor, params.articleId, body),
    ),
    serve(withdrawDelivery, ({ app, tx, actor, params, body }) =>
      withdrawDeliveryBy(app, tx, actor, params.deliveryId, body),
    ),
    serve(listWithdrawals, async ({ app, tx, actor, query }) => ({
      rows: await listViews(app, tx, actor, query),
    })),
  ];
}

async function listViews(
  app: App,
  tx: Tx,
  actor: Actor,
  filter: { articleId?: string | undefined; deliveryId?: string | undefined },
): Promise<Withdrawal[]> {
  const rows = await listWithdrawalRows(tx, actor.bureauId, filter);
  const targets = await listTargetRows(
    tx,
    actor.bureauId,
    rows.map(({ id }) => id),
  );
  const accounts = new Map((await listAccountRows(tx, actor.bureauId)).map((one) => [one.id, one.name]));
  const names = await findPeopleNames(tx, [...new Set(rows.map((row) => row.asked_by))]);
  const deliveryIds = [...new Set(targets.map((target) => target.delivery_id))];
  const tasks = (await listTaskRows(tx, actor.bureauId, deliveryIds)).filter(
    ({ kind }) => kind === 'withdraw',
  );
  // An order whose posts all went on with a later one has nothing to say.
  const withPosts = rows.filter((row) => targets.some((target) => target.withdrawal_id === row.id));
  return withPosts.map((row) => ({
    id: row.id,
    articleId: row.article_id,
    reason: row.reason,
    deadline: row.deadline.toISOString(),
    askedByName: names.get(row.asked_by) ?? '',
    askedAt: row.asked_at.toISOString(),
    targets: targets
      .filter((target) => target.withdrawal_id === row.id)
      .map((target) => {
        const task = tasks.find((one) => one.subject_id === target.delivery_id);
        return {
          deliveryId: target.delivery_id,
          accountName: accounts.get(target.account_id) ?? '',
          platformName: getConnector(target.platform).label,
          deliveryState: target.delivery_state as DeliveryState,
          state: target.state as WithdrawalState,
          url: target.url,
          code: target.code,
          tries: target.tries,
          task: task ? { id: task.id, state: task.state, url: taskUrl(app, task.token) } : null,
          updatedAt: target.updated_at.toISOString(),
        };
      }),
  }));
}
