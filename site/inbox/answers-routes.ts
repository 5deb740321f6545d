import type { FastifyInstance } from 'fastify';
import type { Tx } from '#server/base/database.ts';
import {
  answerPath,
  countAnswersByField,
  findMatchingAnswers,
  findPublicAnswer,
  listPublicAnswers,
  searchAnswers,
  voteOnAnswer,
} from '#server/modules/inbox/index.ts';
import { CaseKind } from '#shared/inbox.ts';
import { notFound } from '../errors/error-page.ts';
import { answerCached, answerOnce, answerTrouble, htmlType, type SiteContext } from '../site-context.ts';
import type { Site } from '../site-frame.ts';
import { readAnswerCursor, renderAnswer, renderAnswers } from './answers-page.ts';
import { onEverySite } from './bureau-routes.ts';
import { readForm } from './form-body.ts';

const pageLength = 20;
const nearShown = 5;
const slugPattern = /^\d{8}-[0-9A-HJKMNP-TV-Z]{8}$/;

export function answersRoutes(server: FastifyInstance, context: SiteContext): void {
  const { app } = context;
  onEverySite(server, context, 'GET', '/answers', async ({ site, request, reply }) => {
    const asked = readQuery(request.query);
    const body = await app.database.withPublic(async (tx) => {
      const fields = await countAnswersByField(tx, site.bureauId);
      const chosen = { field: asked.field, kind: asked.kind, query: asked.query };
      const frame = context.frame(site, request);
      if (asked.query) {
        const { answers, found } = await search(tx, site, asked.query, asked.page);
        return renderAnswers(frame, { answers, fields, chosen, next: null, found });
      }
      const options = { ...asked, limit: pageLength + 1, before: readAnswerCursor(asked.before) };
      const rows = await listPublicAnswers(tx, site.bureauId, options);
      const answers = rows.slice(0, pageLength);
      const next = rows.length > pageLength ? answers.at(-1)! : null;
      return renderAnswers(frame, { answers, fields, chosen, next });
    });
    return answerOnce(context, request, reply, body);
  });

  onEverySite(server, context, 'GET', '/answers/:slug', async ({ site, request, reply }) => {
    const slug = (request.params as { slug: string }).slug.toUpperCase();
    if (!slugPattern.test(slug)) return answerTrouble(context, request, reply, 404, notFound);
    // The site is in the key: what one bureau's address shows is no answer for another's.
    return answerCached(context, request, reply, `answer ${site.slug} ${slug}`, async (known) => {
      const answer = await app.database.withPublic((tx) => findPublicAnswer(tx, slug));
      if (!answer || answer.bureauId !== site.bureauId) return null;
      const stamp = [answer.updatedAt.getTime(), site.name, site.demonstration].join(' ');
      if (stamp === known) return 'unchanged';
      const body = renderAnswer(context.frame(site, request), answer);
      return { bureauId: site.bureauId, stamp, type: htmlType, body };
    });
  });

  onEverySite(server, context, 'POST', '/answers/:slug/vote', async ({ site, request, reply }) => {
    const slug = (request.params as { slug: string }).slug.toUpperCase();
    if (!slugPattern.test(slug)) return answerTrouble(context, request, reply, 404, notFound);
    const helpful = readForm(request).text('helpful', 3) === 'yes';
    await voteOnAnswer(app, { bureauId: site.bureauId, slug, helpful, from: request.ip });
    return reply.header('cache-control', 'no-store').redirect(`${answerPath(site, slug)}?thanks`, 303);
  });
}

/** By the words as they stand; a whole question that stands nowhere so finds what is like it. */
async function search(tx: Tx, site: Site, query: string, page: number) {
  const offset = (page - 1) * pageLength;
  const rows = await searchAnswers(tx, site.bureauId, query, { limit: pageLength + 1, offset });
  if (rows.length > 0 || page > 1)
    return {
      answers: rows.slice(0, pageLength),
      found: { page, more: rows.length > pageLength, near: false },
    };
  const near = await findMatchingAnswers(tx, site.bureauId, query, nearShown);
  return { answers: near, found: { page: 1, more: false, near: near.length > 0 } };
}

function readQuery(query: unknown) {
  const { q, field, kind, before, page } = query as Record<string, unknown>;
  const word = (value: unknown, longest: number) =>
    typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, longest).toWellFormed() : '';
  return {
    query: word(q, 100),
    field: word(field, 20) || undefined,
    kind: CaseKind.safeParse(kind).data,
    before: word(before, 60) || undefined,
    // Beyond it nobody turns the pages.
    page: /^[1-9]\d{0,2}$/.test(word(page, 4)) ? Number(page) : 1,
  };
}
