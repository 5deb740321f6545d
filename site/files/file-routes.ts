import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findHeldFile, type HeldParams } from '#server/modules/content/index.ts';
import { findHandedFile, findPublicFile, type HandedParams } from '#server/modules/publishing/index.ts';
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
    setInertHeaders(reply)
      .header('etag', `"${file.sha256}"`)
      .header('cache-control', 'public, max-age=31536000, immutable')
      // Feeds are shown on other sites.
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('content-disposition', disposition(file));
    if (matches(request.headers['if-none-match'], `"${file.sha256}"`)) return reply.status(304).send();
    return sendBytes(context, request, reply, file);
  });
  // What stands beside cases, for the desk, by signed addresses that end within a day.
  server.get<{ Params: HeldParams }>('/files/held/:bureauId/:fileId/:until/:name', async (request, reply) => {
    const file = await findHeldFile(context.app, request.params);
    return sendSigned(context, request, reply, file, 'private, max-age=43200');
  });
  // For the app of a platform, by signed addresses that end soon.
  server.get<{ Params: HandedParams }>(
    '/files/handed/:bureauId/:taskId/:until/:name',
    async (request, reply) => {
      const file = await findHandedFile(context.app, request.params);
      return sendSigned(context, request, reply, file, 'private, no-store');
    },
  );
}

type StoredFile = { sha256: string; mime: string; size: number; name: string };

/** @param file undefined for a false or ended address */
async function sendSigned(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  file: StoredFile | undefined,
  cacheControl: string,
): Promise<unknown> {
  if (!file) return answerTrouble(context, request, reply, 404, notFound);
  setInertHeaders(reply)
    .header('cache-control', cacheControl)
    .header('x-robots-tag', 'noindex')
    .header('content-disposition', disposition(file));
  return sendBytes(context, request, reply, file);
}

async function sendBytes(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  file: StoredFile,
): Promise<FastifyReply> {
  reply.type(file.mime).header('accept-ranges', 'bytes');
  // Pictures are small: unless a stretch is asked for, they are read whole and their hash is checked.
  if (pictures.has(file.mime) && request.headers.range === undefined)
    return reply.send(await context.app.files.get(file.sha256));
  return sendStretch(context, request, reply, file);
}

/** Large files as streams, whole or the stretch that a player asks for. */
function sendStretch(
  { app }: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { sha256, size }: { sha256: string; size: number },
): FastifyReply {
  const ifRange = request.headers['if-range'];
  const asked = ifRange === undefined || ifRange === `"${sha256}"` ? request.headers.range : undefined;
  const range = readRange(asked, size);
  if (range === 'beyond') return reply.status(416).header('content-range', `bytes */${size}`).send();
  const { from, to } = range ?? { from: 0, to: size };
  if (range) reply.status(206).header('content-range', `bytes ${from}-${to - 1}/${size}`);
  reply.header('content-length', to - from);
  return reply.send(app.files.read(sha256, from, to));
}

/** One range of bytes; `to` is exclusive. Several, or what is no range, means the whole file. */
export function readRange(
  header: string | undefined,
  size: number,
): { from: number; to: number } | 'beyond' | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return null;
  if (found[1] === '') {
    const last = Math.min(Number(found[2]), size);
    return last === 0 ? 'beyond' : { from: size - last, to: size };
  }
  const from = Number(found[1]);
  const to = found[2] === '' ? size : Math.min(Number(found[2]) + 1, size);
  if (from >= size) return 'beyond';
  return to <= from ? null : { from, to };
}

export function disposition({ mime, name }: { mime: string; name: string }): string {
  const kind = pictures.has(mime) ? 'inline' : 'attachment';
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename*=UTF-8''${encoded}`;
}
