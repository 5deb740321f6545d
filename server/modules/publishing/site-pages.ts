/**
 * The pages of the public site and where short links lead. Readers go through the view `published_pages` (migration
 * 0003 says why): a withdrawn page can't be read by mistake.
 */
import { type RawBuilder, sql } from 'kysely';
import { wallDate } from '#server/base/clock.ts';
import { asWorker, type Tx } from '#server/base/database.ts';
import { newCode, newId } from '#server/base/ids.ts';
import { findBureau, listBureauIds } from '#server/modules/people/index.ts';
import { indexTerms, plainText } from './site-terms.ts';

export type NewSitePage = {
  bureauId: string;
  deliveryId: string;
  articleId: string;
  title: string;
  digest: string;
  author: string | null;
  /** Safe already; pictures stand in it as `media:<sha256>`. */
  html: string;
  /** The text without markup; read from `html` when absent. */
  plain?: string;
  publishedAt: Date;
  /** sha256 → address the site serves the picture at. */
  pictures: ReadonlyMap<string, string>;
};

/**
 * Puts the article on the site, in the transaction that marks its local delivery published. The same article again
 * keeps its address and first date; the same delivery again changes nothing that a reader could tell.
 * @throws {Error} when a picture of the text has no address
 */
export async function putSitePage(tx: Tx, page: NewSitePage): Promise<{ url: string; slug: string }> {
  const plain = page.plain ?? plainText(page.html);
  const terms = indexTerms(`${page.title}\n${page.digest}\n${plain}`);
  const { rows } = await sql<{ slug: string }>`
    insert into site_pages
      (bureau_id, id, delivery_id, article_id, slug, title, digest, author, html, plain, bigrams, published_at)
    values
      (${page.bureauId}, ${newId()}, ${page.deliveryId}, ${page.articleId}, ${newSlug(page.publishedAt)}, ${page.title},
       ${page.digest}, ${page.author}, ${dressHtml(page.html, page.pictures)}, ${plain},
       array_to_tsvector(${terms}::text[]), ${page.publishedAt})
    on conflict (bureau_id, article_id) do update set
      revision     = site_pages.revision + (site_pages.delivery_id <> excluded.delivery_id)::integer,
      delivery_id  = excluded.delivery_id,
      title        = excluded.title,
      digest       = excluded.digest,
      author       = excluded.author,
      html         = excluded.html,
      plain        = excluded.plain,
      bigrams      = excluded.bigrams,
      updated_at   = case when site_pages.delivery_id <> excluded.delivery_id then now() else site_pages.updated_at end,
      withdrawn_at = null
    returning slug`.execute(tx);
  const { slug } = rows[0]!;
  return { url: pagePath(slug), slug };
}

/** Takes the page off the site at once; its text stays in the package. False when there was none to take. */
export async function withdrawSitePage(tx: Tx, bureauId: string, articleId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update site_pages set withdrawn_at = now(), updated_at = now()
    where bureau_id = ${bureauId} and article_id = ${articleId} and withdrawn_at is null`.execute(tx);
  return numAffectedRows === 1n;
}

/** What stands on the page beside its text changed: copies of it are stale from now on. */
export async function touchSitePage(tx: Tx, bureauId: string, articleId: string): Promise<void> {
  await sql`
    update site_pages set revision = revision + 1, updated_at = now()
    where bureau_id = ${bureauId} and article_id = ${articleId}`.execute(tx);
}

/** The title that readers see now; undefined when the article is not on the site. */
export async function findShownTitle(
  tx: Tx,
  bureauId: string,
  articleId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ title: string }>`
    select title from published_pages where bureau_id = ${bureauId} and article_id = ${articleId}`.execute(
    tx,
  );
  return rows[0]?.title;
}

export const pagePath = (slug: string) => `/a/${slug}`;

/** Date for people, eight random Crockford characters against collisions: 20261123-7K2M9Q4T. */
function newSlug(publishedAt: Date): string {
  return `${wallDate(publishedAt).replaceAll('-', '')}-${newCode(8)}`;
}

/** Gives pictures their addresses and turns inline alignment into classes: the site's CSP allows no style attribute. */
function dressHtml(html: string, pictures: ReadonlyMap<string, string>): string {
  return html
    .replace(/ (src|poster)="media:([0-9a-f]{64})"/g, (_, name: string, sha256: string) => {
      const address = pictures.get(sha256);
      if (!address) throw new Error(`file ${sha256} has no address`);
      return ` ${name}="${address}"`;
    })
    .replace(/ style="text-align:\s*(left|center|right|justify);?"/g, ' class="align-$1"');
}

// ---------------------------------------------------------------- reading

export type SitePage = {
  bureauId: string;
  slug: string;
  revision: number;
  title: string;
  digest: string;
  author: string | null;
  html: string;
  plain: string;
  publishedAt: Date;
  updatedAt: Date;
  /** The oldest first. */
  corrections: readonly PageCorrection[];
};

export type PageCorrection = { text: string; publishedAt: Date };

export type PageLine = Pick<SitePage, 'slug' | 'title' | 'digest' | 'publishedAt' | 'updatedAt'>;

/** Where the next list begins: after this page. */
export type PageCursor = Pick<SitePage, 'publishedAt' | 'slug'>;

type PageRow = Omit<SitePage, 'corrections'> & { corrections: { text: string; at: string }[] };

/** A page with everything that stands on it. */
const wholePage = sql`
  bureau_id as "bureauId", slug, revision, title, digest, author, html, plain,
  published_at as "publishedAt", updated_at as "updatedAt",
  coalesce((select json_agg(json_build_object('text', c.text, 'at', c.published_at) order by c.published_at, c.id)
            from published_corrections c
            where c.bureau_id = published_pages.bureau_id and c.article_id = published_pages.article_id),
           '[]'::json) as corrections`;

const toPage = (row: PageRow): SitePage => ({
  ...row,
  corrections: row.corrections.map(({ text, at }) => ({ text, publishedAt: new Date(at) })),
});

export async function findPageBySlug(tx: Tx, slug: string): Promise<SitePage | undefined> {
  const { rows } = await sql<PageRow>`
    select ${wholePage} from published_pages where slug = ${slug}`.execute(tx);
  return rows[0] && toPage(rows[0]);
}

type Stretch = { limit: number; before?: PageCursor | undefined };

/** Newest first. Exported as a query for its plan test. */
export function recentPagesQuery(bureauId: string, { limit, before }: Stretch): RawBuilder<PageLine> {
  const start = before ? sql`and (published_at, slug) < (${before.publishedAt}, ${before.slug})` : sql``;
  return sql<PageLine>`
    select slug, title, digest, published_at as "publishedAt", updated_at as "updatedAt"
    from published_pages where bureau_id = ${bureauId} ${start}
    order by published_at desc, slug desc limit ${limit}`;
}

export async function listRecentPages(tx: Tx, bureauId: string, stretch: Stretch): Promise<PageLine[]> {
  return (await recentPagesQuery(bureauId, stretch).execute(tx)).rows;
}

/** With the whole text, for feeds: partner media take it from there. */
export async function listFeedPages(tx: Tx, bureauId: string, limit: number): Promise<SitePage[]> {
  const { rows } = await sql<PageRow>`
    select ${wholePage} from published_pages where bureau_id = ${bureauId}
    order by published_at desc, slug desc limit ${limit}`.execute(tx);
  return rows.map(toPage);
}

/** A bureau as its site shows it. */
export type PublicSite = {
  bureauId: string;
  slug: string;
  name: string;
  shortName: string;
  /** Runs the relaxed policy profile, which every page must say. */
  demonstration: boolean;
  /** What its paths begin with: '' for the first bureau, '/b/<slug>' for the others. */
  base: string;
};

const baseOf = (slug: string, first: boolean): string => (first ? '' : `/b/${slug}`);

/** In the order they were founded; the first answers at `/`. */
export async function listPublicSites(tx: Tx): Promise<PublicSite[]> {
  const { rows } = await sql<Omit<PublicSite, 'base'>>`
    select bureau_id as "bureauId", slug, name, short_name as "shortName", policy = 'relaxed' as demonstration
    from public_sites order by bureau_id`.execute(tx);
  return rows.map((row, index) => ({ ...row, base: baseOf(row.slug, index === 0) }));
}

/**
 * Where the pages of one bureau stand. In the worker's role, which sees every bureau: that another was founded earlier is no
 * secret.
 */
export async function findSiteBase(tx: Tx, bureauId: string): Promise<{ base: string }> {
  return asWorker(tx, async (worker) => {
    const [first] = await listBureauIds(worker);
    return { base: baseOf((await findBureau(worker, bureauId)).slug, bureauId === first) };
  });
}

/** Where a short link leads: the page of its article, or null for the home page of its bureau. */
export type ShortLinkTarget = { bureauId: string; pageSlug: string | null };

export async function findShortLink(tx: Tx, token: string): Promise<ShortLinkTarget | undefined> {
  const { rows } = await sql<ShortLinkTarget>`
    select short_links.bureau_id as "bureauId", published_pages.slug as "pageSlug"
    from short_links
    left join published_pages
      on published_pages.bureau_id = short_links.bureau_id and published_pages.article_id = short_links.article_id
    where short_links.token = ${token}`.execute(tx);
  return rows[0];
}

export type PublicFile = { sha256: string; mime: string; size: number; name: string };

/** By token only; the function of migration 0001 is the public role's single way to a file. */
export async function findPublicFile(tx: Tx, token: string): Promise<PublicFile | undefined> {
  const { rows } = await sql<PublicFile>`select sha256, mime, size, name from public_file(${token})`.execute(
    tx,
  );
  return rows[0];
}
