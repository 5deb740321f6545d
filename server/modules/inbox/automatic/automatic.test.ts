/** Automatic words in the response to a push, and what people say of answers, on a real database. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultInboxSettings, type InboxSettings } from '#shared/inbox-settings.ts';
import { type Desk, openDesk } from '../answers/test-desk.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
  await set({
    askSatisfaction: true,
    automatic: {
      ...{ on: true, hours: { from: '09:00', to: '17:30' } },
      rules: [
        {
          ...{ id: '01a2203a-0000-7000-8000-000000000001', name: '所有来信', words: [], outsideOnly: false },
          ...{ on: true, text: '您好，留言收到。' },
        },
      ],
    },
  });
});
afterAll(() => stage?.stop());

let people = 0;
let from = '';
beforeEach(() => {
  people += 1;
  from = `oAUTO${String(people).padStart(21, '0')}`;
});

async function set(part: Partial<InboxSettings>): Promise<void> {
  const settings = { ...defaultInboxSettings, ...part };
  const body = { baseRevision: 0, settings };
  const saved = await stage.call(stage.bureau.administrator, 'PUT', '/api/inbox/settings', body);
  expect(saved.status).toBe(200);
}

const push = (text: string, msgId: string) => stage.post(stage.sealText(text, { msgId, from }));
const saidTo = () =>
  stage.query<{ text: string }>(`select text from automatic_answers where person_key = '${from}'`);

test('the push is stored first, answered in its own response, and the same push again gets the same words', async () => {
  const first = await push('职称怎么评？', 'auto-1');
  expect(first.status).toBe(200);
  expect(first.body).toContain('<xml>');
  expect(await stage.query(`select 1 from raw_pushes where dedup_key like '%auto-1%'`)).toHaveLength(1);
  const again = await push('职称怎么评？', 'auto-1');
  expect(again.body).toContain('<xml>');
  expect(await saidTo()).toEqual([
    { text: expect.stringMatching(/^您好，留言收到。\n.*个工作日内人工答复/) },
  ]);
  expect(await stage.query(`select 1 from audit_entries where action = 'reply.automatic'`)).toHaveLength(1);
});

test('once a person and day: a second message is only acknowledged', async () => {
  expect((await push('职称怎么评？', 'auto-2')).body).toContain('<xml>');
  expect((await push('还有，什么时候报名？', 'auto-3')).body).toBe('success');
});

test('a cry for wages is left to a person', async () => {
  expect((await push('老板拖欠工资三个月了，求助！', 'auto-4')).body).toBe('success');
  expect(await saidTo()).toEqual([]);
});

test('a forged push learns nothing of the rules', async () => {
  const forged = await stage.post(stage.sealText('职称怎么评？', { msgId: 'auto-5', from, forged: true }));
  expect(forged.status).toBe(401);
  expect(await saidTo()).toEqual([]);
});

test('the words stand in the thread, marked, and do not answer the case', async () => {
  await push('第九个问题：职称怎么评？', 'auto-6');
  await processPushes(stage.app);
  const [row] = await stage.query<{ case_id: string }>(
    `select l.case_id from messages m join case_conversations l on l.conversation_id = m.conversation_id
     where m.text like '第九个问题%'`,
  );
  const view = await desk.look({ caseId: row!.case_id, conversationId: '' });
  expect(view.state).toBe('open');
  expect(view.conversations[0]!.messages.filter(({ automatic }) => automatic)).toMatchObject([
    { direction: 'out', text: expect.stringContaining('您好，留言收到') },
  ]);
  expect(view.conversations[0]!.window.left).toBe(5);
});

test('“2” after an answer that asked is what the person thinks of it, and no new matter', async () => {
  const text = '第十个问题：职称怎么评？';
  await push(text, 'auto-7');
  await processPushes(stage.app);
  const [row] = await stage.query<{ case_id: string; conversation_id: string }>(
    `select l.case_id, l.conversation_id from messages m
     join case_conversations l on l.conversation_id = m.conversation_id where m.text = '${text}'`,
  );
  const open = { caseId: row!.case_id, conversationId: row!.conversation_id };
  await desk.answer(open, '请登录职称系统申报。');
  expect((await desk.replyOf(open)).text).toContain('回复 2 不满意');
  await stage.query(
    `update cases set state = 'answered', answered_at = now() - interval '1 minute' where id = '${open.caseId}'`,
  );
  await push('2', 'auto-8');
  await processPushes(stage.app);
  const view = await desk.look(open);
  expect(view).toMatchObject({ state: 'answered', satisfaction: { stars: 1 } });
  expect(view.events.map(({ event }) => event)).toContain('rated');
  // Said again it is a word like any other: it speaks of something new.
  await push('2', 'auto-9');
  await processPushes(stage.app);
  expect((await desk.look(open)).state).toBe('open');
});
