/** Starts the stand-in platforms: as a process from `main.ts`, inside a test from here. */
import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { registerControl } from './core/control.ts';
import { sendPage } from './core/page.ts';
import { createWorld, type World } from './core/world.ts';
import { standIns } from './stand-ins.ts';

export type Sandbox = {
  /** Without trailing slash and without `/sandbox`: `http://127.0.0.1:41234`. */
  url: string;
  port: number;
  world: World;
  stop(): Promise<void>;
};

/** Videos come in parts of 20 MB and more. */
const BODY_LIMIT = 64 * 1024 * 1024;

export async function startSandbox(
  options: { port?: number; host?: string; stateFile?: string; log?: FastifyServerOptions['logger'] } = {},
): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', stateFile, log = false } = options;
  const world = createWorld(stateFile);
  const app = Fastify({ logger: log, bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  await readBodies(app);
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError || error instanceof RangeError) {
      return reply.code(400).send({ error: error.message });
    }
    app.log.error(error);
    return reply.code(500).send({ error: String(error) });
  });
  await app.register(
    async (scope) => {
      registerControl(scope, world);
      registerLanding(scope);
      for (const standIn of standIns) standIn.register(scope, world);
    },
    { prefix: '/sandbox' },
  );
  await app.listen({ port, host });
  // Work that fell due while the platforms were down happens now, after every handler is known.
  world.schedule.tick();
  const address = app.server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    world,
    async stop() {
      world.stop();
      await app.close();
    },
  };
}

/** Bodies as platforms read them: unreadable JSON reaches the stand-in as undefined and gets its own error. */
async function readBodies(app: FastifyInstance): Promise<void> {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  await app.register(multipart, { limits: { fileSize: BODY_LIMIT, files: 4, fields: 40 } });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(null, undefined);
    }
  });
}

function registerLanding(app: FastifyInstance): void {
  app.get('/', (_request, reply) => {
    const links = standIns.map(
      (standIn) =>
        html`<li><a data-testid="platform-${standIn.id}" href="/sandbox/${standIn.id}/">${standIn.label.zh}</a></li>`,
    );
    const body = html`<h1>模拟平台</h1><p>各平台上公众看到的样子：</p><ul class="list card">!${links}</ul>`;
    return sendPage(reply, { title: '模拟平台', home: { href: '/sandbox/', label: '首页' }, body });
  });
}
