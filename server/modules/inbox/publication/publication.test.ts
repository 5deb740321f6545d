/** From an answer that a second person approves to a question and answer that everybody may read, on a real database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/base/actor.ts';
import { listReviewTodo } from '#server/modules/review/index.ts';
import type { CaseView } from '#shared/inbox.ts';
import type { PublicationView } from '#shared/publication.ts';
import type { ReviewRow, ReviewView } from '#shared/review.ts';
import { replySubject } from '../answers/reply-subject.ts';
import { type Desk, type Open, openDesk } from '../answers/test-desk.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
});
afterAll(() => stage?.stop());

const secret = '我叫王秀英，身份证号110101199003074514，电话13800138000';

async function ask<T>(actor: Actor, method: string, path: string, body?: unknown, status = 200): Promise<T> {
  const reply = await stage.call(actor, method, path, body);
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status });
  return reply.body as T;
}

const reviewOf = (id: string) => ask<ReviewView>(stage.bureau.reviewer, 'GET', `/api/reviews/${id}`);

async function decide(reviewId: string, decision: 'approve' | 'return', note = '') {
  const { stage: current, subjectHash } = await reviewOf(reviewId);
  const body = { stage: current, subjectHash, decision, note };
  return ask<{ state: string }>(stage.bureau.reviewer, 'POST', `/api/reviews/${reviewId}/decision`, body);
}

async function complaint(): Promise<Open> {
  const open = await desk.receiveMessage();
  await ask(stage.bureau.agent, 'PUT', `/api/cases/${open.caseId}/class`, { kind: 'complaint', field: null });
  return open;
}

async function answered(text: string): Promise<Open> {
  const open = await desk.receiveMessage();
  await desk.send(await desk.answer(open, text));
  return open;
}

async function draft(open: Open): Promise<PublicationView> {
  const path = `/api/cases/${open.caseId}/publication`;
  const { publicationId } = await ask<{ publicationId: string }>(stage.bureau.agent, 'POST', path);
  return ask<PublicationView>(stage.bureau.agent, 'GET', `/api/publications/${publicationId}`);
}

describe('the answer to a complaint', () => {
  test('waits for a second person, and goes out once they approve', async () => {
    const open = await complaint();
    const ref = await desk.answer(open, `您好，已到现场核实。${secret}`);
    const waiting = await desk.replyOf(open);
    expect(waiting).toMatchObject({ state: 'reviewing' });
    // Waking it up by force sends nothing: it is not due.
    await desk.wake(ref);
    await desk.send(ref);
    expect(desk.taken('message.sent', waiting.text)).toBe(0);

    const review = await reviewOf(waiting.reviewId!);
    expect(review.title).not.toContain('王秀英');
    expect(review.problems.map(({ zh }) => zh).join()).toContain('13800138000');
    const own = await stage.call(
      { ...stage.bureau.agent, roles: ['agent', 'reviewer-first'] },
      'POST',
      `/api/reviews/${review.id}/decision`,
      { stage: review.stage, subjectHash: review.subjectHash, decision: 'approve' },
    );
    expect(own).toMatchObject({ status: 403, body: { code: 'review-own-work' } });
    expect(await decide(review.id, 'approve')).toEqual({ state: 'approved' });
    await desk.send(ref);
    expect(desk.taken('message.sent', waiting.text)).toBe(1);
    expect(await desk.look(open)).toMatchObject({ state: 'answered' });
  });

  test('comes back with the remark, or is taken back to be changed; either way nothing was sent', async () => {
    const open = await complaint();
    await desk.answer(open, '已处理。');
    const first = await desk.replyOf(open);
    await decide(first.reviewId!, 'return', '请写明处理结果');
    expect((await desk.replyOf(open)).reason?.zh).toContain('请写明处理结果');

    const second = await desk.answer(open, '已责令支付，工资今天到账。');
    await ask(stage.bureau.agent, 'POST', `/api/replies/${second.id}/take-back`);
    const taken = await desk.replyOf(open);
    expect(taken.state).toBe('cancelled');
    expect(await reviewOf(taken.reviewId!)).toMatchObject({ state: 'voided' });
    await ask(stage.bureau.agent, 'POST', `/api/replies/${second.id}/take-back`, undefined, 409);
    await desk.answer(open, '已责令支付，工资明天到账。');
    expect((await desk.replyOf(open)).state).toBe('reviewing');
  });

  test('is to be read before the deadline of its case, and presses nobody once it is decided', async () => {
    const open = await complaint();
    await desk.answer(open, '已责令支付，工资后天到账。');
    const { reviewId } = await desk.replyOf(open);
    const [row] = await stage.query<{ due: Date }>(
      `select due_at as due from cases where id = '${open.caseId}'`,
    );
    const due = row!.due.toISOString();
    const listed = async () =>
      (await ask<ReviewRow[]>(stage.bureau.reviewer, 'GET', '/api/reviews')).find(
        ({ id }) => id === reviewId,
      );
    expect([(await listed())?.answerDueAt, (await reviewOf(reviewId!)).answerDueAt]).toEqual([due, due]);
    const todo = await stage.app.database.withScope(stage.bureau.reviewer, (tx) =>
      listReviewTodo(tx, stage.bureau.reviewer, new Map([[replySubject.kind, replySubject]])),
    );
    expect(todo.find(({ key }) => key === `review:${reviewId}`)).toMatchObject({
      dueAt: due,
      overdue: false,
    });
    await decide(reviewId!, 'approve');
    expect((await listed())?.answerDueAt).toBeNull();
  });

  test('keeps its words: the database refuses another text under the same approval', async () => {
    const open = await complaint();
    const ref = await desk.answer(open);
    await expect(stage.query(`update replies set text = '别的话' where id = '${ref.id}'`)).rejects.toThrow(
      'never changed',
    );
  });
});

describe('an answer for everybody', () => {
  test('is drafted with personal data masked, checked by another person, and comes down with a reason', async () => {
    const open = await answered(`${secret}，请带身份证到青川县人社局窗口办理。`);
    const made = await draft(open);
    expect(made).toMatchObject({ state: 'draft', consent: false, left: [] });
    for (const word of ['王秀英', '110101199003074514', '13800138000']) {
      expect(made.answer).not.toContain(word);
      expect(made.original.answer).toContain(word);
    }
    expect(made.answer).toContain('青川县人社局');
    expect(made.masked.map(({ words }) => words)).toContain('13800138000');
    expect((await draft(open)).id).toBe(made.id);

    const path = `/api/publications/${made.id}`;
    const words = { question: '养老金怎么领取？', answer: '请带身份证到青川县人社局窗口办理。' };
    await ask(stage.bureau.agent, 'PUT', path, { baseRevision: made.revision, ...words });
    await ask(stage.bureau.agent, 'PUT', path, { baseRevision: made.revision, ...words }, 409);
    const { reviewId } = await ask<{ reviewId: string }>(stage.bureau.agent, 'POST', `${path}/submit`, {
      baseRevision: made.revision + 1,
    });
    expect(await publicWords(made.id)).toBeUndefined();
    await decide(reviewId, 'approve');
    expect(await publicWords(made.id)).toEqual(words);

    await ask(stage.bureau.agent, 'PUT', path, { baseRevision: made.revision + 1, ...words }, 409);
    await ask(stage.bureau.agent, 'POST', `${path}/withdraw`, { reason: '政策有变' });
    expect(await publicWords(made.id)).toBeUndefined();
    const down = await ask<PublicationView>(stage.bureau.agent, 'GET', path);
    expect(down).toMatchObject({ state: 'withdrawn', withdrawnReason: '政策有变' });
  });

  test('hides in the answer the name that the question told', async () => {
    const open = await answered('王秀英您好，请到窗口办理。');
    await stage.query(
      `insert into messages (bureau_id, id, conversation_id, account_id, direction, platform_id, text, at)
       select bureau_id, gen_random_uuid(), conversation_id, account_id, 'in', 'earlier:' || platform_id, '${secret}',
              at - interval '1 minute'
       from messages where conversation_id = '${open.conversationId}' and direction = 'in'`,
    );
    const made = await draft(open);
    expect(made.answer).toContain('王**您好');
    expect(made.answer).not.toContain('王秀英');
    const path = `/api/publications/${made.id}`;
    const words = { question: '养老金怎么领？', answer: '王秀英您好，请到窗口办理。' };
    await ask(stage.bureau.agent, 'PUT', path, { baseRevision: made.revision, ...words });
    const view = await ask<PublicationView>(stage.bureau.agent, 'GET', path);
    expect(view.left.map((one) => one.words)).toEqual(['王秀英']);
    await ask(stage.bureau.agent, 'POST', `${path}/submit`, { baseRevision: view.revision }, 409);
  });

  test('names nobody, also where the person agreed to a masked one', async () => {
    const open = await answered('请到窗口办理。');
    const made = await draft(open);
    const path = `/api/publications/${made.id}`;
    const words = { question: `${secret}，养老金怎么领？`, answer: '请到窗口办理。' };
    const { revision } = await ask<{ revision: number }>(stage.bureau.agent, 'PUT', path, {
      baseRevision: made.revision,
      ...words,
    });
    const refused = await ask<{ code: string }>(
      ...([stage.bureau.agent, 'POST', `${path}/submit`, { baseRevision: revision }, 409] as const),
    );
    expect(refused.code).toBe('personal-data-left');
    await stage.query(`update conversations set may_publish = true where id = '${open.conversationId}'`);
    await ask(stage.bureau.agent, 'POST', `${path}/submit`, { baseRevision: revision }, 409);
    const masked = { question: '养老金怎么领？', answer: '请到窗口办理。' };
    const saved = await ask<{ revision: number }>(stage.bureau.agent, 'PUT', path, {
      baseRevision: revision,
      ...masked,
    });
    const { reviewId } = await ask<{ reviewId: string }>(stage.bureau.agent, 'POST', `${path}/submit`, {
      baseRevision: saved.revision,
    });
    expect(JSON.stringify((await reviewOf(reviewId)).sections)).toContain('本人同意隐去个人信息后公开');
  });

  test('keeps a lake that is called like somebody once a colleague says so, and whoever checks it is told', async () => {
    const open = await answered('请到窗口办理。');
    const made = await draft(open);
    const path = `/api/publications/${made.id}`;
    const words = { question: '刘文静边上的路灯坏了，电话13800138000', answer: '请到窗口办理。' };
    const { revision } = await ask<{ revision: number }>(stage.bureau.agent, 'PUT', path, {
      baseRevision: made.revision,
      ...words,
    });
    let at = revision;
    const mark = (given: string, nobodys: boolean, status = 200) =>
      ask(stage.bureau.agent, 'POST', `${path}/nobodys`, { baseRevision: at, words: given, nobodys }, status);
    const look = () => ask<PublicationView>(stage.bureau.agent, 'GET', path);
    expect((await look()).left.map(({ words: one, doubtful }) => [one, doubtful])).toEqual([
      ['刘文静', true],
      ['13800138000', false],
    ]);
    // Whose a number is nobody doubts.
    await mark('13800138000', true, 400);
    await mark('王秀英', true, 400);
    await mark('刘文静', true);
    expect(await look()).toMatchObject({ left: [{ words: '13800138000' }], nobodys: [{ words: '刘文静' }] });
    await ask(stage.bureau.agent, 'POST', `${path}/submit`, { baseRevision: revision }, 409);

    const rest = { question: '刘文静边上的路灯坏了', answer: '请到窗口办理。' };
    const saved = await ask<{ revision: number }>(stage.bureau.agent, 'PUT', path, {
      baseRevision: revision,
      ...rest,
    });
    await mark('刘文静', false, 409);
    at = saved.revision;
    await mark('刘文静', false);
    await ask(stage.bureau.agent, 'POST', `${path}/submit`, { baseRevision: saved.revision }, 409);
    await mark('刘文静', true);
    const { reviewId } = await ask<{ reviewId: string }>(stage.bureau.agent, 'POST', `${path}/submit`, {
      baseRevision: saved.revision,
    });
    expect((await reviewOf(reviewId)).problems.map(({ zh }) => zh)).toEqual([
      '疑似姓名：刘文静（经办人认为不是个人信息，请核对）',
    ]);
    await mark('刘文静', false, 409);
    await decide(reviewId, 'approve');
    expect(await publicWords(made.id)).toEqual(rest);
    const log = await stage.query<{ detail: object }>(
      `select detail from audit_entries where action = 'published-answer.nobodys' and subject_id = '${made.id}'`,
    );
    expect(log).toHaveLength(3);
    expect(JSON.stringify(log)).not.toContain('刘文静');
  });

  test('tells whoever checks it also of a marked name that only the letter told', async () => {
    const open = await answered('请到窗口办理。');
    await stage.query(
      `insert into messages (bureau_id, id, conversation_id, account_id, direction, platform_id, text, at)
       select bureau_id, gen_random_uuid(), conversation_id, account_id, 'in', 'earlier:' || platform_id,
              '我叫高平，工资没有发', at - interval '1 minute'
       from messages where conversation_id = '${open.conversationId}' and direction = 'in'`,
    );
    const made = await draft(open);
    const path = `/api/publications/${made.id}`;
    const { revision } = await ask<{ revision: number }>(stage.bureau.agent, 'PUT', path, {
      ...{ baseRevision: made.revision, question: '工资什么时候发？', answer: '高平的工资已经补发。' },
    });
    const body = { baseRevision: revision, words: '高平', nobodys: true };
    await ask(stage.bureau.agent, 'POST', `${path}/nobodys`, body);
    const { reviewId } = await ask<{ reviewId: string }>(stage.bureau.agent, 'POST', `${path}/submit`, {
      baseRevision: revision,
    });
    expect((await reviewOf(reviewId)).problems.map(({ zh }) => zh).join()).toContain(
      '高平（经办人认为不是个人信息',
    );
  });

  test('is not made of a case that has no answer; of a suggestion, not before it is said what became of it', async () => {
    const open = await desk.receiveMessage();
    const path = `/api/cases/${open.caseId}/publication`;
    await ask(stage.bureau.agent, 'POST', path, undefined, 409);
    await ask(stage.bureau.agent, 'PUT', `/api/cases/${open.caseId}/class`, {
      kind: 'suggestion',
      field: null,
    });
    const ref = await desk.answer(open, '您的建议已经收到，我们会认真研究。');
    await decide((await desk.replyOf(open)).reviewId!, 'approve');
    await desk.send(ref);
    await ask(stage.bureau.agent, 'POST', path, undefined, 409);
    const end = { reason: '下月起窗口延时到 19 点', outcome: 'adopted' };
    await ask(stage.bureau.agent, 'POST', `/api/cases/${open.caseId}/close`, end);
    await ask(stage.bureau.agent, 'POST', path, undefined, 409);
    const agree = { step: 'decide-closing', grant: true, reason: '' };
    await ask(stage.bureau.administrator, 'POST', `/api/cases/${open.caseId}/supervise-steps`, agree);
    const made = await draft(open);
    expect(made).toMatchObject({ kind: 'suggestion', outcome: 'adopted' });
    expect(made.answer).toContain('已采纳。理由：下月起窗口延时到 19 点');
    const view = await ask<CaseView>(stage.bureau.agent, 'GET', `/api/cases/${open.caseId}`);
    expect(view.events.map(({ event }) => event)).toContain('publication-drafted');
  });
});

async function publicWords(id: string) {
  const rows = await stage.query<{ question: string; answer: string }>(
    `select question, answer from published_answers where id = '${id}' and state = 'published'`,
  );
  return rows[0];
}
