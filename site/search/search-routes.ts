import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Tx } from '#server/base/database.ts';
import { searchAnswers } from '#server/modules/inbox/index.ts';
import { searchPages } from '#server/modules/publishing/index.ts';
import { notFound } from '../errors/error-page.ts';
import { answerOnce, answerTrouble, type SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { answersShown, type Found, foundLimit, renderSearch } from './search-page.ts';

export function searchRoutes(server: FastifyInstance, context: SiteContext): void {
  server.get('/search', async (request, reply) =>
    answer(context, request, reply, await context.sites.first()),
  );
  server.get<{ Params: { bureau: string } }>('/b/:bureau/search', async (request, reply) =>
    answer(context, request, reply, await context.sites.bySlug(request.params.bureau)),
  );
}

async function answer(
  context: SiteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site | undefined,
): Promise<FastifyReply> {
  if (!site) return answerTrouble(context, request, reply, 404, notFound);
  const asked = (request.query as { q?: unknown }).q;
  // NUL is the one character PostgreSQL can't take.
  const query =
    typeof asked === 'string' ? asked.replaceAll('\0', '').trim().slice(0, 100).toWellFormed() : '';
  const found = await context.app.database.withPublic((tx) => search(tx, site.bureauId, query));
  return answerOnce(context, request, reply, renderSearch(context.frame(site, request), query, found));
}

async function search(tx: Tx, bureauId: string, query: string): Promise<Found> {
  const pages = query ? await searchPages(tx, bureauId, query, foundLimit) : [];
  const answers = query ? await searchAnswers(tx, bureauId, query, { limit: answersShown + 1 }) : [];
  const nothing = pages.length + answers.length === 0;
  return { pages, answers, examples: nothing ? await findExamples(tx, bureauId) : [] };
}

/** What people look for most; a word is shown only where it finds something. */
const commonWords = ['社保卡', '退休', '失业金', '工伤', '技能培训', '就业'];
const examplesShown = 3;

async function findExamples(tx: Tx, bureauId: string): Promise<string[]> {
  const found: string[] = [];
  for (const word of commonWords) {
    if (found.length === examplesShown) break;
    const hit =
      (await searchAnswers(tx, bureauId, word, { limit: 1 })).length > 0 ||
      (await searchPages(tx, bureauId, word, 1)).length > 0;
    if (hit) found.push(word);
  }
  return found;
}
