import type { FastifyInstance } from 'fastify';
import { refuseForeignOrigin } from '#server/base/http/register.ts';
import { takeForms } from '../inbox/form-body.ts';
import { type SiteContext, sizeCookie } from '../site-context.ts';

const yearSeconds = 31_536_000;

/** 长者模式 without JavaScript: the form in the head of each page sets a cookie and comes back. */
export function displayRoutes(server: FastifyInstance, context: SiteContext): void {
  takeForms(server);
  server.post('/display', async (request, reply) => {
    refuseForeignOrigin(context.app, request);
    const { size, back } = (request.body ?? {}) as { size?: unknown; back?: unknown };
    const large = size === 'large';
    const secure = context.app.config.publicUrl.startsWith('https:') ? '; Secure' : '';
    // Readable by script: the page switches without a reload where it can. It says nothing about the person.
    reply.header(
      'set-cookie',
      `${sizeCookie}=${large ? 'large' : ''}; Path=/; Max-Age=${large ? yearSeconds : 0}; SameSite=Lax${secure}`,
    );
    return reply.header('cache-control', 'no-store').redirect(localPath(back), 303);
  });
}

/** Only a path of this site: `//host`, `/\host` and control characters would lead elsewhere. */
export function localPath(back: unknown): string {
  return typeof back === 'string' && /^\/(?![/\\])[\w\-./~?=&%!'()*]*$/.test(back) ? back : '/';
}
