/** The requests of the inbox's routes; see requests.ts. */

import * as answers from '#shared/answers.ts';
import { getCaseFigures } from '#shared/case-figures.ts';
import * as steps from '#shared/case-steps.ts';
import * as checks from '#shared/comment-checks.ts';
import * as switches from '#shared/comment-switches.ts';
import * as inbox from '#shared/inbox.ts';
import * as intake from '#shared/inbox-intake.ts';
import * as inboxSettings from '#shared/inbox-settings.ts';
import type { Route } from '#shared/route.ts';
import { formOf, type MakeRequest } from './make-request.ts';
import { marker } from './marker.ts';
import type { Input } from './send.ts';
import { type AccessStage, personOf } from './stage.ts';
import type { Things } from './things.ts';

let count = 0;

export async function inboxRequests(
  stage: AccessStage,
  things: Things,
  picture: Uint8Array,
): Promise<readonly (readonly [Route, MakeRequest])[]> {
  const unitId = stage.home.id;
  const reason = '权限检查';
  const none = async (): Promise<Input> => ({});
  const ofCase =
    (body: (made: { caseId: string; conversationId: string }) => unknown): MakeRequest =>
    async () => {
      const made = await things.question();
      return { params: { caseId: made.caseId }, body: body(made) };
    };
  return [
    [inbox.listCases, none],
    [getCaseFigures, none],
    [inbox.getCase, ofCase(() => undefined)],
    [inbox.classifyCase, ofCase(() => ({ kind: 'help', field: '社会保险' }))],
    [inbox.assignCase, ofCase(() => ({ unitId, ownerId: personOf(stage.home, 'agent').id }))],
    [steps.passCase, ofCase(() => ({ ownerId: personOf(stage.home, 'section').id }))],
    [answers.answerCase, ofCase(({ conversationId }) => ({ conversationId, text: '可以到窗口办理。' }))],
    [
      answers.decideReply,
      async () => ({
        params: { replyId: await things.reply() },
        body: { verdict: 'did-not-cancel', evidence: '看过了，没有' },
      }),
    ],
    [steps.closeCase, ofCase(() => ({ reason }))],
    [steps.workOnCase, ofCase(() => ({ step: 'pause', reason }))],
    [steps.dispatchCase, ofCase(() => ({ step: 'set-urgency', urgency: 'urgent', reason }))],
    [steps.superviseCase, ofCase(() => ({ step: 'supervise', note: reason }))],
    [steps.addCaseNote, ofCase(() => ({ text: reason }))],
    [
      steps.answerCases,
      async () => ({ body: { caseIds: [(await things.question()).caseId], text: '可以到窗口办理。' } }),
    ],
    [
      steps.dispatchCases,
      async () => {
        const { caseId } = await things.question();
        return { body: { caseIds: [caseId], do: { step: 'assign', unitId, ownerId: null } } };
      },
    ],
    [
      intake.takeInCase,
      async () => ({ body: { channel: 'visit', text: `${marker}来访：社保卡丢了怎么补办` } }),
    ],
    [
      intake.importCases,
      async () => ({
        form: () =>
          formOf(
            Buffer.from(`工单编号,来件时间,诉求内容\nGD${++count},2026-11-20 09:00,社保卡在哪里补办`),
            'text/csv',
            '转办.csv',
          ),
      }),
    ],
    [intake.uploadCaseFile, async () => ({ form: () => formOf(picture, 'image/jpeg', '图.jpg') })],
    [checks.listCommentChecks, none],
    [
      checks.checkComment,
      async () => ({
        params: { conversationId: (await things.comment()).conversationId },
        body: { action: null, reason },
      }),
    ],
    [
      checks.decideCommentCheck,
      async () => ({
        params: { checkId: (await things.comment()).checkId },
        body: { verdict: { kind: 'keep' }, reason },
      }),
    ],
    [switches.getCommentSwitch, async () => ({ params: { deliveryId: await things.commented() } })],
    [
      switches.setCommentSwitch,
      async () => ({ params: { deliveryId: await things.commented() }, body: { open: false, reason } }),
    ],
    [inboxSettings.getInboxSettings, none],
    [
      inboxSettings.putInboxSettings,
      async (who) => {
        const { revision, settings } = await who.client.call(inboxSettings.getInboxSettings, {});
        return { body: { baseRevision: revision, settings } };
      },
    ],
  ];
}
