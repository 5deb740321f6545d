import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CachedPage } from './page-cache.ts';

const encoders = {
  br: (body: string) => brotliCompressSync(body, { params: { [zlib.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body: string) => gzipSync(body),
  // UTF-8 made once: at each request it costs as much as all the rest.
  identity: (body: string) => Buffer.from(body),
} as const;
type Encoding = keyof typeof encoders;

/** Too small to be worth a header. */
const worthEncoding = 1_000;

/**
 * Sends a rendered page, compressed where the reader can take it. No secret is ever in a public page, so compression
 * betrays nothing. Browsers and proxies may keep it but must ask each time: a withdrawn page is gone at once.
 */
export function sendPage(request: FastifyRequest, reply: FastifyReply, page: CachedPage): FastifyReply {
  reply
    .header('etag', page.etag)
    .header('cache-control', 'no-cache')
    .header('vary', 'Cookie, Accept-Encoding');
  if (matches(request.headers['if-none-match'], page.etag)) return reply.status(304).send();
  reply.type(page.type);
  const encoding =
    page.body.length < worthEncoding ? 'identity' : acceptedEncoding(request.headers['accept-encoding']);
  let bytes = page.encoded.get(encoding);
  if (!bytes) {
    bytes = encoders[encoding](page.body);
    page.encoded.set(encoding, bytes);
  }
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.send(bytes);
}

/** Weak comparison (RFC 9110 §13.1.2). */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

export function acceptedEncoding(header: string | undefined): Encoding {
  if (!header) return 'identity';
  const accepted = header.split(',').flatMap((part) => {
    const [name, weight] = part.trim().split(/\s*;\s*q=/i);
    return Number(weight ?? 1) > 0 ? [name!.toLowerCase()] : [];
  });
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : 'identity';
}
