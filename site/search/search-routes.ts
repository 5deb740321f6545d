import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { searchPages } from '#server/modules/publishing/index.ts';
import { notFound } from '../errors/error-page.ts';
import { answerOnce, answerTrouble, type SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { foundLimit, renderSearch } from './search-page.ts';

export function searchRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get('/search', async (request, reply) =>
    answer(context, request, reply, await context.sites.first()),
  );
  server.get<{ Params: { bureau: string } }>('/b/:bureau/search', async (request, reply) =>
    answer(context, request, reply, await context.sites.bySlug(request.params.bureau)),
  );
}

async function answer(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site | undefined,
): Promise<FastifyReply> {
  if (!site) return answerTrouble(context, request, reply, 404, notFound);
  const asked = (request.query as { q?: unknown }).q;
  // NUL is the one character PostgreSQL can't take.
  const query =
    typeof asked === 'string' ? asked.replaceAll('\0', '').trim().slice(0, 100).toWellFormed() : '';
  const found = query
    ? await context.app.database.withPublic((tx) => searchPages(tx, site.bureauId, query, foundLimit))
    : [];
  return answerOnce(context, request, reply, renderSearch(context.frame(site, request), query, found));
}
