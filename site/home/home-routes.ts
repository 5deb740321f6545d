import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listRecentPages } from '#server/modules/publishing/index.ts';
import { notFound } from '../errors/error-page.ts';
import { answerCached, answerOnce, answerTrouble, htmlType, type SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { readCursor, renderHome } from './home-page.ts';

const pageLength = 20;

export function homeRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get('/', async (request, reply) => answer(context, request, reply, await context.sites.first()));
  server.get<{ Params: { bureau: string } }>('/b/:bureau', async (request, reply) => {
    const site = await context.sites.bySlug(request.params.bureau);
    // One address a page: the first bureau is at the root.
    if (site?.base === '') return reply.redirect('/', 301);
    return answer(context, request, reply, site);
  });
}

async function answer(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site | undefined,
): Promise<FastifyReply> {
  if (!site) return answerTrouble(context, request, reply, 404, notFound);
  const before = readCursor((request.query as { before?: unknown }).before);
  const render = async () => {
    // One more than shown tells whether there is another page.
    const rows = await context.app.database.withPublic((tx) =>
      listRecentPages(tx, site.bureauId, { limit: pageLength + 1, before }),
    );
    const pages = rows.slice(0, pageLength);
    const next = rows.length > pageLength ? pages.at(-1)! : null;
    return renderHome(context.frame(site, request), { pages, next, first: !before });
  };
  if (before) return answerOnce(context, request, reply, await render());
  return answerCached(context, request, reply, `home ${site.slug}`, async () => ({
    bureauId: site.bureauId,
    stamp: '',
    type: htmlType,
    body: await render(),
  }));
}
