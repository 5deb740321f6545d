/** How a suggestion ended comes to the public: made ready at once, true to the last end, checked by another person. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import type { PublicationView } from '#shared/publication.ts';
import type { ReviewView } from '#shared/review.ts';
import { type Desk, type Open, openDesk } from '../answers/test-desk.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { listInboxTodo } from '../todo.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
});
afterAll(() => stage?.stop());

async function ask<T>(actor: Actor, method: string, path: string, body?: unknown, status = 200): Promise<T> {
  const reply = await stage.call(actor, method, path, body);
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status });
  return reply.body as T;
}

async function suggested(): Promise<Open> {
  const open = await desk.receiveMessage();
  const given = { kind: 'suggestion', field: null };
  await ask(stage.bureau.agent, 'PUT', `/api/cases/${open.caseId}/class`, given);
  return open;
}

/** Another person agrees to it; the person is told as well, and on the platform that is done. */
async function close({ caseId }: Open, outcome: 'adopted' | 'not-adopted', reason: string): Promise<void> {
  await ask(stage.bureau.agent, 'POST', `/api/cases/${caseId}/close`, { outcome, reason });
  if ((await desk.look({ caseId, conversationId: '' })).closingAsk) {
    const grant = { step: 'decide-closing', grant: true, reason: '' };
    await ask(stage.bureau.administrator, 'POST', `/api/cases/${caseId}/supervise-steps`, grant);
  }
  const replies = await stage.query<{ id: string }>(
    `select id from replies where case_id = '${caseId}' and state = 'due'`,
  );
  for (const { id } of replies) {
    const ref = { bureauId: stage.bureau.id, id };
    await desk.wake(ref);
    await desk.send(ref);
  }
}

const reopen = ({ caseId }: Open) =>
  ask(stage.bureau.agent, 'POST', `/api/cases/${caseId}/dispatch-steps`, {
    step: 'reopen',
    reason: '重新研究',
  });

async function madeOf({ caseId }: Open): Promise<PublicationView> {
  const [row] = await stage.query<{ id: string }>(
    `select id from published_answers where case_id = '${caseId}'`,
  );
  return ask<PublicationView>(stage.bureau.agent, 'GET', `/api/publications/${row!.id}`);
}

const pathOf = ({ id }: { id: string }) => `/api/publications/${id}`;

async function submit(made: PublicationView, status = 200): Promise<ReviewView> {
  const given = { baseRevision: made.revision };
  const { agent, reviewer } = stage.bureau;
  const reply = await ask<{ reviewId: string }>(agent, 'POST', `${pathOf(made)}/submit`, given, status);
  return status === 200
    ? ask<ReviewView>(reviewer, 'GET', `/api/reviews/${reply.reviewId}`)
    : (reply as unknown as ReviewView);
}

const approve = ({ id, stage: current, subjectHash }: ReviewView, status = 200) =>
  ask(
    ...([stage.bureau.reviewer, 'POST', `/api/reviews/${id}/decision`] as const),
    { stage: current, subjectHash, decision: 'approve', note: '' },
    status,
  );

const waitingFor = async (actor: Actor) =>
  (await stage.app.database.withScope(actor, (tx) => listInboxTodo(tx, actor))).rows.filter(
    ({ kind }) => kind === 'publish-outcome',
  );
const noteFor = async (actor: Actor, { id }: { id: string }) =>
  (await waitingFor(actor)).find(({ key }) => key === `outcome:${id}`)?.note.zh;

const publicly = async ({ id }: { id: string }) =>
  (
    await stage.query<{ answer: string; outcome: string | null }>(
      `select p.answer, p.outcome from public_answers p join published_answers a on a.slug = p.slug where a.id = '${id}'`,
    )
  )[0];

test('a suggestion that ended is drafted at once, and waits for whoever handles it', async () => {
  const { agent, section, insuranceId, reviewer } = stage.bureau;
  const open = await suggested();
  await desk.answer(open, '您的建议已经收到，我们会认真研究。');
  const reply = await desk.replyOf(open);
  const review = await ask<ReviewView>(reviewer, 'GET', `/api/reviews/${reply.reviewId}`);
  await approve(review);
  await desk.send({ bureauId: stage.bureau.id, id: reply.id });
  await close(open, 'not-adopted', '经费不足，联系王秀英 13800138000');
  const made = await madeOf(open);
  expect(made).toMatchObject({ state: 'draft', outcome: 'not-adopted', left: [], outcomeNow: null });
  expect(made.answer.split('\n')[0]).toBe('您的建议已经收到，我们会认真研究。');
  expect(made.answer.match(/经费不足/g)).toHaveLength(1);
  expect(made.original.answer.match(/经费不足/g)).toHaveLength(1);
  expect(made.answer).not.toMatch(/13800138000|王秀英/);

  expect(await noteFor(agent, made)).toBe(
    '建议未采纳，请核对草稿后公开；本人没有同意公开原话，请用自己的话概括',
  );
  await stage.query(`update conversations set may_publish = true where id = '${open.conversationId}'`);
  expect(await noteFor(agent, made)).toBe('建议未采纳，请核对草稿后公开');
  await stage.query(`update cases set unit_id = null where id = '${open.caseId}'`);
  expect(await noteFor(section, made)).toBeUndefined();
  await stage.query(`update cases set unit_id = '${insuranceId}' where id = '${open.caseId}'`);
  expect(await noteFor(section, made)).toBeDefined();
  expect(await waitingFor(reviewer)).toEqual([]);
  await submit(made);
  expect(await noteFor(agent, made)).toBeUndefined();
});

test('a draft that nobody is to read is said to be so with the reason, and may be taken up again', async () => {
  const { agent } = stage.bureau;
  const open = await suggested();
  await close(open, 'not-adopted', '与上一件相同');
  const made = await madeOf(open);
  await ask(agent, 'POST', `${pathOf(made)}/decline`, { reason: '与另一件重复' });
  expect(await noteFor(agent, made)).toBeUndefined();
  const declined = await madeOf(open);
  expect(declined).toMatchObject({ state: 'declined', withdrawnReason: '与另一件重复' });
  await submit(declined, 409);
  await ask(agent, 'POST', `${pathOf(made)}/decline`, { reason: '再一次' }, 409);
  const words = { question: '能否延长开放？', answer: declined.answer };
  await ask(agent, 'PUT', pathOf(made), { baseRevision: declined.revision, ...words });
  expect((await madeOf(open)).state).toBe('draft');
});

test('a draft says how the suggestion ended last, in its mark and in its words', async () => {
  const open = await suggested();
  await close(open, 'not-adopted', '经费不足');
  const first = await madeOf(open);
  await reopen(open);
  // While it is open again there is nothing to be said of its end.
  expect(await submit(first, 409)).toMatchObject({ code: 'step-refused' });
  await close(open, 'adopted', '已列入计划');
  const made = await madeOf(open);
  expect(made).toMatchObject({ id: first.id, state: 'draft', outcome: 'adopted' });
  expect(made.answer).toBe('已采纳。理由：已列入计划');
  await submit(first, 409);
  const review = await submit(made);
  expect(review.sections[0]!.html).toContain('<h3>办理结果</h3><p>已采纳</p>');
  await approve(review);
  expect(await publicly(made)).toEqual({ answer: '已采纳。理由：已列入计划', outcome: 'adopted' });
});

test('an end that was being checked is not approved once the suggestion is taken up anew', async () => {
  const open = await suggested();
  await close(open, 'not-adopted', '经费不足');
  const review = await submit(await madeOf(open));
  await reopen(open);
  await approve(review, 409);
  await close(open, 'adopted', '已列入计划');
  const made = await madeOf(open);
  expect(made).toMatchObject({ state: 'draft', outcome: 'adopted', answer: '已采纳。理由：已列入计划' });
  const old = await ask<ReviewView>(stage.bureau.reviewer, 'GET', `/api/reviews/${review.id}`);
  expect(old.state).toBe('voided');
  expect(await publicly(made)).toBeUndefined();
});

test('an end that is public already and holds no longer is told to whoever can take it down', async () => {
  const { agent } = stage.bureau;
  const open = await suggested();
  await close(open, 'not-adopted', '经费不足');
  const first = await madeOf(open);
  await approve(await submit(first));
  expect(await noteFor(agent, first)).toBeUndefined();
  await reopen(open);
  await close(open, 'adopted', '已列入计划');
  expect(await noteFor(agent, first)).toMatch(/^后来改为已采纳，请撤下后修改再公开/);
  const shown = await madeOf(open);
  expect(shown).toMatchObject({ state: 'published', outcome: 'not-adopted', outcomeNow: 'adopted' });
  await ask(agent, 'POST', `${pathOf(shown)}/withdraw`, { reason: '结果已变' });
  const words = { question: shown.question, answer: '已采纳。理由：已列入计划' };
  await ask(agent, 'PUT', pathOf(shown), { baseRevision: shown.revision, ...words });
  const mended = await madeOf(open);
  expect(mended).toMatchObject({ state: 'draft', outcome: 'adopted', outcomeNow: null });
  await approve(await submit(mended));
  expect(await publicly(mended)).toEqual({ answer: words.answer, outcome: 'adopted' });
});
