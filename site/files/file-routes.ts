import type { FastifyInstance } from 'fastify';
import { findPublicFile } from '#server/modules/publishing/index.ts';
import { notFound } from '../errors/error-page.ts';
import { setInertHeaders } from '../security-headers.ts';
import { matches } from '../send-page.ts';
import { answerTrouble, type SiteContext } from '../site-context.ts';

const tokenPattern = /^[\w-]{16,64}$/;
/** All that a browser may show in place; anything else (SVG, PDF, HTML) is only ever saved. */
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** `/files/<token>`: a stored file by its unguessable token. The bytes of a token never change. */
export function fileRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get<{ Params: { token: string } }>('/files/:token', async (request, reply) => {
    const { token } = request.params;
    const file = tokenPattern.test(token)
      ? await context.app.database.withPublic((tx) => findPublicFile(tx, token))
      : undefined;
    if (!file) return answerTrouble(context, request, reply, 404, notFound);
    const bytes = matches(request.headers['if-none-match'], `"${file.sha256}"`)
      ? null
      : await context.app.files.get(file.sha256);
    setInertHeaders(reply)
      .header('etag', `"${file.sha256}"`)
      .header('cache-control', 'public, max-age=31536000, immutable')
      // Feeds are shown on other sites.
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('content-disposition', disposition(file));
    if (!bytes) return reply.status(304).send();
    return reply.type(file.mime).send(bytes);
  });
}

export function disposition({ mime, name }: { mime: string; name: string }): string {
  const kind = pictures.has(mime) ? 'inline' : 'attachment';
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename*=UTF-8''${encoded}`;
}
