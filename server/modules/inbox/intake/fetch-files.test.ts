/** What people send in private messages, from the stored push to the thread on the desk. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { personCalled, receiveFile } from '#sandbox/wechat-official/messages.ts';
import type { SentKind } from '#sandbox/wechat-official/state.ts';
import type { CaseView } from '#shared/inbox.ts';
import { until } from '#tests/support/wait.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { fetchFiles } from './fetch-files.ts';
import { processPushes } from './process-pushes.ts';

const secret = 'CANARY-13800138000';
const film = await readFile('tests/fixtures/media/phone.mp4');
/** A second of silence as phones record it: 50 frames of 4.75 kbit/s. */
const voice = Buffer.concat([
  Buffer.from('#!AMR\n'),
  ...Array.from({ length: 50 }, () => Buffer.from([0x04, ...Buffer.alloc(12)])),
]);
const picture = (background: string) =>
  sharp({ create: { width: 320, height: 200, channels: 3, background } })
    .withExif({ IFD0: { Make: secret } })
    .jpeg()
    .toBuffer();

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());
beforeEach(() => stage.query('delete from call_holds'));
afterEach(() => stage.sandbox.world.faults.clear());

const path = '/cgi-bin/media/get';
let people = 0;

/** Someone sends a file; its push is here and understood. @returns the message */
async function send(kind: SentKind, bytes: Buffer): Promise<{ messageId: string; caseId: string }> {
  const { world } = stage.sandbox;
  people += 1;
  const { msgId } = receiveFile(
    world,
    stage.account(),
    personCalled(world, stage.account(), `来信人${people}`),
    kind,
    bytes,
  );
  const found = await until(
    async () => {
      while ((await processPushes(stage.app)).count > 0);
      const [row] = await stage.query<{ id: string; case_id: string }>(
        `select m.id, l.case_id from messages m join case_conversations l using (bureau_id, conversation_id)
       where m.platform_id = 'msg:${msgId}'`,
      );
      return row;
    },
    { what: 'the push of the file' },
  );
  return { messageId: found.id, caseId: found.case_id };
}

async function fetchNow(): Promise<void> {
  await stage.query(`update inbound_files set wake_at = now() where state = 'waiting'`);
  while ((await fetchFiles(stage.app)) > 0);
}

const row = async (messageId: string) =>
  (
    await stage.query<{ state: string; failure: string | null; tries: number; waits: boolean }>(
      `select state, failure, tries, wake_at > now() as waits from inbound_files where message_id = '${messageId}'`,
    )
  )[0];

async function seen(caseId: string) {
  const { body } = await stage.call(stage.bureau.agent, 'GET', `/api/cases/${caseId}`);
  const [message] = (body as CaseView).conversations[0]!.messages;
  return message!;
}

describe('a picture', () => {
  test('is fetched, encoded anew and shown to whoever answers, and stands in no library', async () => {
    const { messageId, caseId } = await send('image', await picture('#c03028'));
    expect((await seen(caseId)).attachment).toEqual({
      type: 'image',
      file: { state: 'waiting', reason: null },
    });
    await fetchNow();
    const message = await seen(caseId);
    expect(message.attachment).toEqual({ type: 'image', file: { state: 'kept', reason: null } });
    expect(message.files).toMatchObject([
      { mime: 'image/jpeg', name: expect.stringMatching(/^图片 \d{4}-\d\d-\d\d /) },
    ]);
    const [file] = await stage.query<{ sha256: string; shelf: string; token: string }>(
      `select f.sha256, f.shelf, f.token from files f join case_files c on c.file_id = f.id
       where c.message_id = '${messageId}'`,
    );
    expect(file!.shelf).toBe('inbox');
    expect((await stage.app.files.get(file!.sha256)).includes(secret)).toBe(false);
    const open = await stage.query(`select * from public_file('${file!.token}')`);
    expect(open).toEqual([]);
    const audit = await stage.query(
      `select 1 from audit_entries where action = 'message.file-fetched' and detail ->> 'messageId' = '${messageId}'`,
    );
    expect(audit).toHaveLength(1);
  });

  test('is fetched once, however often the push is told and the lane wakes', async () => {
    const { messageId } = await send('image', await picture('#2040c0'));
    await Promise.all([fetchFiles(stage.app), fetchFiles(stage.app), fetchFiles(stage.app)]);
    await fetchNow();
    const files = await stage.query(`select 1 from case_files where message_id = '${messageId}'`);
    expect(files).toHaveLength(1);
    expect(await row(messageId)).toMatchObject({ state: 'kept', tries: 1 });
  });

  test.each([
    ['a lost answer', { kind: 'lose-answer', accept: true }],
    ['a busy platform', { kind: 'answer', body: { errcode: -1, errmsg: 'system error' } }],
    ['a gateway that is down', { kind: 'status', status: 502 }],
    [
      'a page of HTML',
      { kind: 'answer', body: { errcode: 45009, errmsg: 'reach max api daily quota limit' } },
    ],
  ] as const)('is asked for again after %s', async (_what, fault) => {
    const { messageId } = await send('image', await picture('#208040'));
    stage.arm(path, fault);
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'waiting', tries: 1, waits: true });
    await stage.query('delete from call_holds');
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'kept', failure: null });
  });

  test('that the platform has no more is called lost, in words', async () => {
    const { messageId, caseId } = await send('image', await picture('#808080'));
    stage.account().sent = {};
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'lost', failure: '40007', waits: null });
    expect((await seen(caseId)).attachment?.file).toEqual({ state: 'lost', reason: null });
  });

  test('that could not be had for as long as the platform keeps it is given up', async () => {
    const { messageId } = await send('image', await picture('#404040'));
    await stage.query(`alter table messages disable trigger user`);
    await stage.query(`update messages set at = now() - interval '4 days' where id = '${messageId}'`);
    await stage.query(`alter table messages enable trigger user`);
    stage.arm(path, { kind: 'status', status: 502 });
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'lost', failure: 'lost' });
  });

  test('that is none is refused and not kept', async () => {
    const { messageId, caseId } = await send('image', Buffer.from('MZ\x90\x00 this program cannot be run'));
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'refused', failure: 'sent-file-type-refused' });
    const message = await seen(caseId);
    expect(message.files).toEqual([]);
    expect(message.attachment?.file?.reason?.zh).toContain('不支持');
  });

  test('that is cut off is refused once, and not asked for again', async () => {
    const whole = await picture('#102030');
    const { messageId } = await send('image', whole.subarray(0, whole.length - 120));
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'refused', failure: 'file-type-refused', tries: 1 });
  });

  test('waits while the account must be signed in again', async () => {
    const { messageId } = await send('image', await picture('#c0c020'));
    await stage.query(`update accounts set state = 'sign-in-again'`);
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'waiting', failure: 'sign-in-again' });
    await stage.query(`update accounts set state = 'active'`);
    await fetchNow();
    expect(await row(messageId)).toMatchObject({ state: 'kept' });
  });
});

test('a recorded voice is kept, where ffmpeg is there as one that browsers play', async () => {
  const { caseId } = await send('voice', voice);
  await fetchNow();
  const [file] = (await seen(caseId)).files;
  expect(file).toMatchObject({ name: expect.stringContaining('语音') });
  expect(['audio/mp4', 'audio/amr']).toContain(file!.mime);
});

test('without ffmpeg a voice is kept as it came', async () => {
  const { caseId } = await send('voice', Buffer.concat([voice, voice.subarray(6)]));
  const { ffmpeg } = stage.app.config;
  Object.assign(stage.app.config, { ffmpeg: null });
  await fetchNow().finally(() => Object.assign(stage.app.config, { ffmpeg }));
  const [file] = (await seen(caseId)).files;
  expect(file).toMatchObject({ mime: 'audio/amr', size: voice.length * 2 - 6 });
});

test('of a film the answer tells the address, and it is fetched from there', async () => {
  const { messageId, caseId } = await send('video', film);
  await fetchNow();
  expect(await row(messageId)).toMatchObject({ state: 'kept' });
  expect((await seen(caseId)).files).toMatchObject([{ mime: 'video/mp4' }]);
});
