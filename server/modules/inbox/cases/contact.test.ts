/** Who reads what a person left to be reached by. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { newId } from '#server/base/ids.ts';
import type { CaseRow, CaseView } from '#shared/inbox.ts';
import type { Role } from '#shared/people.ts';
import { openDesk } from '../answers/test-desk.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
let caseId: string;
let labourId: string;
beforeAll(async () => {
  stage = await stageInbox();
  labourId = newId();
  const { id } = stage.bureau;
  await stage.query(
    `insert into units (bureau_id, id, parent_id, kind, level, name, short_name, path)
     values ('${id}', '${labourId}', '${id}', 'section', 'county', '劳动关系股', '劳动关系股', '/${id}/${labourId}/')`,
  );
}, 60_000);
afterAll(() => stage.stop());

/** Somebody came in person; the case is the insurance section's, and nobody's own. */
beforeEach(async () => {
  const { agent, insuranceId } = stage.bureau;
  const entered = await stage.call(agent, 'POST', '/api/cases', {
    ...{
      channel: 'visit',
      text: '来访问养老金怎么领',
      kind: null,
      receivedWall: null,
      number: '',
      mediaIds: [],
    },
    ...{ key: newId(), name: '李建国', phone: '13600003333', address: '云溪镇' },
  });
  expect(entered.status, JSON.stringify(entered.body)).toBe(200);
  caseId = (entered.body as { caseId: string }).caseId;
  await stage.query(`update cases set unit_id = '${insuranceId}', owner_id = null where id = '${caseId}'`);
});

const as = (role: Role, unitId: string, more: Partial<Actor> = {}): Actor => ({
  ...stage.bureau.section,
  ...{ personId: newId(), roles: [role], unitId },
  ...more,
});

/** What is told of the person on the page of the case and in the list; the number is never in the list. */
async function seenBy(actor: Actor) {
  const view = (await stage.call(actor, 'GET', `/api/cases/${caseId}`)).body as CaseView;
  const rows = ((await stage.call(actor, 'GET', '/api/cases')).body as { rows: CaseRow[] }).rows;
  const [conversation] = view.conversations;
  return {
    contact: conversation!.contact?.phone ?? null,
    names: [view.personName, conversation!.personName, rows.find(({ id }) => id === caseId)!.personName],
  };
}

const all = { contact: '13600003333', names: ['李建国', '李建国', '李建国'] };
const nothing = { contact: null, names: [null, null, null] };

describe('name and number of a person are read', () => {
  test('by the section that has the case', async () => {
    expect(await seenBy(stage.bureau.section)).toEqual(all);
  });

  test('by whoever distributes cases', async () => {
    expect(await seenBy(stage.bureau.otherAgent)).toEqual(all);
  });

  test('by its owner, of whatever section', async () => {
    const owner = as('section', labourId);
    expect(await seenBy(owner)).toEqual(nothing);
    await stage.query(`update cases set owner_id = '${owner.personId}' where id = '${caseId}'`);
    expect(await seenBy(owner)).toEqual(all);
  });

  test('on its page by a section that was asked to help, as long as it is', async () => {
    const helper = as('section', labourId);
    const step = (name: string) =>
      stage.call(stage.bureau.agent, 'POST', `/api/cases/${caseId}/dispatch-steps`, {
        ...{ step: name, unitId: labourId, ...(name === 'add-helper' ? { note: '请协助' } : {}) },
      });
    expect((await step('add-helper')).status).toBe(200);
    expect(await seenBy(helper)).toEqual({ contact: '13600003333', names: ['李建国', '李建国', null] });
    expect((await step('remove-helper')).status).toBe(200);
    expect(await seenBy(helper)).toEqual(nothing);
  });

  test.each([
    ['another section', () => as('section', labourId)],
    ['a leader', () => as('leader', stage.bureau.id)],
    ['a leader of the very section, who answers nothing', () => as('leader', stage.bureau.insuranceId)],
    ['an editor', () => as('editor', stage.bureau.insuranceId)],
    ['the administrator', () => stage.bureau.administrator],
    [
      'a token that may read alone, made by an agent',
      () => as('agent', stage.bureau.id, { token: { id: newId(), scopes: ['inbox.read'] } }),
    ],
  ])('not by %s', async (_, actor) => {
    expect(await seenBy(actor())).toEqual(nothing);
  });
});

test('the name that somebody shows on a platform is read by all who read cases', async () => {
  const desk = await openDesk(stage);
  const open = await desk.receiveComment();
  caseId = open.caseId;
  await stage.query(`update conversations set person_name = '读者' where id = '${open.conversationId}'`);
  const { names } = await seenBy(as('editor', labourId));
  expect(names).toEqual(['读者', '读者', '读者']);
});
