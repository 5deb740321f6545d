import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { exactMoment, isBefore, type PageEnd } from '#server/base/page-cursor.ts';
import type { ArticleContent, ArticleState, Target } from '#shared/content.ts';

export async function findArticle(tx: Tx, bureauId: string, articleId: string) {
  const row = await tx
    .selectFrom('articles')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', articleId)
    .executeTakeFirst();
  return (
    row && {
      ...row,
      working: row.working as unknown as ArticleContent,
      targets: row.targets as unknown as Target[],
    }
  );
}
export type ArticleRecord = NonNullable<Awaited<ReturnType<typeof findArticle>>>;

/** Locks the article, so that two submissions or a save and a submission follow one another. */
export async function lockArticle(tx: Tx, bureauId: string, articleId: string) {
  await sql`select 1 from articles where bureau_id = ${bureauId} and id = ${articleId} for update`.execute(
    tx,
  );
  return findArticle(tx, bureauId, articleId);
}

export async function listArticleRows(
  tx: Tx,
  bureauId: string,
  filter: {
    state?: ArticleState | undefined;
    search?: string | undefined;
    before?: PageEnd | undefined;
  },
  limit: number,
) {
  let query = tx
    .selectFrom('articles')
    .select([
      'id',
      'state',
      'class',
      'updated_at',
      'updated_by',
      sql<string>`working ->> 'title'`.as('title'),
      sql<number>`jsonb_array_length(targets)`.as('target_count'),
      exactMoment('updated_at').as('exact'),
    ])
    .where('bureau_id', '=', bureauId)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (filter.state) query = query.where('state', '=', filter.state);
  if (filter.search) {
    const like = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where(sql<boolean>`working ->> 'title' ilike ${like}`);
  }
  if (filter.before) query = query.where(isBefore(filter.before, 'updated_at', 'id'));
  return query.execute();
}

export async function insertArticle(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    unit_id: string;
    person: string;
    working: ArticleContent;
    targets: Target[];
  },
): Promise<void> {
  await tx
    .insertInto('articles')
    .values({
      bureau_id: row.bureau_id,
      id: row.id,
      unit_id: row.unit_id,
      working: JSON.stringify(row.working),
      targets: JSON.stringify(row.targets),
      created_by: row.person,
      updated_by: row.person,
    })
    .execute();
}

export async function updateWorkingCopy(
  tx: Tx,
  bureauId: string,
  articleId: string,
  change: { working: ArticleContent; targets: Target[]; class: string; person: string; revision: number },
): Promise<Date> {
  const row = await tx
    .updateTable('articles')
    .set({
      working: JSON.stringify(change.working),
      targets: JSON.stringify(change.targets),
      class: change.class,
      working_revision: change.revision,
      updated_by: change.person,
      updated_at: sql<Date>`clock_timestamp()`,
    })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', articleId)
    .returning('updated_at')
    .executeTakeFirstOrThrow();
  return row.updated_at;
}

export async function setArticleState(
  tx: Tx,
  bureauId: string,
  articleId: string,
  state: ArticleState,
  latestVersion?: number,
): Promise<void> {
  await tx
    .updateTable('articles')
    .set({ state, ...(latestVersion === undefined ? {} : { latest_version: latestVersion }) })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', articleId)
    .execute();
}

export async function insertVersion(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    article_id: string;
    number: number;
    content: unknown;
    content_hash: Buffer;
    created_by: string;
  },
): Promise<void> {
  await tx
    .insertInto('article_versions')
    .values({ ...row, content: JSON.stringify(row.content) })
    .execute();
}

export async function findVersion(tx: Tx, bureauId: string, versionId: string) {
  const row = await tx
    .selectFrom('article_versions')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', versionId)
    .executeTakeFirst();
  return (
    row && {
      ...row,
      content: row.content as unknown as { article: ArticleContent; targets: Target[]; class: string },
    }
  );
}

export async function insertPackage(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    article_id: string;
    version_id: string;
    account_id: string;
    payload: string;
    hash: Buffer;
    short_token: string;
  },
): Promise<void> {
  await tx.insertInto('packages').values(row).execute();
  await tx
    .insertInto('short_links')
    .values({
      token: row.short_token,
      bureau_id: row.bureau_id,
      package_id: row.id,
      article_id: row.article_id,
      account_id: row.account_id,
    })
    .execute();
}

export async function findPackage(tx: Tx, bureauId: string, packageId: string) {
  return tx
    .selectFrom('packages')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', packageId)
    .executeTakeFirst();
}

export async function listPackages(tx: Tx, bureauId: string, versionId: string) {
  return tx
    .selectFrom('packages')
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.bureau_id', '=', 'packages.bureau_id')
        .onRef('accounts.id', '=', 'packages.account_id'),
    )
    .selectAll('packages')
    .select(['accounts.name as account_name', 'accounts.platform'])
    .where('packages.bureau_id', '=', bureauId)
    .where('version_id', '=', versionId)
    .orderBy('packages.account_id')
    .execute();
}

/** What was frozen for many versions, in one round trip; within a version in account order. */
export async function listFrozen(
  tx: Tx,
  versions: readonly { bureauId: string; versionId: string }[],
): Promise<{ id: string; version_id: string; payload: string; hash: Buffer }[]> {
  const { rows } = await sql<{ id: string; version_id: string; payload: string; hash: Buffer }>`
    select p.id, p.version_id, p.payload, p.hash
    from unnest(
      ${versions.map((one) => one.bureauId)}::uuid[], ${versions.map((one) => one.versionId)}::uuid[]
    ) as v (bureau_id, version_id)
    cross join lateral (
      select id, version_id, payload, hash, account_id from packages
      where bureau_id = v.bureau_id and version_id = v.version_id
      offset 0) as p
    order by p.account_id`.execute(tx);
  return rows;
}

/** What other articles sent to review within the days: their latest version's packages, newest first. */
export async function listRecentPackages(tx: Tx, bureauId: string, articleId: string, days: number) {
  return tx
    .selectFrom('packages')
    .innerJoin('article_versions', (join) =>
      join
        .onRef('article_versions.bureau_id', '=', 'packages.bureau_id')
        .onRef('article_versions.id', '=', 'packages.version_id'),
    )
    .innerJoin('articles', (join) =>
      join
        .onRef('articles.bureau_id', '=', 'packages.bureau_id')
        .onRef('articles.id', '=', 'packages.article_id')
        .onRef('articles.latest_version', '=', 'article_versions.number'),
    )
    .innerJoin('accounts', (join) =>
      join
        .onRef('accounts.bureau_id', '=', 'packages.bureau_id')
        .onRef('accounts.id', '=', 'packages.account_id'),
    )
    .select([
      'packages.payload',
      'packages.account_id',
      'accounts.name as account_name',
      'accounts.platform',
      sql<string>`articles.working ->> 'title'`.as('title'),
    ])
    .where('packages.bureau_id', '=', bureauId)
    .where('packages.article_id', '<>', articleId)
    .where('packages.created_at', '>', sql<Date>`now() - make_interval(days => ${days})`)
    .where('articles.state', 'in', ['in-review', 'approved', 'closed'])
    .orderBy('packages.created_at', 'desc')
    .limit(200)
    .execute();
}

export async function findFiles(tx: Tx, bureauId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return tx
    .selectFrom('files')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', 'in', ids)
    .execute();
}

export async function findFilesByHash(tx: Tx, bureauId: string, hashes: readonly string[]) {
  if (hashes.length === 0) return [];
  return tx
    .selectFrom('files')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('sha256', 'in', hashes)
    .execute();
}
