import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { countTalk } from '../talk/store.ts';
import { readWeek } from '../talk/week-store.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { addToReceipt, rateReceipt, readReceipt, withdrawReceipt } from './receipt.ts';
import { readCode } from './receipt-code.ts';
import { type Ask, type Receipt, submitAsk } from './submit-ask.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
});
afterAll(() => stage?.stop());

let household = 0;
/** Each from an address of its own, so that nobody's tries count for another. */
const newAddress = () => `198.51.${Math.floor(household / 250)}.${(household++ % 250) + 1}`;

const build = (change: Partial<Ask> = {}): Ask => ({
  bureauId: stage.bureau.id,
  key: newId(),
  channel: 'ask',
  text: '灵活就业人员怎么参加职工养老保险？',
  place: null,
  page: null,
  name: null,
  phone: null,
  mayPublish: false,
  pictures: [],
  from: newAddress(),
  proof: undefined,
  ...change,
});
const submit = (change: Partial<Ask> = {}) => submitAsk(stage.app, build(change));
const keyOf = (receipt: Receipt, from = newAddress()) => ({ ...receipt, from });
const read = (receipt: Receipt) => readReceipt(stage.app, keyOf(receipt));

const caseOf = async (receipt: Receipt) => {
  const { number } = await read(receipt);
  const [row] = await stage.query<{ id: string; state: string; channel: string }>(
    `select id, state, channel from cases where number = '${number}'`,
  );
  return row!;
};

/** An answer as the desk gives it. */
async function answer(receipt: Receipt, text: string): Promise<void> {
  const { id } = await caseOf(receipt);
  const [conversation] = await stage.query<{ id: string }>(
    `select id from conversations where receipt = '${receipt.receipt}'`,
  );
  const answered = await stage.call(stage.bureau.agent, 'POST', `/api/cases/${id}/answers`, {
    ...{ conversationId: conversation!.id, text },
  });
  expect(answered.status).toBe(200);
}

describe('a question from the site', () => {
  test('becomes a case with a deadline, and its receipt shows it', async () => {
    const receipt = await submit({ place: '云溪镇' });
    expect(receipt).toMatchObject({
      receipt: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10}$/),
      code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{8}$/),
    });
    const view = await read(receipt);
    expect(view).toMatchObject({ state: 'open', kind: 'consult', waitsForPerson: false });
    expect(view.dueAt!.getTime()).toBeGreaterThan(Date.now());
    expect(view.said).toMatchObject([{ by: 'person', text: expect.stringContaining('地点：云溪镇') }]);
    expect(await caseOf(receipt)).toMatchObject({ state: 'open', channel: 'ask' });
  });

  test('sent twice is one question with one receipt', async () => {
    const ask = build();
    // A double click: both come at once, and each is shown the receipt.
    const [first, second] = await Promise.all([submitAsk(stage.app, ask), submitAsk(stage.app, ask)]);
    expect(second).toEqual(first);
    expect(first.dueAt!.getTime()).toBeGreaterThan(Date.now());
    expect(await submitAsk(stage.app, ask)).toEqual(first);
    const rows = await stage.query(`select 1 from messages where platform_id like 'ask:${ask.key}:%'`);
    expect(rows).toHaveLength(1);
  });

  test('about a page is told apart from other questions', async () => {
    const receipt = await submit({
      channel: 'error-report',
      page: '/a/20261123-7K2M9Q4T',
      text: '电话号码错了',
    });
    expect(await caseOf(receipt)).toMatchObject({ channel: 'error-report' });
    const [row] = await stage.query<{ page_url: string }>(
      `select page_url from conversations where receipt = '${receipt.receipt}'`,
    );
    expect(row!.page_url).toBe('/a/20261123-7K2M9Q4T');
  });

  test.each([
    ['长'.repeat(2_001), 'text-too-long', { count: 2_001, limit: 2_000, over: 1 }],
    ['？', 'text-too-short', {}],
  ])('that is too long or too short is refused with its number', async (text, code, details) => {
    await expect(submit({ text })).rejects.toMatchObject({ code, details });
  });

  test('with a telephone number that cannot be called is not taken', async () => {
    const ask = build({ phone: '1234' });
    await expect(submitAsk(stage.app, ask)).rejects.toMatchObject({ code: 'phone-odd' });
    expect(await stage.query(`select 1 from messages where platform_id like 'ask:${ask.key}:%'`)).toEqual([]);
  });

  test('keeps a contact sealed and the code nowhere', async () => {
    const receipt = await submit({ name: '王小云', phone: '13800001234' });
    const [row] = await stage.query<{ all: string }>(
      `select row_to_json(c)::text as all from conversations c where receipt = '${receipt.receipt}'`,
    );
    expect(row!.all).not.toContain('13800001234');
    expect(row!.all).not.toContain(receipt.code);
  });

  test('keeps a picture without what the camera wrote into it', async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#888' } })
      .jpeg()
      .withExif({ IFD0: { Artist: 'Somebody' }, IFD3: { GPSLatitude: '26/1 6/1 0/1' } })
      .toBuffer();
    const receipt = await submit({ pictures: [{ bytes, name: '现场.jpg' }] });
    expect((await read(receipt)).said).toMatchObject([{ pictures: 1 }]);
    const [file] = await stage.query<{ sha256: string }>(
      `select f.sha256 from files f join case_files c on c.file_id = f.id
       join messages m on m.id = c.message_id join conversations v on v.id = m.conversation_id
       where v.receipt = '${receipt.receipt}'`,
    );
    const stored = await stage.app.files.get(file!.sha256);
    expect(stored.includes('Somebody')).toBe(false);
    expect((await sharp(stored).metadata()).exif).toBeUndefined();
  });

  test('with something that is no picture leaves nothing behind', async () => {
    const before = await stage.query('select 1 from cases');
    const pictures = [{ bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), name: 'a.jpg' }];
    await expect(submit({ pictures })).rejects.toMatchObject({
      code: 'picture-refused',
      details: { name: 'a.jpg' },
    });
    expect(await stage.query('select 1 from cases')).toHaveLength(before.length);
  });

  test('without a proof of work is taken three times an hour from one address', async () => {
    const from = newAddress();
    for (let sent = 0; sent < 3; sent += 1) await submit({ from });
    await expect(submit({ from })).rejects.toMatchObject({ code: 'too-many-tries' });
    await expect(submit()).resolves.toBeDefined();
  });
});

describe('a receipt', () => {
  test('opens with what a hand makes of its letters', async () => {
    const { receipt, code } = await submit();
    const sloppy = `${receipt.slice(0, 5).toLowerCase()} ${receipt.slice(5)}`
      .replaceAll('0', 'o')
      .replaceAll('1', 'l');
    expect(readCode(sloppy)).toBe(receipt);
    expect((await read({ receipt: sloppy, code: code.toLowerCase() })).state).toBe('open');
  });

  test('does not open with another code, and says no more than that', async () => {
    const { receipt } = await submit();
    await expect(read({ receipt, code: '00000000' })).rejects.toMatchObject({ code: 'receipt-unknown' });
    await expect(read({ receipt: '0000000000', code: '00000000' })).rejects.toMatchObject({
      code: 'receipt-unknown',
    });
  });

  test('cannot be guessed: after ten wrong tries an address waits, the right code too', async () => {
    const given = await submit();
    const from = newAddress();
    for (let tried = 0; tried < 10; tried += 1) {
      await expect(
        readReceipt(stage.app, { receipt: given.receipt, code: 'WRNGWRNG', from }),
      ).rejects.toMatchObject({
        code: 'receipt-unknown',
      });
    }
    await expect(readReceipt(stage.app, { ...given, from })).rejects.toMatchObject({
      code: 'too-many-tries',
    });
    expect((await read(given)).receipt).toBe(given.receipt);
  });

  test('shows the answer, once it is given', async () => {
    const receipt = await submit();
    await answer(receipt, '可在户籍地或就业地社保窗口办理。');
    expect(await read(receipt)).toMatchObject({
      state: 'answered',
      dueAt: null,
      said: [{ by: 'person' }, { by: 'bureau', text: '可在户籍地或就业地社保窗口办理。' }],
      may: { rate: true, withdraw: false },
    });
  });

  test('takes what the person adds, once', async () => {
    const receipt = await submit();
    const words = { key: newId(), text: '我是外省户籍。' };
    await addToReceipt(stage.app, keyOf(receipt), words);
    const view = await addToReceipt(stage.app, keyOf(receipt), words);
    expect(view.said.map(({ text }) => text)).toEqual([expect.any(String), '我是外省户籍。']);
    expect(await stage.query(`select 1 from cases where number = '${view.number}'`)).toHaveLength(1);
  });

  test('takes a rating after the answer, and reopens for who is not satisfied and says why', async () => {
    const receipt = await submit();
    const rate = (satisfaction: number, note = '') =>
      rateReceipt(stage.app, keyOf(receipt), { satisfaction, note });
    await expect(rate(5)).rejects.toMatchObject({ code: 'receipt-unanswered' });
    await answer(receipt, '请到窗口咨询。');
    expect(await rate(5)).toMatchObject({ state: 'answered', satisfaction: 5 });
    // Without words once, as by private message; with words each time.
    expect(await rate(1)).toMatchObject({ state: 'open', satisfaction: 1 });
    await answer(receipt, '请到二号窗口。');
    expect(await rate(2)).toMatchObject({ state: 'answered', satisfaction: 2 });
    expect(await rate(1, '没有说在哪个窗口')).toMatchObject({ state: 'open', may: { rate: false } });
    const { id } = await caseOf(receipt);
    const entries = await stage.query<{ action: string; detail: unknown }>(
      `select action, detail from audit_entries where subject_id = '${id}' and action like 'case.r%'`,
    );
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['case.rated', 'case.reopened']),
    );
    expect(JSON.stringify(entries)).not.toContain('窗口');
  });

  test('withdraws an open question, and not one that is answered', async () => {
    const open = await submit();
    expect(await withdrawReceipt(stage.app, keyOf(open))).toMatchObject({
      ...{ state: 'closed', outcome: 'withdrawn' },
      may: { add: false, rate: false, withdraw: false },
    });
    const more = { key: newId(), text: '还是想问一下。' };
    await expect(addToReceipt(stage.app, keyOf(open), more)).rejects.toMatchObject({ code: 'receipt-ended' });
    const stars = { satisfaction: 5, note: '' };
    await expect(rateReceipt(stage.app, keyOf(open), stars)).rejects.toMatchObject({
      code: 'receipt-unanswered',
    });
    const answered = await submit();
    await answer(answered, '已经办好。');
    await expect(withdrawReceipt(stage.app, keyOf(answered))).rejects.toMatchObject({
      code: 'receipt-ended',
    });
  });

  test('withdraws a question whose answer is in review: nothing goes out, and the reviewer sees why', async () => {
    const receipt = await submit({ text: '我要投诉：云帆公司拖欠工资三个月' });
    await answer(receipt, '已责令支付。');
    const { id } = await caseOf(receipt);
    const replies = () =>
      stage.query<{ id: string; state: string; reason: string }>(
        `select id, state, reason from replies where case_id = '${id}'`,
      );
    expect(await replies()).toMatchObject([{ state: 'reviewing' }]);
    expect(await withdrawReceipt(stage.app, keyOf(receipt))).toMatchObject({ outcome: 'withdrawn' });
    const [reply] = await replies();
    expect(reply).toMatchObject({ state: 'cancelled', reason: 'withdrawn' });
    const [review] = await stage.query<{ id: string; state: string }>(
      `select id, state from reviews where subject_id = '${reply!.id}'`,
    );
    expect(review!.state).toBe('voided');
    const { reviewer } = stage.bureau;
    const seen = await stage.call(reviewer, 'GET', `/api/reviews/${review!.id}`);
    expect(seen.body).toMatchObject({ sections: [{ note: { zh: '来信人已撤回留言，不再发出' } }] });
    const told = await stage.query<{ zh: string }>(
      `select n.words_zh as zh from notices n join notice_recipients r on r.notice_id = n.id
       where kind = 'review-voided' and n.subject_id = '${review!.id}'`,
    );
    expect(told[0]!.zh).toContain('来信人撤回了留言');
  });

  test('withdrawn counts as received, and nowhere as ended or as what people speak of', async () => {
    const [from, to] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 86_400_000)];
    const look = () =>
      stage.app.database.withWorker(async (tx) => {
        const { received, closed } = await readWeek(tx, stage.bureau.id, from, to);
        return { received, closed, talk: await countTalk(tx, stage.bureau.id, { from, to, via: [] }) };
      });
    const before = await look();
    const receipt = await submit();
    expect(await look()).toMatchObject({ received: before.received + 1, talk: before.talk + 1 });
    await withdrawReceipt(stage.app, keyOf(receipt));
    expect(await look()).toEqual({ ...before, received: before.received + 1 });
  });

  test('asks for no rating where nothing was answered', async () => {
    const receipt = await submit();
    const { id } = await caseOf(receipt);
    const body = { outcome: null, reason: '多次联系不上' };
    expect((await stage.call(stage.bureau.agent, 'POST', `/api/cases/${id}/close`, body)).status).toBe(200);
    expect(await read(receipt)).toMatchObject({
      ...{ state: 'closed', outcome: 'no-answer' },
      may: { rate: false, withdraw: false },
    });
    const stars = { satisfaction: 1, note: '没有人联系我' };
    await expect(rateReceipt(stage.app, keyOf(receipt), stars)).rejects.toMatchObject({
      code: 'receipt-unanswered',
    });
  });

  test('marked as spam tells of which kind, and offers nothing', async () => {
    const receipt = await submit({ text: '低价办证，加微联系' });
    const { id } = await caseOf(receipt);
    const body = { step: 'mark-spam', why: 'advert', reason: '广告' };
    const path = `/api/cases/${id}/dispatch-steps`;
    expect((await stage.call(stage.bureau.agent, 'POST', path, body)).status).toBe(200);
    expect(await read(receipt)).toMatchObject({
      spam: 'advert',
      may: { add: false, rate: false, withdraw: false },
    });
  });

  test('may be rated ten times an hour, so that nobody fills the log', async () => {
    const receipt = await submit();
    await answer(receipt, '请到窗口咨询。');
    const rate = () => rateReceipt(stage.app, keyOf(receipt), { satisfaction: 5, note: '' });
    for (let count = 0; count < 10; count += 1) await rate();
    await expect(rate()).rejects.toMatchObject({ code: 'too-many-tries' });
  });

  test('whose question was merged with another’s withdraws nothing of theirs', async () => {
    const [mine, theirs] = [
      await submit({ text: '宏达公司拖欠工资怎么办' }),
      await submit({ text: '宏达公司欠我们班组工资' }),
    ];
    const [from, into] = [(await caseOf(mine)).id, (await caseOf(theirs)).id];
    const path = `/api/cases/${from}/dispatch-steps`;
    const body = { step: 'merge', into, reason: '同一事项' };
    expect((await stage.call(stage.bureau.agent, 'POST', path, body)).status).toBe(200);
    expect((await read(mine)).may.withdraw).toBe(false);
    await expect(withdrawReceipt(stage.app, keyOf(mine))).rejects.toMatchObject({ code: 'receipt-shared' });
    expect((await read(theirs)).state).toBe('open');
  });

  test('of one bureau never shows in another', async () => {
    const receipt = await submit();
    const { bureauId } = await read(receipt);
    expect(bureauId).toBe(stage.bureau.id);
  });
});
