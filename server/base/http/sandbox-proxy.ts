import type { FastifyInstance } from 'fastify';
import { Agent, request as send } from 'undici';

/** Demonstration only: `/sandbox/*` of this address is the stand-in platforms' process. */
export function registerSandboxProxy(server: FastifyInstance, sandboxUrl: string): void {
  const agent = new Agent({ connections: 64 });
  server.addHook('onClose', async () => agent.destroy());
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.all('/sandbox/*', async (request, reply) => {
      const { host: _host, connection: _connection, 'transfer-encoding': _te, ...headers } = request.headers;
      // The scripts of misbehaviour are for this machine's tests, not for whoever reaches the demonstration.
      if (request.url.startsWith('/sandbox/_control'))
        return reply.status(404).send({ error: '没有这个页面 / nothing is here' });
      const answer = await send(`${sandboxUrl}${request.raw.url ?? ''}`, {
        method: request.method as 'GET',
        headers: { ...headers, 'x-forwarded-for': request.ip },
        body: request.method === 'GET' || request.method === 'HEAD' ? null : request.raw,
        dispatcher: agent,
      }).catch(() => null);
      if (!answer)
        return reply.status(502).send({ error: '模拟平台没有运行 / the stand-in platforms are not running' });
      reply.status(answer.statusCode);
      for (const [name, value] of Object.entries(answer.headers)) {
        if (value !== undefined && name !== 'connection' && name !== 'transfer-encoding')
          reply.header(name, value);
      }
      return reply.send(answer.body);
    });
    scope.get('/sandbox', async (_request, reply) => reply.redirect('/sandbox/'));
  });
}
