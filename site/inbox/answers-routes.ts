import type { FastifyInstance } from 'fastify';
import {
  countAnswersByField,
  findMatchingAnswers,
  findPublicAnswer,
  listPublicAnswers,
  voteOnAnswer,
} from '#server/modules/inbox/index.ts';
import { CaseKind } from '#shared/inbox.ts';
import { notFound } from '../errors/error-page.ts';
import { answerCached, answerOnce, answerTrouble, htmlType, type SiteContext } from '../site-context.ts';
import { answerPath, readAnswerCursor, renderAnswer, renderAnswers } from './answers-page.ts';
import { onEverySite } from './bureau-routes.ts';
import { readForm } from './form-body.ts';

const pageLength = 20;
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
        const answers = await findMatchingAnswers(tx, site.bureauId, asked.query, pageLength);
        return renderAnswers(frame, { answers, fields, chosen, next: null });
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
    return answerCached(context, request, reply, `answer ${slug}`, async (known) => {
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
    await voteOnAnswer(app, { slug, helpful, from: request.ip });
    return reply.header('cache-control', 'no-store').redirect(`${answerPath(site, slug)}?thanks`, 303);
  });
}

function readQuery(query: unknown) {
  const { q, field, kind, before } = query as Record<string, unknown>;
  const word = (value: unknown, longest: number) =>
    typeof value === 'string' ? value.replaceAll('\0', '').trim().slice(0, longest).toWellFormed() : '';
  return {
    query: word(q, 100),
    field: word(field, 20) || undefined,
    kind: CaseKind.safeParse(kind).data,
    before: word(before, 60) || undefined,
  };
}
