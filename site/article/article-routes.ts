import type { FastifyInstance } from 'fastify';
import { findPageBySlug } from '#server/modules/publishing/index.ts';
import { notFound } from '../errors/error-page.ts';
import { answerCached, answerTrouble, htmlType, type SiteContext } from '../site-context.ts';
import { renderArticle } from './article-page.ts';

const slugPattern = /^\d{8}-[0-9A-HJKMNP-TV-Z]{8}$/;

export function articleRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get<{ Params: { slug: string } }>('/a/:slug', async (request, reply) => {
    const slug = request.params.slug.toUpperCase();
    if (!slugPattern.test(slug)) return answerTrouble(context, request, reply, 404, notFound);
    return answerCached(context, request, reply, `article ${slug}`, async (known) => {
      // Before the page: from here on changes of every bureau are heard.
      await context.sites.all();
      const page = await context.app.database.withPublic((tx) => findPageBySlug(tx, slug));
      const site = page && (await context.sites.byBureau(page.bureauId));
      if (!page || !site) return null;
      const stamp = [page.revision, page.updatedAt.getTime(), site.name, site.demonstration].join(' ');
      if (stamp === known) return 'unchanged';
      return {
        bureauId: page.bureauId,
        stamp,
        type: htmlType,
        body: renderArticle(context.frame(site, request), page),
      };
    });
  });
}
