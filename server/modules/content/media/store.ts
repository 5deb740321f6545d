import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { exactMoment, isBefore, type PageEnd } from '#server/base/page-cursor.ts';
import type { Crop, MediaKind, VideoFacts } from '#shared/media.ts';

/** `inbox`: of messages and notes of cases; it stands in no library and has no public address. */
export type Shelf = 'library' | 'inbox';

export type NewFile = {
  bureau_id: string;
  id: string;
  kind: MediaKind | 'audio' | 'document';
  shelf: Shelf;
  sha256: string;
  original_sha256: string | null;
  mime: string;
  size: number;
  width: number | null;
  height: number | null;
  name: string;
  alt?: string;
  token: string;
  look?: string | null;
  duration_ms?: number;
  facts?: VideoFacts;
  cover_id?: string | null;
  parent_id?: string;
  crop?: Crop;
  created_by: string | null;
};

/** Held until commit: nobody takes these bytes off the disk between their writing and their row. */
export async function lockContent(tx: Tx, sha256: string, mode: 'keep' | 'remove'): Promise<void> {
  const key = sql`hashtextextended(${sha256}, 20)`;
  await (mode === 'keep'
    ? sql`select pg_advisory_xact_lock_shared(${key})`
    : sql`select pg_advisory_xact_lock(${key})`
  ).execute(tx);
}

/**
 * One row a content: uploading the same picture again answers the row that is there, as if it were new. What somebody puts into
 * the library stands there from then on, also where it was sent in a message before.
 */
export async function insertFile(tx: Tx, row: NewFile) {
  const { facts, crop, ...plain } = row;
  const inserted = await tx
    .insertInto('files')
    .values({
      ...plain,
      facts: facts ? JSON.stringify(facts) : null,
      crop: crop ? JSON.stringify(crop) : null,
    })
    .onConflict((conflict) => conflict.columns(['bureau_id', 'sha256']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted) return { ...inserted, isNew: true };
  const existing = await tx
    .updateTable('files')
    .set({
      unused_since: sql`case when unused_since is null then null else clock_timestamp() end`,
      ...(row.shelf === 'library' ? { shelf: row.shelf } : {}),
    })
    .where('bureau_id', '=', row.bureau_id)
    .where('sha256', '=', row.sha256)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { ...existing, isNew: false };
}

/** By the bytes as they were sent, among what stands in the library. */
export async function findByOriginal(tx: Tx, bureauId: string, sha256: string) {
  return tx
    .selectFrom('files')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('shelf', '=', 'library')
    .where((or) => or.or([or('original_sha256', '=', sha256), or('sha256', '=', sha256)]))
    .orderBy('created_at')
    .executeTakeFirst();
}

const usesOf = sql<number>`(select count(distinct u.owner_id) from file_uses u
  where u.bureau_id = files.bureau_id and u.file_id = files.id and u.owner_kind = 'article')`;

export type MediaFilter = {
  kind?: MediaKind | undefined;
  search?: string | undefined;
  unused?: boolean;
  ids?: readonly string[];
  parentId?: string;
  before?: PageEnd | undefined;
};

export async function listFileRows(tx: Tx, bureauId: string, filter: MediaFilter, limit: number) {
  let query = tx
    .selectFrom('files')
    .leftJoin('files as cover', (join) =>
      join.onRef('cover.bureau_id', '=', 'files.bureau_id').onRef('cover.id', '=', 'files.cover_id'),
    )
    .selectAll('files')
    .select(['cover.token as cover_token', usesOf.as('uses'), exactMoment('files.created_at').as('exact')])
    .where('files.bureau_id', '=', bureauId)
    .where('files.shelf', '=', 'library')
    .orderBy('files.created_at', 'desc')
    .orderBy('files.id', 'desc')
    .limit(limit);
  if (filter.kind) query = query.where('files.kind', '=', filter.kind);
  if (filter.unused) query = query.where('files.unused_since', 'is not', null);
  if (filter.ids) query = query.where(sql<boolean>`files.id = any (${[...filter.ids]}::uuid[])`);
  if (filter.parentId) query = query.where('files.parent_id', '=', filter.parentId);
  if (filter.search) {
    const like = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where(sql<boolean>`(files.name ilike ${like} or files.alt ilike ${like})`);
  }
  if (filter.before) query = query.where(isBefore(filter.before, 'files.created_at', 'files.id'));
  return query.execute();
}
export type FileRow = Awaited<ReturnType<typeof listFileRows>>[number];

/** Pictures whose difference hash is at most `bits` away, the nearest first. */
export async function listSimilarIds(
  tx: Tx,
  bureauId: string,
  fileId: string,
  bits: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select other.id
    from files this join files other on other.bureau_id = this.bureau_id and other.id <> this.id
    where this.bureau_id = ${bureauId} and this.id = ${fileId} and other.look is not null
      and other.shelf = 'library' and other.parent_id is distinct from this.id and other.id is distinct from this.parent_id
      and bit_count(this.look # other.look) <= ${bits}
    order by bit_count(this.look # other.look), other.created_at
    limit 6`.execute(tx);
  return rows.map((row) => row.id);
}

/**
 * Where people cut these pictures in the library, the latest first, by the picture's hash. Only cuts of the very picture: one
 * of the picture that it was itself cut from may show what nobody approved.
 */
export async function listOwnCrops(
  tx: Tx,
  bureauId: string,
  hashes: readonly string[],
): Promise<Map<string, Crop[]>> {
  const { rows } = await sql<{ sha256: string; crop: Crop }>`
    select parent.sha256, cut.crop
    from files parent join files cut on cut.bureau_id = parent.bureau_id and cut.parent_id = parent.id
    where parent.bureau_id = ${bureauId} and parent.sha256 = any (${[...hashes]}::text[]) and cut.crop is not null
    order by cut.created_at desc`.execute(tx);
  const found = new Map<string, Crop[]>();
  for (const { sha256, crop } of rows) found.set(sha256, [...(found.get(sha256) ?? []), crop]);
  return found;
}

export async function listUsingArticles(tx: Tx, bureauId: string, fileId: string) {
  return tx
    .selectFrom('file_uses')
    .innerJoin('articles', (join) =>
      join
        .onRef('articles.bureau_id', '=', 'file_uses.bureau_id')
        .onRef('articles.id', '=', 'file_uses.owner_id'),
    )
    .select(['articles.id', sql<string>`articles.working ->> 'title'`.as('title')])
    .where('file_uses.bureau_id', '=', bureauId)
    .where('file_uses.owner_kind', '=', 'article')
    .where('file_uses.file_id', '=', fileId)
    .orderBy('articles.updated_at', 'desc')
    .limit(50)
    .execute();
}

export async function describeFile(
  tx: Tx,
  bureauId: string,
  fileId: string,
  words: { name: string; alt: string },
): Promise<boolean> {
  const row = await tx
    .updateTable('files')
    .set(words)
    .where('bureau_id', '=', bureauId)
    .where('id', '=', fileId)
    .where('shelf', '=', 'library')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Says which files an owner (a working copy, a version, a note or message of a case) refers to from now on. Files that are gone are passed over: whoever
 * renders leaves them out too.
 */
export async function setFileUses(
  tx: Tx,
  bureauId: string,
  owner: { kind: 'article' | 'version' | 'case' | 'task'; id: string },
  fileIds: readonly string[],
): Promise<void> {
  const { rows: dropped } = await sql<{ file_id: string }>`
    delete from file_uses
    where bureau_id = ${bureauId} and owner_kind = ${owner.kind} and owner_id = ${owner.id}
      and file_id <> all (${[...fileIds]}::uuid[])
    returning file_id`.execute(tx);
  const { rows: added } = await sql<{ file_id: string }>`
    insert into file_uses (bureau_id, owner_kind, owner_id, file_id)
    select bureau_id, ${owner.kind}, ${owner.id}, id from files
    where bureau_id = ${bureauId} and id = any (${[...fileIds]}::uuid[])
    on conflict do nothing
    returning file_id`.execute(tx);
  const touched = [...dropped, ...added].map((row) => row.file_id).toSorted();
  if (touched.length === 0) return;
  await sql`
    update files f
    set unused_since = case when exists (
      select from file_uses u where u.bureau_id = f.bureau_id and u.file_id = f.id
    ) then null else clock_timestamp() end
    where bureau_id = ${bureauId} and id = any (${touched}::uuid[])`.execute(tx);
}

const unreferenced = sql`
  not exists (select from file_uses u where u.bureau_id = f.bureau_id and u.file_id = f.id)
  and not exists (select from files d
                  where d.bureau_id = f.bureau_id and (d.parent_id = f.id or d.cover_id = f.id))`;

/** All bureaus; for the worker. */
export async function listUnusedFiles(tx: Tx, days: number) {
  const { rows } = await sql<{ bureau_id: string; id: string }>`
    select f.bureau_id, f.id from files f
    where f.unused_since < clock_timestamp() - make_interval(days => ${days}) and ${unreferenced}
    order by f.unused_since limit 200`.execute(tx);
  return rows;
}

/** Takes the row away if nothing refers to the file; its bytes follow a day later. For the worker. */
export async function deleteUnusedFile(
  tx: Tx,
  bureauId: string,
  fileId: string,
): Promise<{ sha256: string } | undefined> {
  const { rows } = await sql<{ sha256: string }>`
    with gone as (
      delete from files f where f.bureau_id = ${bureauId} and f.id = ${fileId}
        and f.unused_since is not null and ${unreferenced}
      returning bureau_id, sha256
    )
    insert into file_removals (bureau_id, sha256) select bureau_id, sha256 from gone
    on conflict (bureau_id, sha256) do update set since = clock_timestamp()
    returning sha256`.execute(tx);
  return rows[0];
}

export async function listDueRemovals(tx: Tx, hours: number) {
  const { rows } = await sql<{ bureau_id: string; sha256: string }>`
    select bureau_id, sha256 from file_removals
    where since < clock_timestamp() - make_interval(hours => ${hours}) limit 200`.execute(tx);
  return rows;
}

/** True when no bureau has a row for these bytes; the caller holds the lock of the content. */
export async function forgetRemoval(tx: Tx, bureauId: string, sha256: string): Promise<boolean> {
  await tx
    .deleteFrom('file_removals')
    .where('bureau_id', '=', bureauId)
    .where('sha256', '=', sha256)
    .execute();
  const kept = await tx.selectFrom('files').select('id').where('sha256', '=', sha256).executeTakeFirst();
  return kept === undefined;
}
