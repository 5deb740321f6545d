import type { FastifyReply } from 'fastify';
import { scriptHashes } from './client-script.ts';
import { stylesHash } from './styles.ts';

/** Nothing from elsewhere, nothing inline but our own style sheet and script, by their hashes. */
const pagePolicy = [
  "default-src 'none'",
  "img-src 'self'",
  "media-src 'self'",
  `style-src ${stylesHash}`,
  `script-src ${scriptHashes.join(' ')}`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For what is not a page: should a browser show it as one, nothing in it may run. */
const inertPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

const common = {
  'x-content-type-options': 'nosniff',
  // Same-origin and not none: a form of a page without referrer sends `Origin: null` and would be refused.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const;

const pageHeaders = {
  ...common,
  'content-security-policy': pagePolicy,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const;

const inertHeaders = { ...common, 'content-security-policy': inertPolicy } as const;

export function setPageHeaders(reply: FastifyReply, publicUrl: string): FastifyReply {
  if (publicUrl.startsWith('https:')) reply.header('strict-transport-security', 'max-age=31536000');
  return reply.headers(pageHeaders);
}

export function setInertHeaders(reply: FastifyReply): FastifyReply {
  return reply.headers(inertHeaders);
}
