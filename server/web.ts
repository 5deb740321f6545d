/** The HTTP side: API, live updates, platform pushes, the staff app's files, the public site, health. */
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance } from 'fastify';
import type { App } from '#server/base/app.ts';
import { handleErrors } from '#server/base/http/errors.ts';
import { registerRoutes } from '#server/base/http/register.ts';
import { registerAccountCallbacks } from '#server/modules/accounts/index.ts';
import { type PushIntake, pushRoutes } from '#server/modules/inbox/index.ts';
import { findActor } from '#server/modules/people/index.ts';
import { registerMediaPack } from '#server/modules/publishing/index.ts';
import { siteRoutes } from '#site/site.ts';
import { registerApiDocs } from './base/http/api-docs.ts';
import { registerLive } from './base/http/live-stream.ts';
import { registerProbes } from './base/http/probes.ts';
import { registerSandboxProxy } from './base/http/sandbox-proxy.ts';
import { registerStaffApp } from './base/http/staff-app.ts';
import { allRoutes, taskKinds } from './modules.ts';

export type WebOptions = {
  intake: PushIntake;
  /** Where the stand-in platforms listen; null where they don't run. */
  sandboxUrl: string | null;
};

export async function buildWeb(app: App, options: WebOptions): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    bodyLimit: 4 * 1024 * 1024,
    trustProxy: app.config.trustedProxies.length > 0 ? [...app.config.trustedProxies] : false,
    // Slow senders are cut off before they hold sockets.
    requestTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 300 },
    // Streams of live updates would keep the server from closing.
    forceCloseConnections: true,
  });
  handleErrors(server, app.config.pictureLimit / 1024 / 1024);
  await server.register(cookie);
  await server.register(multipart, {
    limits: { fileSize: app.config.pictureLimit, files: 1, fields: 5 },
    throwFileSizeLimit: true,
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('referrer-policy')) reply.header('referrer-policy', 'same-origin');
    if (!reply.hasHeader('x-frame-options')) reply.header('x-frame-options', 'SAMEORIGIN');
  });
  const authenticate = (request: Parameters<typeof findActor>[1]) => findActor(app, request);
  const routes = allRoutes();
  registerRoutes(server, app, routes, authenticate);
  registerLive(server, app, authenticate);
  registerApiDocs(server, app, routes);
  registerProbes(server, app);
  registerMediaPack(server, app, taskKinds);
  registerAccountCallbacks(server, app, authenticate);
  registerStaffApp(server, app);
  if (options.sandboxUrl) registerSandboxProxy(server, options.sandboxUrl);
  await server.register(pushRoutes, { app, intake: options.intake });
  await server.register(siteRoutes(app));
  return server;
}
