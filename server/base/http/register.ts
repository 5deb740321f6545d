import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Permission } from '#shared/people.ts';
import { type Route, takesTokens } from '#shared/route.ts';
import { type Actor, demand, demandNoDuties } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError } from '../app-error.ts';
import { claimKey, keyPattern, storeAnswer } from './idempotency.ts';
import type { RouteSet, ServedRoute } from './serve.ts';

export type Authenticate = (request: FastifyRequest) => Promise<Actor | null>;

export function registerRoutes(
  server: FastifyInstance,
  app: App,
  routes: RouteSet,
  authenticate: Authenticate,
): void {
  for (const served of routes) {
    server.route({
      method: served.route.method,
      url: served.route.path,
      handler: async (request, reply) =>
        served.kind === 'public'
          ? answerPublic(app, served, request, reply)
          : answerStaff(app, served, request, await authenticate(request)),
    });
  }
}

async function answerPublic(
  app: App,
  served: Extract<ServedRoute, { kind: 'public' }>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  if (served.route.method !== 'GET') refuseForeignOrigin(app, request);
  const result = await served.run({ ...parseInput(served.route, request), app, request, reply });
  return served.route.reply.parse(result);
}

async function answerStaff(
  app: App,
  served: Extract<ServedRoute, { kind: 'staff' }>,
  request: FastifyRequest,
  actor: Actor | null,
): Promise<unknown> {
  const { route } = served;
  if (!actor) throw new AppError('sign-in-needed');
  const mutates = route.method !== 'GET';
  if (mutates) refuseForeignOrigin(app, request);
  admit(route, actor);
  const input = parseInput(route, request);
  const key = mutates ? readKey(request) : null;
  const prepared = await served.prepare?.({ ...input, app, actor, request });
  return app.database.withScope(actor, async (tx) => {
    if (key) {
      const stored = await claimKey(tx, app.sealer, actor, key, {
        method: route.method,
        url: request.url,
        // As parsed: what the schema does not name is no part of the request, however deep it is nested.
        body: input.body,
      });
      if (stored) return stored.answer;
    }
    const answer = route.reply.parse(await served.run({ ...input, app, tx, actor, request, prepared }));
    if (key) await storeAnswer(tx, app.sealer, actor, key, answer);
    return answer;
  });
}

/** @throws {AppError} session-needed, forbidden, password-change-needed, second-factor-setup-needed */
function admit(route: Route, actor: Actor): void {
  if (actor.token && !takesTokens(route)) throw new AppError('session-needed');
  // `public` routes never come here: serve() refuses them.
  if (route.access !== 'session') demand(actor, route.access as Permission);
  else if (!route.beforeDuties) demandNoDuties(actor);
}

/**
 * Cross-site requests can't mutate: browsers send Sec-Fetch-Site or Origin with every one of ours. Programs send neither. No
 * header excuses from this: a browser adds `Authorization` of a proxy's basic sign-in by itself, to a foreign page's
 * request too.
 */
export function refuseForeignOrigin(app: App, request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new AppError('origin-refused');
  const { origin } = request.headers;
  if (origin === undefined) return;
  const allowed = [new URL(app.config.publicUrl).host, request.headers.host];
  if (!URL.canParse(origin) || !allowed.includes(new URL(origin).host)) throw new AppError('origin-refused');
}

export function readKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !keyPattern.test(key)) throw new AppError('idempotency-key-needed');
  return key;
}

function parseInput(route: Route, request: FastifyRequest) {
  const parse = (schema: z.ZodType | undefined, value: unknown, where: string) => {
    if (!schema) return undefined;
    const result = schema.safeParse(value ?? {});
    if (result.success) return result.data;
    throw new AppError('input-invalid', { problem: describe(result.error), where });
  };
  return {
    params: parse(route.params, request.params, 'params'),
    query: parse(route.query, request.query, 'query'),
    body: parse(route.body, request.body, 'body'),
  };
}

function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
    .join('; ');
}
