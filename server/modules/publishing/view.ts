import { sql } from 'kysely';
import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { exactMoment, isBefore, nextCursor, readCursor } from '#server/base/page-cursor.ts';
import { shortLinkOf } from '#server/modules/content/index.ts';
import type { Reach } from '#shared/package.ts';
import type { Attempt, Delivery, DeliveryState } from '#shared/publishing.ts';
import type { TaskState } from '#shared/tasks.ts';
import { payloadOf } from './payload.ts';
import { reasonText } from './reasons.ts';
import { listAttempts } from './store.ts';
import { taskUrl } from './tasks/manage-task.ts';

const page = 50;

type Filter = {
  articleId?: string | undefined;
  state?: DeliveryState | undefined;
  accountId?: string | undefined;
  platform?: string | undefined;
  day?: string | undefined;
  cursor?: string | undefined;
  ids?: readonly string[];
  waitingFor?: 'administrator';
  oldestFirst?: boolean;
};

function selectDeliveries(tx: Tx, bureauId: string, filter: Filter, limit: number) {
  const before = readCursor(filter.cursor);
  return tx
    .selectFrom('deliveries')
    .leftJoin('packages', (join) =>
      join
        .onRef('packages.bureau_id', '=', 'deliveries.bureau_id')
        .onRef('packages.id', '=', 'deliveries.package_id'),
    )
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.bureau_id', '=', 'deliveries.bureau_id')
        .onRef('accounts.id', '=', 'deliveries.account_id'),
    )
    .leftJoin('articles', (join) =>
      join
        .onRef('articles.bureau_id', '=', 'deliveries.bureau_id')
        .onRef('articles.id', '=', 'deliveries.article_id'),
    )
    .leftJoinLateral(
      (inner) =>
        inner
          .selectFrom('assisted_tasks')
          .select(['token', 'deadline', 'state as task_state'])
          .whereRef('assisted_tasks.bureau_id', '=', 'deliveries.bureau_id')
          .whereRef('assisted_tasks.subject_id', '=', 'deliveries.id')
          .where('assisted_tasks.kind', '=', 'publish')
          .orderBy('assisted_tasks.created_at', 'desc')
          .limit(1)
          .as('task'),
      (join) => join.onTrue(),
    )
    .selectAll('deliveries')
    .select([
      'packages.short_token',
      'task.token as task_token',
      'task.deadline as task_deadline',
      'task.task_state',
      'accounts.name as account_name',
      sql<string>`coalesce(deliveries.title, articles.working ->> 'title')`.as('shown_title'),
    ])
    .select((inner) =>
      inner
        .selectFrom('delivery_attempts')
        .select(sql<number>`count(*)`.as('count'))
        .whereRef('delivery_attempts.bureau_id', '=', 'deliveries.bureau_id')
        .whereRef('delivery_attempts.delivery_id', '=', 'deliveries.id')
        .where('step', '=', 'submit')
        .as('attempts'),
    )
    .select(exactMoment('due_at').as('exact'))
    .where('deliveries.bureau_id', '=', bureauId)
    .$if(filter.articleId !== undefined, (query) =>
      query.where('deliveries.article_id', '=', filter.articleId!),
    )
    .$if(filter.state !== undefined, (query) => query.where('deliveries.state', '=', filter.state!))
    .$if(filter.accountId !== undefined, (query) =>
      query.where('deliveries.account_id', '=', filter.accountId!),
    )
    .$if(filter.platform !== undefined, (query) => query.where('deliveries.platform', '=', filter.platform!))
    .$if(filter.day !== undefined, (query) =>
      query.where(
        sql<boolean>`due_at >= ${filter.day}::date::timestamp at time zone 'Asia/Shanghai'
          and due_at < (${filter.day}::date + 1)::timestamp at time zone 'Asia/Shanghai'`,
      ),
    )
    .$if(filter.waitingFor !== undefined, (query) => query.where('waiting_for', '=', filter.waitingFor!))
    .$if(filter.ids !== undefined, (query) => query.where('deliveries.id', 'in', filter.ids!))
    .$if(before !== undefined, (query) => query.where(isBefore(before!, 'due_at', 'deliveries.id')))
    .orderBy('due_at', filter.oldestFirst ? 'asc' : 'desc')
    .orderBy('deliveries.id', filter.oldestFirst ? 'asc' : 'desc')
    .limit(limit)
    .execute();
}

type Row = Awaited<ReturnType<typeof selectDeliveries>>[number];

function asView(app: App, row: Row): Delivery {
  return {
    id: row.id,
    articleId: row.article_id,
    articleTitle: row.shown_title,
    accountId: row.account_id,
    accountName: row.account_name,
    platform: row.platform,
    platformName: getConnector(row.platform).label,
    mode: row.mode as Delivery['mode'],
    reach: row.reach as Reach,
    state: row.state as DeliveryState,
    reason: reasonText(row.reason),
    waitingFor: row.waiting_for as Delivery['waitingFor'],
    dueAt: row.due_at.toISOString(),
    plannedWall: row.planned_wall,
    publishedAt: row.published_at?.toISOString() ?? null,
    lateSeconds: row.late_seconds,
    url: row.url,
    shortLink: row.short_token === null ? null : shortLinkOf(app, row.short_token),
    attempts: row.attempts ?? 0,
    handoffUrl: row.task_token === null ? null : taskUrl(app, row.task_token),
    handoffDeadline: row.task_deadline?.toISOString() ?? null,
    taskState: row.task_state as TaskState | null,
  };
}

export async function listDeliveryViews(
  app: App,
  tx: Tx,
  actor: Actor,
  filter: Filter,
): Promise<{ rows: Delivery[]; next: string | null }> {
  const rows = await selectDeliveries(tx, actor.bureauId, filter, page);
  return {
    rows: rows.map((row) => asView(app, row)),
    next: nextCursor(rows, page),
  };
}

/** How many there are in all, of those `listDeliveryViews` gives a page of. */
export async function countDeliveries(
  tx: Tx,
  bureauId: string,
  { state, waitingFor }: Pick<Filter, 'state' | 'waitingFor'>,
): Promise<number> {
  const { count } = await tx
    .selectFrom('deliveries')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('bureau_id', '=', bureauId)
    .$if(state !== undefined, (query) => query.where('state', '=', state!))
    .$if(waitingFor !== undefined, (query) => query.where('waiting_for', '=', waitingFor!))
    .executeTakeFirstOrThrow();
  return count;
}

/** @throws {AppError} not-found */
export async function getDeliveryView(app: App, tx: Tx, actor: Actor, deliveryId: string) {
  const [row] = await selectDeliveries(tx, actor.bureauId, { ids: [deliveryId] }, 1);
  if (!row) throw new AppError('not-found');
  const attempts = await listAttempts(tx, actor.bureauId, deliveryId);
  return {
    ...asView(app, row),
    attemptLog: attempts.map((attempt) => ({
      number: attempt.number,
      step: attempt.step as Attempt['step'],
      startedAt: attempt.started_at.toISOString(),
      firstByteAt: attempt.first_byte_at?.toISOString() ?? null,
      finishedAt: attempt.finished_at?.toISOString() ?? null,
      exchanges: attempt.exchanges as unknown[],
      outcome: attempt.outcome,
    })),
    payload: row.package_id === null ? null : await payloadOf(tx, row),
  };
}
