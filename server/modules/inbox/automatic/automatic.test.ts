/** Automatic words in the response to a push, and what people say of answers, on a real database. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { indexTerms } from '#server/modules/publishing/index.ts';
import { defaultInboxSettings, type InboxSettings } from '#shared/inbox-settings.ts';
import { until } from '#tests/support/wait.ts';
import { type Desk, type Open, openDesk } from '../answers/test-desk.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox, standBehind } from '../test-support.ts';

let stage: InboxStage;
let desk: Desk;
beforeAll(async () => {
  stage = await stageInbox();
  desk = await openDesk(stage);
  await set({
    askSatisfaction: true,
    automatic: {
      ...{ on: true, hours: { from: '09:00', to: '17:30' }, offerAnswers: true },
      rules: [
        {
          ...{ id: '01a2203a-0000-7000-8000-000000000001', name: '所有来信', words: [], outsideOnly: false },
          ...{ on: true, text: '您好，留言收到。' },
        },
        {
          ...{ id: '01a2203a-0000-7000-8000-000000000002', name: '菜单', words: ['HOTLINE'] },
          ...{ outsideOnly: false, on: true, text: '热线 12333。' },
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
    { text: expect.stringMatching(/^您好，留言收到。\n【自动回复】.* 3 个工作日内（.*下班前）人工答复/) },
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

test('the person sees the words at once, on the platform too: one try, and the very text that the desk shows', async () => {
  const platform = stage.sandbox.world.pushes;
  platform.behave('wechat-official', { tries: 1 });
  stage.write('白阿姨', '第十三个问题：职称怎么评？');
  const sent = () => platform.list('wechat-official').findLast(({ state }) => state !== 'waiting');
  const { state, tries } = await until(async () => sent(), {
    what: 'the platform has an answer to its push',
  });
  expect([state, tries.length]).toEqual(['received', 1]);
  const shown = stage.account().chat.findLast(({ from: who }) => who === 'account');
  const [said] = await stage.query<{ text: string }>(
    'select text from automatic_answers order by at desc limit 1',
  );
  expect(shown?.text).toBe(said!.text);
  platform.behave('wechat-official', { gapMs: 20 });
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

async function answeredCase(text: string, msgId: string) {
  await push(text, msgId);
  await processPushes(stage.app);
  const [row] = await stage.query<{ case_id: string; conversation_id: string }>(
    `select l.case_id, l.conversation_id from messages m
     join case_conversations l on l.conversation_id = m.conversation_id where m.text = '${text}'`,
  );
  const open = { caseId: row!.case_id, conversationId: row!.conversation_id };
  await answerAnew(open);
  return open;
}

/** Answered a minute ago. */
async function answerAnew(open: Open): Promise<void> {
  await desk.answer(open, '请登录职称系统申报。');
  expect((await desk.replyOf(open)).text).toContain('回复 2 不满意');
  await stage.query(`update replies set state = 'sent', wake_at = null where case_id = '${open.caseId}'`);
  await stage.query(
    `update cases set state = 'answered', answered_at = now() - interval '1 minute' where id = '${open.caseId}'`,
  );
}

const reopenings = async (open: Open) =>
  (await desk.look(open)).events.filter(({ event }) => event === 'reopened').length;

test('“1” after an answer that asked is thanked for, and is no new matter', async () => {
  const open = await answeredCase('第十个问题：职称怎么评？', 'auto-7');
  await push('1', 'auto-8');
  await processPushes(stage.app);
  expect(await desk.look(open)).toMatchObject({ state: 'answered', satisfaction: { stars: 5 } });
  expect(await reopenings(open)).toBe(0);
});

test('“2” opens the case again, even a closed one; its owner hears of it, and the person is asked why', async () => {
  const open = await answeredCase('第十一个问题：职称怎么评？', 'auto-10');
  await stage.query(
    `update cases set state = 'closed', outcome = 'answered', closed_at = now() where id = '${open.caseId}'`,
  );
  const told = await push('2', 'auto-11');
  expect(told.body).toContain('<xml>');
  await processPushes(stage.app);
  const view = await desk.look(open);
  expect(view).toMatchObject({ state: 'open', outcome: null, satisfaction: { stars: 1 } });
  expect(view.events.map(({ event }) => event)).toEqual(expect.arrayContaining(['rated', 'reopened']));
  const notices = await stage.query<{ kind: string }>(
    `select kind from notices where subject_id = '${open.caseId}' and words_zh like '%重新打开%'`,
  );
  expect(notices).toHaveLength(1);
  // The reason is no new matter: it joins.
  await push('材料还是交不上去', 'auto-12');
  await processPushes(stage.app);
  const { messages } = (await desk.look(open)).conversations[0]!;
  expect(messages.map((message) => message.text)).toContain('材料还是交不上去');
});

test('a second answer may be marked too, but 不满意 opens a case only once', async () => {
  const open = await answeredCase('第十二个问题：职称怎么评？', 'auto-13');
  await push('2', 'auto-14');
  await processPushes(stage.app);
  expect((await desk.look(open)).state).toBe('open');
  await stage.query(
    `update cases set satisfaction_at = now() - interval '1 hour' where id = '${open.caseId}'`,
  );
  await answerAnew(open);
  await push('不满意', 'auto-15');
  await processPushes(stage.app);
  expect(await desk.look(open)).toMatchObject({ state: 'answered', satisfaction: { stars: 1 } });
  expect(await reopenings(open)).toBe(1);
});

test('a button of the menu is answered each time, and makes no case', async () => {
  const first = await stage.post(stage.sealText('HOTLINE', { msgId: 'menu-1', from, menu: true }));
  const later = { msgId: 'menu-2', from, menu: true, at: new Date(Date.now() - 5_000) };
  const second = await stage.post(stage.sealText('HOTLINE', later));
  expect([first.body, second.body]).toEqual([
    expect.stringContaining('<xml>'),
    expect.stringContaining('<xml>'),
  ]);
  await processPushes(stage.app);
  expect(await stage.query(`select 1 from conversations where person_key = '${from}'`)).toEqual([]);
  expect(await saidTo()).toEqual([]);
});

test('where a public answer surely fits, its address on the site of the bureau is said too', async () => {
  const question = '灵活就业人员养老保险断缴可以补缴吗';
  const terms = indexTerms(question).map((term) => `'${term}'`);
  await stage.query(
    `insert into published_answers
       (bureau_id, id, slug, case_id, question, answer, kind, state, published_at, created_by, bigrams)
     select bureau_id, gen_random_uuid(), 'sure-answer', id, '${question}', '可以在当年内补缴。', 'consult', 'published',
            now(), '${stage.bureau.administrator.personId}', array_to_tsvector(array[${terms.join(', ')}])
     from cases limit 1`,
  );
  await standBehind(stage, 'qingchuan');
  await push('请问灵活就业人员养老保险断缴可以补缴吗？', 'auto-16');
  const address = `${stage.app.config.publicUrl}/b/qingchuan/answers/sure-answer`;
  expect(await saidTo()).toMatchObject([{ text: expect.stringContaining(` ${address}`) }]);
  from = `${from}x`;
  await push('灵活就业人员怎么办社保卡？', 'auto-17');
  expect(await saidTo()).toMatchObject([{ text: expect.not.stringContaining('/answers/') }]);
});
