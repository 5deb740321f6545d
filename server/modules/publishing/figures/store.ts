import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { exactMoment, isBefore, type PageEnd } from '#server/base/page-cursor.ts';
import type { AccountMetric, Capture, Metric } from '#shared/abilities.ts';
import type { Figure } from '#shared/figures.ts';

export type NewFigure<M extends string = Metric> = {
  subjectId: string;
  metric: M;
  value: number | null;
  capture: Capture;
  asOf: Date;
  by: string | null;
};

const parts = (list: readonly NewFigure<string>[]) => [
  list.map((one) => one.subjectId),
  list.map((one) => one.metric),
  list.map((one) => one.asOf),
  list.map((one) => one.value),
  list.map((one) => one.capture),
  list.map((one) => one.by),
];

/** The same moment again replaces what was said of it; every other moment stays a point of the curve. */
export async function putFigures(tx: Tx, bureauId: string, list: readonly NewFigure[]): Promise<void> {
  if (list.length === 0) return;
  const [ids, metrics, times, values, captures, people] = parts(list);
  await sql`
    insert into figures (bureau_id, delivery_id, metric, as_of, value, capture, captured_by)
    select ${bureauId}::uuid, * from unnest(${ids}::uuid[], ${metrics}::text[], ${times}::timestamptz[], ${values}::bigint[],
      ${captures}::text[], ${people}::uuid[])
    on conflict (bureau_id, delivery_id, metric, as_of) do update set
      value = excluded.value, capture = excluded.capture, captured_by = excluded.captured_by,
      captured_at = clock_timestamp()`.execute(tx);
}

export async function putAccountFigures(
  tx: Tx,
  bureauId: string,
  list: readonly NewFigure<AccountMetric>[],
): Promise<void> {
  if (list.length === 0) return;
  const [ids, metrics, times, values, captures, people] = parts(list);
  await sql`
    insert into account_figures (bureau_id, account_id, metric, as_of, value, capture, captured_by)
    select ${bureauId}::uuid, * from unnest(${ids}::uuid[], ${metrics}::text[], ${times}::timestamptz[], ${values}::bigint[],
      ${captures}::text[], ${people}::uuid[])
    on conflict (bureau_id, account_id, metric, as_of) do update set
      value = excluded.value, capture = excluded.capture, captured_by = excluded.captured_by,
      captured_at = clock_timestamp()`.execute(tx);
}

type Point = {
  subject_id: string;
  metric: string;
  value: number | null;
  capture: string;
  as_of: Date;
  captured_at: Date;
};

export const asFigure = <M extends string>(point: Point) => ({
  metric: point.metric as M,
  value: point.value,
  capture: point.capture as Capture,
  asOf: point.as_of.toISOString(),
  capturedAt: point.captured_at.toISOString(),
});

/** The latest of every metric, by post. */
export async function findLatestFigures(
  tx: Tx,
  bureauId: string,
  deliveryIds: readonly string[],
): Promise<Map<string, Figure[]>> {
  if (deliveryIds.length === 0) return new Map();
  const { rows } = await sql<Point>`
    select distinct on (delivery_id, metric) delivery_id as subject_id, metric, value, capture, as_of, captured_at
    from figures where bureau_id = ${bureauId} and delivery_id = any(${deliveryIds}::uuid[])
    order by delivery_id, metric, as_of desc`.execute(tx);
  const found = Map.groupBy(rows, (row) => row.subject_id);
  return new Map([...found].map(([id, points]) => [id, points.map((point) => asFigure<Metric>(point))]));
}

export async function listPoints(tx: Tx, bureauId: string, deliveryId: string): Promise<Figure[]> {
  const { rows } = await sql<Point>`
    select delivery_id as subject_id, metric, value, capture, as_of, captured_at
    from figures where bureau_id = ${bureauId} and delivery_id = ${deliveryId} order by as_of, metric`.execute(
    tx,
  );
  return rows.map((point) => asFigure<Metric>(point));
}

export async function listAccountPoints(tx: Tx, bureauId: string, accountId: string) {
  const { rows } = await sql<Point>`
    select account_id as subject_id, metric, value, capture, as_of, captured_at
    from account_figures where bureau_id = ${bureauId} and account_id = ${accountId}
    order by as_of desc, metric limit 400`.execute(tx);
  return rows.map((point) => asFigure<AccountMetric>(point));
}

/** Posts that are or were out, newest first. */
export async function listOut(
  tx: Tx,
  bureauId: string,
  filter: {
    accountId?: string | undefined;
    ids?: readonly string[];
    linkKeys?: readonly string[];
    before?: PageEnd | undefined;
  },
  limit: number,
) {
  return tx
    .selectFrom('deliveries')
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
    .select([
      'deliveries.id',
      'deliveries.account_id',
      'deliveries.platform',
      'deliveries.state',
      'deliveries.url',
      'deliveries.link_key',
      'accounts.name as account_name',
      sql<Date>`deliveries.published_at`.as('published_at'),
      sql<string>`coalesce(deliveries.title, articles.working ->> 'title')`.as('title'),
      exactMoment('published_at').as('exact'),
    ])
    .where('deliveries.bureau_id', '=', bureauId)
    .where('published_at', 'is not', null)
    .$if(filter.accountId !== undefined, (query) =>
      query.where('deliveries.account_id', '=', filter.accountId!),
    )
    .$if(filter.ids !== undefined, (query) =>
      query.where('deliveries.id', '=', sql<string>`any(${filter.ids}::uuid[])`),
    )
    .$if(filter.linkKeys !== undefined, (query) =>
      query.where('deliveries.link_key', '=', sql<string>`any(${filter.linkKeys}::text[])`),
    )
    .$if(filter.before !== undefined, (query) =>
      query.where(isBefore(filter.before!, 'published_at', 'deliveries.id')),
    )
    .orderBy('published_at', 'desc')
    .orderBy('deliveries.id', 'desc')
    .limit(limit)
    .execute();
}
export type OutRow = Awaited<ReturnType<typeof listOut>>[number];

/**
 * Posts of these accounts that were out before the week began, for at most `days`, and whose figures nobody read since;
 * newest first. A word that the platform shows nothing is a reading too.
 */
export async function listUnread(
  tx: Tx,
  bureauId: string,
  accountIds: readonly string[],
  week: { from: Date; days: number },
): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select d.id from deliveries d
    where d.bureau_id = ${bureauId} and d.account_id = any (${[...accountIds]}::uuid[]) and d.state = 'published'
      and d.published_at < ${week.from} and d.published_at >= ${week.from}::timestamptz - make_interval(days => ${week.days})
      and not exists (select from figures f
        where f.bureau_id = d.bureau_id and f.delivery_id = d.id and f.as_of >= ${week.from})
    order by d.published_at desc, d.id desc`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Of these accounts those whose followers nobody counted since. */
export async function listUncounted(
  tx: Tx,
  bureauId: string,
  accountIds: readonly string[],
  from: Date,
): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${[...accountIds]}::uuid[]) as asked (id)
    where not exists (select from account_figures f
      where f.bureau_id = ${bureauId} and f.account_id = asked.id and f.metric = 'followers' and f.as_of >= ${from})`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}
