import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve } from '#server/base/http/serve.ts';
import {
  answerCase,
  assignCase,
  classifyCase,
  closeCase,
  decideReply,
  getCase,
  listCases,
} from '#shared/inbox.ts';
import { answerCaseIn } from './answers/answer-case.ts';
import { decideReplyIn } from './answers/decide-reply.ts';
import { assignCaseIn, classifyCaseIn, closeCaseIn } from './cases/change-case.ts';
import { type CasePlace, countOpenCases, listCaseRows } from './cases/read-store.ts';
import { viewCase, viewCaseRows } from './cases/view.ts';

const page = 50;
const done = { ok: true } as const;

export function inboxRoutes(): RouteSet {
  return [
    serve(listCases, async ({ tx, actor, query }) => {
      const ownerId = query.mine ? actor.personId : undefined;
      const search = query.search?.trim() || undefined;
      const filter = { state: query.state, ownerId, search };
      const after = query.cursor === undefined ? null : readCursor(query.cursor);
      const rows = await listCaseRows(tx, actor.bureauId, filter, after, page);
      const last = rows.length === page ? rows.at(-1) : undefined;
      return {
        rows: await viewCaseRows(tx, actor.bureauId, rows),
        next: last ? writeCursor(last) : null,
        ...(await countOpenCases(tx, actor.bureauId, ownerId)),
      };
    }),
    serve(getCase, ({ tx, actor, params }) => viewCase(tx, actor.bureauId, params.caseId)),
    serve(classifyCase, async ({ app, tx, actor, params, body }) => {
      await classifyCaseIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(assignCase, async ({ app, tx, actor, params, body }) => {
      await assignCaseIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(answerCase, ({ app, tx, actor, params, body }) =>
      answerCaseIn(app, tx, actor, params.caseId, body),
    ),
    serve(decideReply, async ({ app, tx, actor, params, body }) => {
      await decideReplyIn(app, tx, actor, params.replyId, body);
      return done;
    }),
    serve(closeCase, async ({ app, tx, actor, params, body }) => {
      await closeCaseIn(app, tx, actor, params.caseId, body.reason);
      return done;
    }),
  ];
}

const writeCursor = ({ key, id }: CasePlace): string => `${key}_${id}`;

/** @throws {AppError} input-invalid */
function readCursor(cursor: string): CasePlace {
  const match = /^(-?\d+(?:\.\d+)?(?:e\+?\d+)?)_([0-9a-f-]{36})$/.exec(cursor);
  if (!match)
    throw new AppError('input-invalid', { problem: '翻页标记不对 / not a cursor', where: 'cursor' });
  return { key: Number(match[1]), id: match[2]! };
}
