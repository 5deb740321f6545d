import { AppError } from '#server/base/app-error.ts';
import { type RouteSet, serve, servePrepared } from '#server/base/http/serve.ts';
import { readUpload } from '#server/base/http/upload.ts';
import { readSheet } from '#server/base/sheets.ts';
import { listHeldFiles, readSentFile } from '#server/modules/content/index.ts';
import { answerCase, decideReply, takeBackReply } from '#shared/answers.ts';
import { getCaseFigures } from '#shared/case-figures.ts';
import {
  addCaseNote,
  answerCases,
  closeCase,
  dispatchCase,
  dispatchCases,
  passCase,
  superviseCase,
  workOnCase,
} from '#shared/case-steps.ts';
import { checkComment, decideCommentCheck, listCommentChecks } from '#shared/comment-checks.ts';
import { getCommentSwitch, setCommentSwitch } from '#shared/comment-switches.ts';
import { assignCase, classifyCase, getCase, listCases } from '#shared/inbox.ts';
import { importCases, takeInCase, uploadCaseFile } from '#shared/inbox-intake.ts';
import { getInboxSettings, putInboxSettings } from '#shared/inbox-settings.ts';
import { getSortingReport } from '#shared/insight.ts';
import { handOverReply } from '#shared/tasks.ts';
import { answerCaseIn } from './answers/answer-case.ts';
import { decideReplyIn } from './answers/decide-reply.ts';
import { handOverReplyIn } from './answers/reply-by-hand.ts';
import { takeBackReplyIn } from './answers/take-back.ts';
import { addNoteIn } from './cases/add-note.ts';
import { answerCasesIn, dispatchCasesIn } from './cases/bulk.ts';
import { assignCaseIn, classifyCaseIn, passCaseIn } from './cases/change-case.ts';
import { findExactly } from './cases/exact-search-store.ts';
import {
  type CasePlace,
  countOpenCases,
  countToCallBack,
  listCaseRows,
  readVisibleAfter,
} from './cases/read-store.ts';
import { changeHelpersIn, takeStepIn } from './cases/take-step.ts';
import { viewCaseRows } from './cases/view.ts';
import { viewCase } from './cases/view-case.ts';
import { viewFigures } from './cases/view-figures.ts';
import { importTransfersIn, takeInCaseIn } from './intake/import-transfers.ts';
import { knowledgeRoutes } from './knowledge/routes.ts';
import { checkCommentIn, decideCheckIn } from './moderation/moderate.ts';
import { switchCommentsIn, viewSwitch } from './moderation/switch-comments.ts';
import { viewChecks } from './moderation/view.ts';
import { publicationRoutes } from './publication/routes.ts';
import { changeSettingsIn } from './settings/change-settings.ts';
import { loadSettings } from './settings/store.ts';
import { viewSortingReport } from './sorting/view-report.ts';

const page = 50;
const done = { ok: true } as const;

export function inboxRoutes(): RouteSet {
  return [
    serve(listCases, async ({ app, tx, actor, query }) => {
      const { state, mine, overdue, triage, spam, callBack, field, kind, urgency, channel, unitId } = query;
      const ownerId = mine ? actor.personId : undefined;
      const search = query.search?.trim() || undefined;
      const flags = {
        overdue: overdue === '1',
        triage: triage === '1',
        spam: spam === '1',
        callBack: callBack === '1',
      };
      const exactly = search === undefined ? [] : await findExactly(app, tx, actor, search);
      const filter = {
        ...{ state, ownerId, unitId, field, kind, urgency, channel, search, exactly },
        ...flags,
      };
      const after = query.cursor === undefined ? null : readCursor(query.cursor);
      const rows = await listCaseRows(tx, actor.bureauId, filter, after, page);
      const last = rows.length === page ? rows.at(-1) : undefined;
      return {
        rows: await viewCaseRows(tx, actor, rows),
        next: last ? writeCursor(last) : null,
        ...(await countOpenCases(tx, actor.bureauId, ownerId)),
        callBack: callBack ? await countToCallBack(tx, actor.bureauId) : null,
        visibleAfter: await readVisibleAfter(tx, actor.bureauId),
      };
    }),
    serve(getCaseFigures, ({ tx, actor }) => viewFigures(tx, actor.bureauId)),
    serve(getCase, ({ app, tx, actor, params }) => viewCase(app, tx, actor, params.caseId)),
    serve(classifyCase, async ({ app, tx, actor, params, body }) => {
      await classifyCaseIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(assignCase, async ({ app, tx, actor, params, body }) => {
      await assignCaseIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(passCase, async ({ app, tx, actor, params, body }) => {
      await passCaseIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(answerCase, ({ app, tx, actor, params, body }) =>
      answerCaseIn(app, tx, actor, params.caseId, body),
    ),
    serve(decideReply, async ({ app, tx, actor, params, body }) => {
      await decideReplyIn(app, tx, actor, params.replyId, body);
      return done;
    }),
    serve(takeBackReply, async ({ app, tx, actor, params }) => {
      await takeBackReplyIn(app, tx, actor, params.replyId);
      return done;
    }),
    serve(handOverReply, async ({ app, tx, actor, params }) => {
      await handOverReplyIn(app, tx, actor, params.replyId);
      return done;
    }),
    serve(closeCase, async ({ app, tx, actor, params, body }) => {
      await takeStepIn(app, tx, actor, params.caseId, { step: 'close', ...body });
      return done;
    }),
    serve(workOnCase, async ({ app, tx, actor, params, body }) => {
      await takeStepIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(dispatchCase, async ({ app, tx, actor, params, body }) => {
      if (body.step === 'add-helper' || body.step === 'remove-helper')
        await changeHelpersIn(app, tx, actor, params.caseId, body);
      else await takeStepIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(superviseCase, async ({ app, tx, actor, params, body }) => {
      await takeStepIn(app, tx, actor, params.caseId, body);
      return done;
    }),
    serve(addCaseNote, ({ app, tx, actor, params, body }) => addNoteIn(app, tx, actor, params.caseId, body)),
    serve(answerCases, ({ app, tx, actor, body }) => answerCasesIn(app, tx, actor, body)),
    serve(dispatchCases, ({ app, tx, actor, body }) => dispatchCasesIn(app, tx, actor, body)),
    serve(takeInCase, ({ app, tx, actor, body }) => takeInCaseIn(app, tx, actor, body)),
    servePrepared(
      importCases,
      async ({ request }) => readSheet((await readUpload(request)).bytes),
      ({ app, tx, actor, prepared }) => importTransfersIn(app, tx, actor, prepared),
    ),
    servePrepared(
      uploadCaseFile,
      async ({ app, request }) => {
        const { bytes, name } = await readUpload(request);
        return { keep: await readSentFile(app, bytes), name };
      },
      async ({ app, tx, actor: { bureauId, personId }, prepared: { keep, name } }) => {
        const { id } = await keep(tx, { bureauId, personId, name });
        return (await listHeldFiles(app, tx, bureauId, [id])).get(id)!;
      },
    ),
    serve(listCommentChecks, ({ tx, actor, query }) => viewChecks(tx, actor.bureauId, query)),
    serve(checkComment, ({ app, tx, actor, params, body }) =>
      checkCommentIn(app, tx, actor, params.conversationId, body),
    ),
    serve(getCommentSwitch, ({ tx, actor, params }) => viewSwitch(tx, actor.bureauId, params.deliveryId)),
    serve(setCommentSwitch, async ({ app, tx, actor, params, body }) => {
      await switchCommentsIn(app, tx, actor, params.deliveryId, body);
      return done;
    }),
    serve(decideCommentCheck, async ({ app, tx, actor, params, body }) => {
      await decideCheckIn(app, tx, actor, params.checkId, body);
      return done;
    }),
    ...publicationRoutes(),
    ...knowledgeRoutes(),
    serve(getInboxSettings, ({ tx, actor }) => loadSettings(tx, actor.bureauId)),
    serve(getSortingReport, ({ tx, actor }) => viewSortingReport(tx, actor.bureauId)),
    serve(putInboxSettings, ({ app, tx, actor, body }) => changeSettingsIn(app, tx, actor, body)),
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
