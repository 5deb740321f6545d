import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMailer, type Mailer } from '#server/base/mail.ts';
import {
  createNoticeChannel,
  getNoticePreferences,
  listNoticeChannels,
  saveNoticePreferences,
  testMyMail,
  testNoticeChannel,
  updateNoticeChannel,
} from '#shared/notice-channels.ts';
import { listNotices } from '#shared/notices.ts';
import { getMe } from '#shared/people.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { type SmtpStage, startSmtpStage } from '#tests/support/smtp-stage.ts';
import { type NoticeInput, notify } from '../notify.ts';
import { sendDue } from './worker.ts';

let smtp: SmtpStage;
let mailer: Mailer;
let installation: TestInstallation;
let administrator: Client;
let editor: Client;
let bureauId = '';
let editorId = '';

const key = '693a91f6-7a0c-4bb7-8f00-0123456789ab';
const token = 'CANARY5e'
  .toLowerCase()
  .replace(/[^0-9a-f]/g, 'a')
  .repeat(8);
const secret = 'SECcanary0123456789';
const address = 'bianji.canary@example.invalid';

beforeAll(async () => {
  smtp = await startSmtpStage();
  const from = 'desk@example.invalid';
  mailer = createMailer({ url: smtp.url, tls: 'optional', from });
  installation = await buildInstallation({
    roles: ['web'],
    smtp: { url: smtp.url, tls: 'optional', from },
    publicUrl: 'https://desk.example',
  });
  const { sandbox, config } = installation;
  const urls = config.platformUrls as Map<string, string>;
  for (const id of ['wecom-robot', 'dingtalk-robot']) urls.set(id, `${sandbox.url}/sandbox/${id}`);
  await setUpRobot('wecom-robot', key, '');
  await setUpRobot('dingtalk-robot', token, secret);
  administrator = await installation.as('guanli');
  editor = await installation.as('bianji');
  const me = await editor.call(getMe, {});
  [bureauId, editorId] = [me.bureau.id, me.personId];
});
afterAll(async () => {
  mailer?.close();
  await installation?.close();
  await smtp?.stop();
});
beforeEach(async () => {
  smtp.mails.length = 0;
  smtp.behave('well');
  installation.sandbox.world.faults.clear();
  // Each test begins with open ways and nothing on them.
  await inWorker((tx) =>
    sql`with ended as (update notice_sendings set state = 'sent' where state = 'waiting')
        update notice_channels set active = kind = 'mail', held_until = null, failures = 0`.execute(tx),
  );
  await editor.call(saveNoticePreferences, { body: { mail: null, mailWhen: 'all' } });
});

const inWorker = <T>(work: Parameters<typeof installation.app.database.withWorker<T>>[0]) =>
  installation.app.database.withWorker(work);
const setUpRobot = (id: string, robotKey: string, robotSecret: string) =>
  fetch(`${installation.sandbox.url}/sandbox/_control/${id}/robots/${robotKey}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: robotSecret, perMinute: 1_000 }),
  });

let count = 0;
const tell = (change: Partial<NoticeInput> = {}) =>
  inWorker((tx) =>
    notify(installation.app, tx, {
      bureauId,
      to: { kind: 'person', id: editorId },
      kind: 'case-overdue',
      subject: { kind: 'case', id: 'c' },
      text: { zh: '张三的私事：身份证 110101', en: 'private words' },
      reference: '2026-0012',
      dueAt: new Date('2026-10-08T09:30:00Z'),
      link: '/inbox/c',
      urgency: 'urgent',
      dedupKey: `key ${++count}`,
      ...change,
    }),
  );
/** Time passes: holds end, and what waits is due. */
const letPass = () =>
  inWorker((tx) =>
    sql`with due as (update notice_sendings set next_at = clock_timestamp(), leased_until = null where state = 'waiting')
        update notice_channels set held_until = null`.execute(tx),
  );
const carry = (by: Mailer | null = mailer) => sendDue(installation.app, by);
const robotBody = (name: string) => ({
  robot: 'wecom-robot',
  name,
  address: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`,
  kinds: ['case-overdue' as const],
});
const addRobot = async (name = '值班群') =>
  (await administrator.call(createNoticeChannel, { body: robotBody(name) })).id;
const said = (id = 'wecom-robot') =>
  installation.sandbox.world.ledger.list({ platform: id }).map((entry) => String(entry.detail.text));
const channelOf = async (id: string) =>
  (await administrator.call(listNoticeChannels, {})).channels.find((channel) => channel.id === id)!;

describe('who may', () => {
  test('an administrator of this bureau, nobody else', async () => {
    const nobody = createClient(installation.url, '');
    expect((await nobody.try(listNoticeChannels, {})).status).toBe(401);
    expect((await editor.try(listNoticeChannels, {})).status).toBe(403);
    const channelId = await addRobot();
    const neighbour = await installation.as('st.guanli');
    const params = { channelId };
    expect((await neighbour.try(updateNoticeChannel, { params, body: { active: true } })).status).toBe(404);
    expect((await neighbour.try(testNoticeChannel, { params })).status).toBe(404);
  });

  test('address, secret and mail address are sealed, and the first two never shown again', async () => {
    const body = {
      ...robotBody('加密'),
      robot: 'dingtalk-robot',
      address: `https://oapi.dingtalk.com/robot/send?access_token=${token}`,
      secret,
    };
    await administrator.call(createNoticeChannel, { body });
    await editor.call(saveNoticePreferences, { body: { mail: address, mailWhen: 'all' } });
    const shown = JSON.stringify(await administrator.call(listNoticeChannels, {}));
    const stored = await installation.app.database.asOwner(async (db) =>
      JSON.stringify([
        await db.selectFrom('notice_channels').selectAll().execute(),
        await db.selectFrom('notice_preferences').selectAll().execute(),
        await db.selectFrom('audit_entries').selectAll().execute(),
        await db.selectFrom('idempotency_keys').selectAll().execute(),
      ]),
    );
    for (const hidden of [key, token, secret]) expect(shown + stored).not.toContain(hidden);
    expect(stored).not.toContain(address);
    expect((await editor.call(getNoticePreferences, {})).mail).toBe(address);
  });

  test('a wrong address and a missing secret are refused by their field', async () => {
    const wrong = { ...robotBody('错'), address: 'https://example.com' };
    const unsigned = {
      ...robotBody('错'),
      robot: 'dingtalk-robot',
      address: `https://oapi.dingtalk.com/robot/send?access_token=${token}`,
    };
    for (const [body, field] of [
      [wrong, 'address'],
      [unsigned, 'secret'],
    ] as const) {
      const answer = await administrator.try(createNoticeChannel, { body });
      expect([answer.status, answer.error?.details.field]).toEqual([400, field]);
    }
  });
});

describe('a robot', () => {
  test('says kind, number, deadline and link, and none of the words', async () => {
    await addRobot();
    const before = said().length;
    await tell();
    await carry();
    const [message] = said().slice(before);
    expect(message).toBe(
      [
        '【回声】1 条通知',
        '',
        '留言已超期 2026-0012，期限 2026-10-08 17:30',
        'https://desk.example/desk/inbox/c',
      ].join('\n'),
    );
  });

  test('says only the kinds chosen for it, and nothing when it is off', async () => {
    const channelId = await addRobot();
    const before = said().length;
    await tell({ kind: 'review-approved' });
    await administrator.call(updateNoticeChannel, { params: { channelId }, body: { active: false } });
    await tell();
    await carry();
    expect(said()).toHaveLength(before);
  });

  test('says many as one message, within what a robot takes', async () => {
    await addRobot();
    const before = said().length;
    for (let at = 0; at < 40; at += 1) await tell({ phoneLink: `/m/reviews/${'0'.repeat(36)}` });
    await Promise.all([carry(), carry()]);
    const messages = said().slice(before);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('40 条通知');
    expect(messages[0]).toContain('另有 32 条');
    expect(Buffer.byteLength(messages[0]!)).toBeLessThan(2_048);
  });

  test('leads a waiting review to the page made for a phone', async () => {
    const channelId = await addRobot();
    await administrator.call(updateNoticeChannel, {
      params: { channelId },
      body: { kinds: ['review-waiting'] },
    });
    await tell({ kind: 'review-waiting', link: '/reviews/r', phoneLink: '/m/reviews/r' });
    await carry();
    expect(said().at(-1)).toContain('https://desk.example/desk/m/reviews/r');
  });

  test('waits for its turn: two messages are three seconds apart', async () => {
    await addRobot();
    const before = said().length;
    await tell();
    await carry();
    await tell();
    await carry();
    expect(said()).toHaveLength(before + 1);
    await letPass();
    await carry();
    expect(said()).toHaveLength(before + 2);
  });

  test('that is asked to wait waits, and loses no try', async () => {
    const channelId = await addRobot();
    const before = said().length;
    installation.sandbox.world.faults.arm({
      platform: 'wecom-robot',
      path: '/',
      fault: { kind: 'answer', body: { errcode: 45009 }, accept: false },
    });
    await tell();
    await carry();
    expect(await channelOf(channelId)).toMatchObject({ failures: 0, waiting: 1 });
    await letPass();
    await carry();
    expect(said()).toHaveLength(before + 1);
  });

  test('that fails is tried again with growing waits, until the breaker opens and people are told', async () => {
    const channelId = await addRobot('不通的群');
    installation.sandbox.world.faults.arm({
      ...{ platform: 'wecom-robot', path: '/', times: 3 },
      fault: { kind: 'lose-answer', accept: false },
    });
    await tell();
    const before = said().length;
    for (let round = 0; round < 3; round += 1) {
      await letPass();
      await carry();
    }
    const broken = await channelOf(channelId);
    expect(broken).toMatchObject({ failures: 3, waiting: 1, lastError: expect.any(String) });
    expect(new Date(broken.heldUntil!).getTime() - Date.now()).toBeGreaterThan(50_000);
    const notices = await administrator.call(listNotices, { query: {} });
    expect(notices.rows.filter((row) => row.words.zh.includes('不通的群'))).toHaveLength(1);
    await letPass();
    await carry();
    expect(said()).toHaveLength(before + 1);
    expect(await channelOf(channelId)).toMatchObject({ failures: 0, waiting: 0, lastError: null });
  });

  test('that is refused gives up at once and tells why', async () => {
    const body = { ...robotBody('删掉的群'), address: key.replaceAll('0', '1') };
    const { id } = await administrator.call(createNoticeChannel, { body });
    await administrator.call(testNoticeChannel, { params: { channelId: id } });
    await carry();
    expect(await channelOf(id)).toMatchObject({ failures: 1, givenUp: 1, lastError: '93000' });
  });

  test('can be tried', async () => {
    const channelId = await addRobot();
    await administrator.call(testNoticeChannel, { params: { channelId } });
    await carry();
    expect(said().at(-1)).toContain('测试通知');
    expect((await channelOf(channelId)).lastSentAt).not.toBe(null);
  });
});

describe('mail', () => {
  const save = (mailWhen: 'all' | 'urgent' | 'off') =>
    editor.call(saveNoticePreferences, { body: { mail: address, mailWhen } });

  test('goes to who gave an address, as they chose', async () => {
    await save('urgent');
    await tell({ urgency: 'normal' });
    await tell();
    await letPass();
    await carry();
    expect(smtp.mails.map(({ to }) => to)).toEqual([address]);
    await save('off');
    await tell();
    await letPass();
    await carry();
    expect(smtp.mails).toHaveLength(1);
  });

  test('gathers what is not urgent into one', async () => {
    await save('all');
    for (let at = 0; at < 3; at += 1) await tell({ urgency: 'normal' });
    await carry();
    expect(smtp.mails).toHaveLength(0);
    await letPass();
    await carry();
    expect(smtp.mails).toHaveLength(1);
  });

  test('to an address that nobody has is given up, and says nothing of the way', async () => {
    await save('all');
    smtp.behave('recipient');
    await editor.call(testMyMail, {});
    await carry();
    const { lastMail } = await editor.call(getNoticePreferences, {});
    expect(lastMail).toMatchObject({ state: 'failed', error: '550' });
    const mail = (await administrator.call(listNoticeChannels, {})).channels.find(
      ({ kind }) => kind === 'mail',
    );
    expect(mail?.failures).toBe(0);
  });

  test('survives a server that is down', async () => {
    await save('all');
    smtp.behave('down');
    await tell();
    await carry();
    expect(smtp.mails).toHaveLength(0);
    smtp.behave('well');
    await letPass();
    await carry();
    expect(smtp.mails).toHaveLength(1);
  });

  test('a notice that a dead process had taken is sent by another', async () => {
    await save('all');
    await tell();
    await inWorker((tx) =>
      sql`update notice_sendings set leased_until = clock_timestamp() + interval '2 minutes' where state = 'waiting'`.execute(
        tx,
      ),
    );
    await carry();
    expect(smtp.mails).toHaveLength(0);
    await inWorker((tx) =>
      sql`update notice_sendings set leased_until = clock_timestamp() where state = 'waiting'`.execute(tx),
    );
    await carry();
    expect(smtp.mails).toHaveLength(1);
  });
});
