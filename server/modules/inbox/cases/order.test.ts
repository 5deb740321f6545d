/** The order of the open cases: what presses stands first. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseRow } from '#shared/inbox.ts';
import { openDesk } from '../answers/test-desk.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
});
afterAll(() => stage?.stop());

test('urgent ones stand first in the list, those that wait for the person last, however urgent', async () => {
  const desk = await openDesk(stage);
  const ids: string[] = [];
  for (const change of [
    `urgency = 'critical', paused_at = now(), due_at = null`,
    `due_at = now() - interval '3 days'`,
    `urgency = 'urgent'`,
    `urgency = 'critical'`,
  ]) {
    const { caseId } = await desk.receiveMessage();
    await stage.query(`update cases set ${change} where id = '${caseId}'`);
    ids.push(caseId);
  }
  const { body } = await stage.call(stage.bureau.agent, 'GET', '/api/cases?state=open');
  expect((body as { rows: CaseRow[] }).rows.map(({ id }) => id)).toEqual(ids.toReversed());
});
