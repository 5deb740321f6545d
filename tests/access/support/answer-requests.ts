/** Requests about answers: their review, the public ones. */

import * as answers from '#shared/answers.ts';
import * as knowledge from '#shared/knowledge.ts';
import * as publication from '#shared/publication.ts';
import type { Route } from '#shared/route.ts';
import * as services from '#shared/services.ts';
import { handOverReply } from '#shared/tasks.ts';
import { formOf, type MakeRequest } from './make-request.ts';
import type { Things } from './things.ts';

export function answerRequests(things: Things): [Route, MakeRequest][] {
  const none = async () => ({});
  const reason = '权限检查';
  const ofPublication =
    (state: publication.PublicationState, body: unknown): MakeRequest =>
    async () => ({ params: { publicationId: await things.publication(state) }, body });
  const ofCase =
    (body: unknown): MakeRequest =>
    async () => ({ params: { caseId: (await things.question()).caseId }, body });
  const ofService =
    (body: unknown): MakeRequest =>
    async () => ({ params: { serviceId: await things.service() }, body });
  const ofEntry =
    (body: unknown): MakeRequest =>
    async () => ({ params: { entryId: await things.entry() }, body });
  return [
    [handOverReply, async () => ({ params: { replyId: await things.reply('window-closed') } })],
    [answers.takeBackReply, async () => ({ params: { replyId: await things.reply('reviewing') } })],
    [publication.draftPublication, async () => ({ params: { caseId: (await things.answered()).caseId } })],
    [publication.listPublications, none],
    [publication.getPublication, ofPublication('draft', undefined)],
    [
      publication.editPublication,
      ofPublication('draft', { baseRevision: 1, question: '退休在哪办？', answer: '到社保窗口办。' }),
    ],
    [publication.markNobodys, ofPublication('draft', { baseRevision: 1, words: '刘文静', nobodys: false })],
    [publication.submitPublication, ofPublication('draft', { baseRevision: 1 })],
    [publication.takeBackPublication, ofPublication('reviewing', undefined)],
    [publication.declinePublication, ofPublication('draft', { reason })],
    [publication.withdrawPublication, ofPublication('published', { reason })],
    [services.listServices, none],
    [services.createService, async () => ({ body: { name: '社保卡补办' } })],
    [services.saveService, ofService({ baseRevision: 1, content: { name: '社保卡补办' } })],
    [services.moveService, ofService({ state: 'retired' })],
    [knowledge.listKnowledge, none],
    [knowledge.getKnowledge, ofEntry(undefined)],
    [knowledge.createKnowledge, async () => ({ body: { question: '退休在哪办？', answer: '到窗口办。' } })],
    [
      knowledge.createKnowledgeFromAnswer,
      async () => ({ params: { publicationId: await things.publication('published') } }),
    ],
    [
      knowledge.saveKnowledge,
      ofEntry({ baseVersion: 1, content: { question: '退休在哪办？', answer: '到窗口办。' } }),
    ],
    [knowledge.moveKnowledge, ofEntry({ state: 'in-use' })],
    [knowledge.exportKnowledge, async () => ({ query: { template: '1' } })],
    [
      knowledge.importKnowledge,
      async () => ({ form: () => formOf(Buffer.from('问题,答复'), 'text/csv', '知识库.csv') }),
    ],
    [knowledge.suggestAnswers, ofCase(undefined)],
    [knowledge.judgeDraft, ofCase({ text: '可以到窗口办理。' })],
  ];
}
