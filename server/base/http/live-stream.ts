import type { FastifyInstance } from 'fastify';
import { type LiveTopic, livePath } from '#shared/system.ts';
import { demandNoDuties } from '../actor.ts';
import type { App } from '../app.ts';
import { AppError } from '../app-error.ts';
import type { Authenticate } from './register.ts';

/** A comment line keeps proxies from closing a silent stream. */
const keepAliveMs = 20_000;

/** Server-Sent Events: topic names of one bureau; what changed is fetched again through the ordinary routes. */
export function registerLive(server: FastifyInstance, app: App, authenticate: Authenticate): void {
  server.get(livePath, async (request, reply) => {
    const actor = await authenticate(request);
    if (!actor) throw new AppError('sign-in-needed');
    demandNoDuties(actor);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    raw.write(': connected\n\n');
    const unsubscribe = app.live.subscribe(actor.bureauId, (topics: LiveTopic[]) => {
      raw.write(`event: changed\ndata: ${JSON.stringify({ topics })}\n\n`);
    });
    const timer = setInterval(() => raw.write(': still here\n\n'), keepAliveMs);
    raw.on('close', () => {
      clearInterval(timer);
      unsubscribe();
    });
  });
}
