/** One page for the first bureau at the root and for every other below `/b/<slug>`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#server/base/app-error.ts';
import { refuseForeignOrigin } from '#server/base/http/register.ts';
import { errorBody } from '#shared/errors.ts';
import { notFound } from '../errors/error-page.ts';
import { setPageHeaders } from '../security-headers.ts';
import { answerTrouble, htmlType, type SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import type { Problem } from './ask-page.ts';

export type Answer = (call: {
  site: Site;
  request: FastifyRequest;
  reply: FastifyReply;
}) => Promise<FastifyReply>;

export function onEverySite(
  server: FastifyInstance,
  context: SiteContext,
  method: 'GET' | 'POST',
  path: string,
  answer: Answer,
): void {
  const run = async (request: FastifyRequest, reply: FastifyReply, site: Site | undefined) => {
    if (!site) return answerTrouble(context, request, reply, 404, notFound);
    if (method === 'POST') refuseForeignOrigin(context.app, request);
    return answer({ site, request, reply });
  };
  server.route({
    ...{ method, url: path },
    handler: async (request, reply) => run(request, reply, await context.sites.first()),
  });
  server.route<{ Params: { bureau: string } }>({
    ...{ method, url: `/b/:bureau${path}` },
    handler: async (request, reply) =>
      run(request as FastifyRequest, reply, await context.sites.bySlug(request.params.bureau)),
  });
}

/** A page for one person: kept by nobody, found by no search engine. */
export function answerPrivately(
  context: SiteContext,
  reply: FastifyReply,
  body: string,
  status = 200,
): FastifyReply {
  return answerWithWords(context, reply.header('cache-control', 'no-store'), body, status);
}

/**
 * A form with what was typed, which no address could give again: the person's own browser may keep it, so that whoever reads
 * an answer that was offered there can go back to their words. Never a page that shows a key.
 */
export function answerTyped(
  context: SiteContext,
  reply: FastifyReply,
  body: string,
  status = 200,
): FastifyReply {
  return answerWithWords(context, reply.header('cache-control', 'private, no-cache'), body, status);
}

/** After a form: the address of a page that can be loaded again, and gone back to. */
export const leadTo = (reply: FastifyReply, path: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(path, 303);

function answerWithWords(
  context: SiteContext,
  reply: FastifyReply,
  body: string,
  status: number,
): FastifyReply {
  setPageHeaders(reply, context.app.config.publicUrl);
  return reply.status(status).type(htmlType).send(body);
}

/** The words of a refusal that a form can show and stay; anything else goes its way. @throws what it was given */
export function problemOf(error: unknown): { problem: Problem; status: number } {
  if (!(error instanceof AppError) || error.status >= 500) throw error;
  return { problem: errorBody(error.code, error.details).message, status: error.status };
}
