import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listFeedPages } from '#server/modules/publishing/index.ts';
import { notFound } from '../errors/error-page.ts';
import { answerCached, answerTrouble, type SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { feedLength, feeds } from './feeds.ts';

export function feedRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get<{ Params: { feed: string } }>('/feeds/:feed', async (request, reply) =>
    answer(context, request, reply, await context.sites.first(), request.params.feed),
  );
  server.get<{ Params: { bureau: string; feed: string } }>('/b/:bureau/feeds/:feed', async (request, reply) =>
    answer(context, request, reply, await context.sites.bySlug(request.params.bureau), request.params.feed),
  );
}

async function answer(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site | undefined,
  name: string,
): Promise<FastifyReply> {
  const feed = feeds.get(name);
  if (!site || !feed) return answerTrouble(context, request, reply, 404, notFound);
  return answerCached(context, request, reply, `feed ${site.slug} ${name}`, async () => {
    const pages = await context.app.database.withPublic((tx) => listFeedPages(tx, site.bureauId, feedLength));
    const body = feed.render(context.frame(site, request), pages);
    return { bureauId: site.bureauId, stamp: '', type: feed.type, body };
  });
}
