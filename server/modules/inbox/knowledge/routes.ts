import { type RouteSet, serve, servePrepared } from '#server/base/http/serve.ts';
import { readUpload } from '#server/base/http/upload.ts';
import { readSheet } from '#server/base/sheets.ts';
import {
  createKnowledge,
  createKnowledgeFromAnswer,
  exportKnowledge,
  getKnowledge,
  importKnowledge,
  judgeDraft,
  listKnowledge,
  moveKnowledge,
  saveKnowledge,
  suggestAnswers,
} from '#shared/knowledge.ts';
import { createKnowledgeIn, knowledgeFromAnswerIn, moveKnowledgeIn, saveKnowledgeIn } from './change.ts';
import { exportKnowledgeIn, importKnowledgeIn } from './exchange.ts';
import { judgeDraftOf, suggestFor } from './suggest.ts';
import { listKnowledgeViews, viewKnowledge } from './view.ts';

export function knowledgeRoutes(): RouteSet {
  return [
    serve(listKnowledge, ({ tx, actor, query }) => listKnowledgeViews(tx, actor, query)),
    serve(getKnowledge, ({ tx, actor, params }) => viewKnowledge(tx, actor, params.entryId)),
    serve(createKnowledge, ({ app, tx, actor, body }) => createKnowledgeIn(app, tx, actor, body)),
    serve(createKnowledgeFromAnswer, ({ app, tx, actor, params }) =>
      knowledgeFromAnswerIn(app, tx, actor, params.publicationId),
    ),
    serve(saveKnowledge, ({ app, tx, actor, params, body }) =>
      saveKnowledgeIn(app, tx, actor, params.entryId, body),
    ),
    serve(moveKnowledge, async ({ app, tx, actor, params, body }) => {
      await moveKnowledgeIn(app, tx, actor, params.entryId, body.state);
      return { ok: true } as const;
    }),
    serve(exportKnowledge, ({ tx, actor, query }) => exportKnowledgeIn(tx, actor, query.template === '1')),
    servePrepared(
      importKnowledge,
      async ({ request }) => readSheet((await readUpload(request)).bytes),
      ({ app, tx, actor, prepared }) => importKnowledgeIn(app, tx, actor, prepared),
    ),
    serve(suggestAnswers, async ({ tx, actor, params }) => ({
      rows: await suggestFor(tx, actor, params.caseId),
    })),
    serve(judgeDraft, ({ tx, actor, params, body }) => judgeDraftOf(tx, actor, params.caseId, body.text)),
  ];
}
