import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Database, openDatabase, type Tx } from '#server/base/database.ts';
import { startEmbeddedDatabase } from '#server/base/embedded/supervisor.ts';
import { newId, newToken } from '#server/base/ids.ts';
import { migrate } from '#server/base/migrate.ts';
import { type NewSitePage, putSitePage } from './site-pages.ts';

export type SiteDatabase = { url: string; folder: string; database: Database; stop(): Promise<void> };

const quiet = { info: () => undefined, warn: () => undefined };

/** A migrated database of its own with nothing in it. */
export async function startSiteDatabase(): Promise<SiteDatabase> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'huisheng-site-')));
  const embedded = await startEmbeddedDatabase({ dataDir: folder, log: quiet, fsync: false });
  await migrate(embedded.url, quiet);
  const database = openDatabase(embedded.url);
  return {
    url: embedded.url,
    folder,
    database,
    async stop() {
      await database.close();
      await embedded.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function buildBureau(
  database: Database,
  bureau: { slug: string; name: string; policy?: 'dengbao' | 'relaxed' },
): Promise<string> {
  const id = newId();
  await database.withWorker(async (tx) => {
    await sql`
      insert into units (bureau_id, id, kind, level, name, short_name, path)
      values (${id}, ${id}, 'bureau', 'county', ${bureau.name}, ${bureau.name}, ${`/${id}/`})`.execute(tx);
    await sql`
      insert into bureau_settings (bureau_id, slug, policy)
      values (${id}, ${bureau.slug}, ${bureau.policy ?? 'dengbao'})`.execute(tx);
  });
  return id;
}

/** A page with everything it needs; the text is its paragraphs. */
export function buildPage(bureauId: string, page: Partial<NewSitePage> = {}): NewSitePage {
  const plain = page.plain ?? '参保人员达到法定退休年龄，可以线上申请办理退休手续。';
  return {
    bureauId,
    deliveryId: newId(),
    articleId: newId(),
    title: '退休一件事怎么办',
    digest: '一次申请，退休手续联办。',
    author: null,
    html: plain
      .split('\n')
      .map((line) => `<p>${line}</p>`)
      .join(''),
    plain,
    publishedAt: new Date('2026-11-23T01:00:00Z'),
    pictures: new Map(),
    ...page,
  };
}

export const put = (database: Database, page: NewSitePage) =>
  database.withWorker((tx) => putSitePage(tx, page));

export async function addShortLink(tx: Tx, bureauId: string, articleId: string): Promise<string> {
  const token = newToken();
  await sql`
    insert into short_links (token, bureau_id, package_id, article_id, account_id)
    values (${token}, ${bureauId}, ${newId()}, ${articleId}, ${newId()})`.execute(tx);
  return token;
}
