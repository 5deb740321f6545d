import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../errors/error-page.ts';
import { answerOnce, answerTrouble, type SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { renderAccessibility } from './accessibility-page.ts';

export function accessibilityRoutes(server: FastifyInstance, context: SiteContext): void {
  const answer = (request: FastifyRequest, reply: FastifyReply, site: Site | undefined) =>
    site
      ? answerOnce(context, request, reply, renderAccessibility(context.frame(site, request)))
      : answerTrouble(context, request, reply, 404, notFound);
  server.get('/accessibility', async (request, reply) => answer(request, reply, await context.sites.first()));
  server.get<{ Params: { bureau: string } }>('/b/:bureau/accessibility', async (request, reply) =>
    answer(request, reply, await context.sites.bySlug(request.params.bureau)),
  );
}
