import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';

export const staffAppDir = fileURLToPath(new URL('../../../dist/desk/', import.meta.url));

/**
 * The built staff app. Files with a hash in their name are cached for ever; the page itself never, so that a new
 * version is there on the next visit. Every other path below /desk is a screen of the app.
 */
export function registerStaffApp(server: FastifyInstance, app: App): void {
  const index = `${staffAppDir}index.html`;
  // Previews of articles are frames without scripts; pictures and styles come from here alone.
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "frame-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
  server.register(fastifyStatic, {
    root: `${staffAppDir}assets/`,
    prefix: '/desk/assets/',
    index: false,
    maxAge: '365d',
    immutable: true,
  });
  server.get('/desk/icon.svg', async (_request, reply) =>
    reply.sendFile('icon.svg', staffAppDir, { maxAge: '1d', immutable: false }),
  );
  const page = async () => {
    if (!existsSync(index)) return null;
    return readFileSync(index, 'utf8');
  };
  let cached: string | null = null;
  server.get('/desk', async (_request, reply) => reply.redirect('/desk/'));
  server.get('/desk/*', async (_request, reply) => {
    cached = app.config.mode === 'demo' || cached === null ? await page() : cached;
    if (cached === null) {
      return reply
        .status(503)
        .type('text/plain; charset=utf-8')
        .send('工作台还没有构建，请运行 npm run build / build the desk first: npm run build\n');
    }
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', policy)
      .send(cached);
  });
}
