/** What merging and pausing do to a clock. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import type { CaseView } from '#shared/inbox.ts';
import { recordInbound } from '../intake/record-inbound.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { settleAnswered } from './settle-answered.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

const dayMs = 86_400_000;
async function receive(text: string, daysAgo = 0) {
  const { id: bureauId, accountId } = stage.bureau;
  const from = newId();
  const recorded = await stage.app.database.withWorker((tx) =>
    recordInbound(tx, {
      ...{ bureauId, accountId, kind: 'message', threadKey: from, deliveryId: null, platformId: newId() },
      ...{ person: { key: from, name: '王秀英' }, text, attachment: null },
      ...{ at: new Date(Date.now() - daysAgo * dayMs), window: { ms: 48 * 3_600_000, messages: 5 } },
    }),
  );
  return recorded!;
}
const look = async (caseId: string) =>
  (await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`)).body as CaseView;
const step = (caseId: string, kind: 'dispatch' | 'work', body: object) =>
  stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/${kind}-steps`, body);
const merge = (from: string, into: string) =>
  step(from, 'dispatch', { step: 'merge', into, reason: '同一问题' });

test('who waits longest keeps their deadline in the case that their words are put into, until they are parted', async () => {
  const [old, fresh] = [await receive('投诉公司不缴社保', 20), await receive('投诉公司不缴社保！')];
  const [dueOld, dueFresh] = [(await look(old.caseId)).dueAt!, (await look(fresh.caseId)).dueAt!];
  expect(dueOld < dueFresh).toBe(true);
  expect((await merge(old.caseId, fresh.caseId)).status).toBe(200);
  const whole = await look(fresh.caseId);
  expect(whole.dueAt).toBe(dueOld);
  expect(whole.deadline.steps.length).toBeGreaterThan(0);
  expect((await step(old.caseId, 'dispatch', { step: 'unmerge', reason: '不是一回事' })).status).toBe(200);
  expect((await look(fresh.caseId)).dueAt).toBe(dueFresh);
  expect((await look(old.caseId)).dueAt).toBe(dueOld);
});

test('who waits is not put into a case that is over', async () => {
  const [first, second] = [await receive('社保卡丢了怎么补'), await receive('社保卡掉了怎么办')];
  const close = { reason: '已电话答复' };
  await stage.call(stage.bureau.agent, 'POST', `/api/cases/${first.caseId}/close`, close);
  expect((await look(first.caseId)).state).toBe('closed');
  expect((await merge(second.caseId, first.caseId)).body).toMatchObject({ code: 'step-refused' });
  expect((await look(second.caseId)).state).toBe('open');
});

test.each(['answered', 'closed'])(
  'a case that was late before it was paused is late when it is %s',
  async (end) => {
    const asked = await receive('养老金怎么领', 30);
    const due = (await look(asked.caseId)).dueAt;
    await step(asked.caseId, 'work', { step: 'pause', reason: '等待补充', question: '' });
    expect((await look(asked.caseId)).dueAt).toBeNull();
    if (end === 'closed') {
      const close = { reason: '已电话答复' };
      await stage.call(stage.bureau.agent, 'POST', `/api/cases/${asked.caseId}/close`, close);
    } else {
      const answered = { at: new Date(), actorId: null, detail: {} };
      const where = { bureauId: stage.bureau.id, ...asked };
      await stage.app.database.withWorker((tx) => settleAnswered(tx, where, answered));
    }
    expect(await look(asked.caseId)).toMatchObject({ state: end, dueAt: due });
  },
);
