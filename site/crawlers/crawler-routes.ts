import type { FastifyInstance } from 'fastify';
import { listRecentPages, type PageLine, pagePath } from '#server/modules/publishing/index.ts';
import { isoTime } from '../dates.ts';
import { html } from '../html.ts';
import { setInertHeaders } from '../security-headers.ts';
import { answerCached, type SiteContext } from '../site-context.ts';
import { homePath, type Site } from '../site-frame.ts';

/** The protocol allows 50,000 addresses a file. */
const sitemapLength = 45_000;

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0b4f9e"/>' +
  '<g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"><circle cx="10" cy="16" r="2"/>' +
  '<path d="M16 10a8.5 8.5 0 0 1 0 12M21 6a14 14 0 0 1 0 20"/></g></svg>';

export function crawlerRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get('/robots.txt', async (_request, reply) => {
    setInertHeaders(reply).header('cache-control', 'public, max-age=3600');
    return reply
      .type('text/plain; charset=utf-8')
      .send(renderRobots(await context.sites.all(), context.app.config.publicUrl));
  });
  server.get('/favicon.svg', async (_request, reply) =>
    setInertHeaders(reply).header('cache-control', 'public, max-age=86400').type('image/svg+xml').send(icon),
  );
  server.get('/sitemap.xml', async (request, reply) => {
    const sites = (await context.sites.all()).filter((site) => !site.demonstration);
    return answerCached(context, request, reply, 'sitemap', async () => ({
      bureauId: sites[0]?.bureauId ?? '',
      stamp: '',
      type: 'application/xml; charset=utf-8',
      body: renderSitemap(await listSitemap(context, sites), context.app.config.publicUrl),
    }));
  });
}

/** Demonstrations stay out of search engines: someone might take them for the real office. */
export function renderRobots(sites: readonly Site[], publicUrl: string): string {
  if (sites.every((site) => site.demonstration)) return 'User-agent: *\nDisallow: /\n';
  const closed = ['/api/', '/desk', '/display', '/hooks/', '/s/', '/search', '/b/*/search'];
  return [
    'User-agent: *',
    ...closed.map((path) => `Disallow: ${path}`),
    `Sitemap: ${publicUrl}/sitemap.xml`,
    '',
  ].join('\n');
}

type Listed = { site: Site; pages: PageLine[] };

async function listSitemap(context: SiteContext, sites: readonly Site[]): Promise<Listed[]> {
  const limit = Math.floor(sitemapLength / Math.max(1, sites.length));
  return context.app.database.withPublic(async (tx) => {
    const listed: Listed[] = [];
    for (const site of sites)
      listed.push({ site, pages: await listRecentPages(tx, site.bureauId, { limit }) });
    return listed;
  });
}

export function renderSitemap(listed: readonly Listed[], publicUrl: string): string {
  const addresses = listed.flatMap(({ site, pages }) => [
    html`<url><loc>${publicUrl}${homePath(site)}</loc></url>`,
    ...pages.map(
      (page) =>
        html`<url><loc>${publicUrl}${pagePath(page.slug)}</loc><lastmod>${isoTime(page.updatedAt)}</lastmod></url>`,
    ),
  ]);
  const head =
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n';
  return `${head}${addresses.join('\n')}\n</urlset>\n`;
}
