/**
 * What one page of a receipt hands to the next, so that every form is answered with the address of a page that can be loaded
 * again: its key, and what is to be said there. Sealed, kept by the browser for half an hour, and sent to the receipt's own
 * pages alone; the key stands in no address, no log and no Referer.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Site } from '../site-frame.ts';
import { receiptPath } from './ask-page.ts';

export const doneWords = {
  added: '已收到您的补充。',
  rated: '谢谢您的评价。',
  reopened: '已收到您的评价，这件留言会重新办理。',
  withdrawn: '已撤回，这件留言不再办理。',
} as const;
export type Done = keyof typeof doneWords;

const Kept = z.object({
  receipt: z.string(),
  code: z.string(),
  /** Just given: the page that shows the code may be loaded again. */
  given: z.object({ dueDay: z.string().nullable() }).optional(),
  done: z.enum(['added', 'rated', 'reopened', 'withdrawn']).optional(),
  /** The key was refused, and why. */
  refused: z.object({ zh: z.string(), en: z.string(), status: z.number().int() }).optional(),
});
export type Kept = z.infer<typeof Kept>;
const Sealed = Kept.extend({ until: z.number() });

const name = 'hs_receipt';
const seconds = 1_800;
const place = (site: Site) => ({
  ...{ bureauId: site.bureauId, table: 'site', row: 'receipt', column: 'cookie' },
});

export function keepReceipt(app: App, site: Site, reply: FastifyReply, kept: Kept): void {
  const clear = JSON.stringify({ ...kept, until: now().getTime() + seconds * 1_000 });
  const sealed = app.sealer.seal(place(site), clear).toString('base64url');
  setCookie(app, reply, `${name}=${sealed}; Path=${receiptPath(site)}; Max-Age=${seconds}; HttpOnly`);
}

export const forgetReceipt = (app: App, site: Site, reply: FastifyReply): void =>
  setCookie(app, reply, `${name}=; Path=${receiptPath(site)}; Max-Age=0; HttpOnly`);

/** Null for none, for one that is too old, and for one that we did not seal. */
export function readKept(app: App, site: Site, request: FastifyRequest): Kept | null {
  const given = /(?:^|;\s*)hs_receipt=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (!given) return null;
  try {
    const clear = app.sealer.open(place(site), Buffer.from(given, 'base64url')).toString();
    const { until, ...kept } = Sealed.parse(JSON.parse(clear));
    return until > now().getTime() ? kept : null;
  } catch {
    return null;
  }
}

/** Set with each form, so that its answer knows whether this browser keeps anything: else it is given the page at once. */
export const offerCookie = (app: App, site: Site, reply: FastifyReply): void =>
  setCookie(app, reply, `hs_keeps=1; Path=${site.base || '/'}; Max-Age=7200; HttpOnly`);

export const keepsCookies = (request: FastifyRequest): boolean =>
  /(?:^|;\s*)hs_keeps=1(?:;|$)/.test(request.headers.cookie ?? '');

/** Beside those that this answer sets already. */
function setCookie(app: App, reply: FastifyReply, cookie: string): void {
  const secure = app.config.publicUrl.startsWith('https:') ? '; Secure' : '';
  reply.header('set-cookie', `${cookie}; SameSite=Lax${secure}`);
}
