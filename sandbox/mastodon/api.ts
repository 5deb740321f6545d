/** The platform's API: every path it knows, and the one way each call goes. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, answer } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { accountOfToken, baseOf, countCall, type Handler, Reply, readBody } from './call.ts';
import { describeInstance } from './describe.ts';
import { showPicture, uploadPicture } from './pictures.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM } from './state.ts';
import {
  deleteStatus,
  listNotifications,
  listStatuses,
  postStatus,
  showContext,
  showStatus,
  verifyCredentials,
} from './statuses.ts';

const handlers: readonly (readonly ['GET' | 'POST' | 'DELETE', string, Handler])[] = [
  ['GET', '/api/v1/accounts/verify_credentials', verifyCredentials],
  ['GET', '/api/v1/accounts/:id/statuses', listStatuses],
  ['POST', '/api/v2/media', uploadPicture],
  ['GET', '/api/v1/media/:id', showPicture],
  ['POST', '/api/v1/statuses', postStatus],
  ['GET', '/api/v1/statuses/:id', showStatus],
  ['DELETE', '/api/v1/statuses/:id', deleteStatus],
  ['GET', '/api/v1/statuses/:id/context', showContext],
  ['GET', '/api/v1/notifications', listNotifications],
];

type Run = (request: FastifyRequest, reply: FastifyReply) => unknown;

export function registerApi(app: FastifyInstance, world: World): void {
  function route(method: 'GET' | 'POST' | 'DELETE', path: string, run: Run): void {
    app.route({
      method,
      url: `/${PLATFORM}${path}`,
      handler: (request, reply) => {
        const called = request.url.slice(`/sandbox/${PLATFORM}`.length);
        // Faults are armed by path; the method tells a post from a list.
        return answer(world, PLATFORM, `${called} ${method}`, request, reply, () =>
          refusing(() => run(request, reply)),
        );
      },
    });
  }
  // Public: no token, no limit of an account.
  route('GET', '/api/v2/instance', (request) => describeInstance(world, baseOf(request)));
  for (const [method, path, handler] of handlers) {
    route(method, path, async (request, reply) => {
      const { fields, file } = await readBody(request);
      const account = accountOfToken(world, request);
      countCall(world, account, reply);
      const key = request.headers['idempotency-key'];
      const result = handler({
        ...{ world, account, fields, file },
        params: request.params as Record<string, string>,
        query: request.query as Record<string, string>,
        idempotencyKey: typeof key === 'string' && key ? key : null,
        base: baseOf(request),
      });
      world.changed();
      return result;
    });
  }
}

async function refusing(run: () => unknown): Promise<Answer> {
  try {
    const result = await run();
    return result instanceof Reply ? result : { json: result };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, json: { error: error.message } };
    throw error;
  }
}
