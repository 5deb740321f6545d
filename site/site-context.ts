import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '#server/base/app.ts';
import { sha256 } from '#server/base/canonical.ts';
import { nobody, notFound, renderTrouble, type Trouble } from './errors/error-page.ts';
import { type KnownSites, watchSites } from './known-sites.ts';
import { type CachedPage, createPageCache, type PageCache, type Rendered } from './page-cache.ts';
import { setInertHeaders, setPageHeaders } from './security-headers.ts';
import { sendPage } from './send-page.ts';
import type { Frame, Site, View } from './site-frame.ts';

/** What the features of the site share; one a process. */
export type SiteContext = {
  app: App;
  sites: KnownSites;
  cache: PageCache;
  frame(site: Site, request: FastifyRequest): Frame;
};

export const htmlType = 'text/html; charset=utf-8';

export function createSiteContext(app: App): SiteContext {
  const cache = createPageCache({ maxAgeMs: 5_000, graceMs: 60_000, capacity: 12_000_000, etagOf });
  return {
    app,
    cache,
    sites: watchSites(app, cache.invalidate),
    frame: (site, request) => ({ site, publicUrl: app.config.publicUrl, view: readView(request) }),
  };
}

/** Weak: the same page compressed otherwise is the same page. */
function etagOf(body: string): string {
  return `W/"${sha256(body).toString('base64url').slice(0, 22)}"`;
}

export const sizeCookie = 'hs_size';

export function readView(request: FastifyRequest): View {
  return { large: /(?:^|;\s*)hs_size=large(?:;|$)/.test(request.headers.cookie ?? '') };
}

/** Answers from the cache; `load` returns the finished page, `'unchanged'` for the stamp it got, or null for 404. */
export async function answerCached(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  load: (stamp: string | undefined) => Promise<Rendered | 'unchanged' | null>,
): Promise<FastifyReply> {
  const look = readView(request).large ? 'large' : 'standard';
  const page = await context.cache.get(`${look} ${key}`, load);
  if (!page) return answerTrouble(context, request, reply, 404, notFound);
  return sendFinished(context, request, reply, page);
}

/** A page that is not worth keeping: a search, an older list. */
export function answerOnce(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  body: string,
): FastifyReply {
  const page = { bureauId: '', stamp: '', type: htmlType, body, etag: etagOf(body), encoded: new Map() };
  return sendFinished(context, request, reply, page);
}

function sendFinished(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  page: CachedPage,
): FastifyReply {
  if (page.type === htmlType) setPageHeaders(reply, context.app.config.publicUrl);
  else setInertHeaders(reply);
  return sendPage(request, reply, page);
}

/** A friendly page for what went wrong, in the dress of the first bureau; never fails itself. */
export async function answerTrouble(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  trouble: Trouble,
): Promise<FastifyReply> {
  const site = (await context.sites.first().catch(() => undefined)) ?? nobody;
  setPageHeaders(reply, context.app.config.publicUrl).header('cache-control', 'no-store');
  return reply
    .status(status)
    .type(htmlType)
    .send(renderTrouble(context.frame(site, request), trouble));
}
