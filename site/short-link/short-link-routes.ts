import type { FastifyInstance } from 'fastify';
import { findShortLink, pagePath } from '#server/modules/publishing/index.ts';
import { answerTrouble, type SiteContext } from '../site-context.ts';
import { homePath } from '../site-frame.ts';

const tokenPattern = /^[\w-]{4,64}$/;
/** Enough of the token to tell one delivery of a bureau from another (48 bits), short enough to read aloud. */
const markLength = 8;

/** `/s/<token>`: the link every post carries. Leads to the article on this site, marked with where it came from. */
export function shortLinkRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get<{ Params: { token: string } }>('/s/:token', async (request, reply) => {
    const { token } = request.params;
    const target = tokenPattern.test(token)
      ? await context.app.database.withPublic((tx) => findShortLink(tx, token))
      : undefined;
    const site = target && (await context.sites.byBureau(target.bureauId));
    if (!target || !site) {
      return answerTrouble(context, request, reply, 404, {
        title: '这个短链接已失效',
        zh: '链接可能不完整，请回到原文重新点开，或在本站搜索。',
        en: 'This short link leads nowhere. It may be incomplete; open it again from the post, or search here.',
      });
    }
    const path = target.pageSlug ? pagePath(target.pageSlug) : homePath(site);
    // Not for ever: the article may come to the site later, or leave it.
    return reply
      .header('cache-control', 'no-store')
      .redirect(`${path}?from=${token.slice(0, markLength)}`, 302);
  });
}
