/** The REST interface: every route it knows, under both forms of address, and the one way each call goes. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, answer } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { baseOf, type Handler, readBody, userOf } from './call.ts';
import { createComment, listComments, moderateComment, trashComment } from './comments.ts';
import { createPost, listPosts, showMe, showPost, updatePost, uploadFile } from './posts.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM } from './state.ts';

const routes: readonly (readonly ['GET' | 'POST' | 'DELETE', RegExp, Handler])[] = [
  ['GET', /^\/wp\/v2\/users\/me$/, showMe],
  ['GET', /^\/wp\/v2\/posts$/, listPosts],
  ['POST', /^\/wp\/v2\/posts$/, createPost],
  ['GET', /^\/wp\/v2\/posts\/(?<id>\d+)$/, showPost],
  ['POST', /^\/wp\/v2\/posts\/(?<id>\d+)$/, updatePost],
  ['POST', /^\/wp\/v2\/media$/, uploadFile],
  ['GET', /^\/wp\/v2\/comments$/, listComments],
  ['POST', /^\/wp\/v2\/comments$/, createComment],
  ['POST', /^\/wp\/v2\/comments\/(?<id>\d+)$/, moderateComment],
  ['DELETE', /^\/wp\/v2\/comments\/(?<id>\d+)$/, trashComment],
];

export function registerApi(app: FastifyInstance, world: World): void {
  /** Faults are armed by `METHOD route?query`, whatever the form of the address. */
  function serve(request: FastifyRequest, reply: FastifyReply, rest: string): Promise<FastifyReply> {
    const { search } = new URL(request.url, 'http://site');
    const called = `${request.method} ${rest}${search}`;
    return answer(world, PLATFORM, called, request, reply, () => run(world, request, reply, rest));
  }
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    app.route({
      method,
      url: `/${PLATFORM}/wp-json/*`,
      handler: (request, reply) => serve(request, reply, `/${(request.params as { '*': string })['*']}`),
    });
    app.route({
      method,
      url: `/${PLATFORM}/index.php`,
      handler: (request, reply) =>
        serve(request, reply, (request.query as { rest_route?: string }).rest_route ?? ''),
    });
  }
}

async function run(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  rest: string,
): Promise<Answer> {
  const { fields, file } = await readBody(request);
  for (const [method, pattern, handler] of routes) {
    const match = request.method === method ? pattern.exec(rest) : null;
    if (!match) continue;
    try {
      const { status, json, total, perPage } = handler({
        ...{ world, fields, file, user: userOf(world, request), base: baseOf(request) },
        params: { ...match.groups },
        query: request.query as Record<string, string>,
      });
      world.changed();
      if (total !== null) {
        reply.header('x-wp-total', total).header('x-wp-totalpages', Math.ceil(total / perPage));
      }
      return { status, json };
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, json: error.envelope };
      throw error;
    }
  }
  const message = 'No route was found matching the URL and request method.';
  return { status: 404, json: { code: 'rest_no_route', message, data: { status: 404 } } };
}
