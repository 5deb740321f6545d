import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { until } from '#tests/support/wait.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { processPushes } from './process-pushes.ts';
import { createPushIntake } from './push-intake.ts';
import { listWaitingPushes, pushPlace, readPushLag } from './store.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

let lastMsgId = 24_940_000_000_000_000n;
const nextMsgId = () => {
  lastMsgId += 1n;
  return String(lastMsgId);
};
const countPushes = async (where = 'true') =>
  (await stage.query<{ count: number }>(`select count(*) as count from raw_pushes where ${where}`))[0]!.count;
const drain = async () => {
  while ((await processPushes(stage.app)).count > 0);
};

describe('the address of pushes', () => {
  test('answers the platform’s address check and nobody else’s', async () => {
    const { createHash } = await import('node:crypto');
    const stamp = String(Math.floor(Date.now() / 1000));
    const signature = createHash('sha1')
      .update(['matrixTestToken', stamp, 'n1'].toSorted().join(''))
      .digest('hex');
    const ask = (sign: string) =>
      fetch(`${stage.hook}?signature=${sign}&timestamp=${stamp}&nonce=n1&echostr=echo-77`);
    const good = await ask(signature);
    expect([good.status, await good.text()]).toEqual([200, 'echo-77']);
    expect((await ask(signature.replace(/./, '0').replace(/.$/, 'f'))).status).toBe(401);
  });

  test('refuses a forged push and keeps nothing of it', async () => {
    const msgId = nextMsgId();
    const answer = await stage.post(stage.sealText('伪造', { msgId, forged: true }));
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'push-refused' });
    expect(await countPushes(`dedup_key like '%${msgId}'`)).toBe(0);
  });

  test.each([
    ['an account nobody has', () => `/hooks/wechat-official/${newId()}`],
    ['another platform’s name', () => `/hooks/weibo/${stage.bureau.accountId}`],
    ['something that is no id', () => '/hooks/wechat-official/1%27%20or%201=1'],
  ])('is not found for %s', async (_what, path) => {
    const push = stage.sealText('您好', { msgId: nextMsgId() });
    const url = push.url.replace(/\/hooks\/[^?]*/, path());
    expect((await stage.post({ ...push, url })).status).toBe(404);
  });

  test('takes any content type and refuses more than a megabyte', async () => {
    const push = stage.sealText('您好', { msgId: nextMsgId() });
    const odd = { ...push, headers: { 'content-type': 'application/octet-stream; x=y' } };
    expect((await stage.post(odd)).status).toBe(200);
    expect((await stage.post({ ...push, body: 'x'.repeat(1_100_000) })).status).toBe(413);
    const garbage = { ...push, body: '<xml><!DOCTYPE a [<!ENTITY b "c">]></xml>' };
    expect((await stage.post(garbage)).status).toBe(401);
  });
});

describe('a push', () => {
  test('is committed, sealed, before it is acknowledged', async () => {
    const msgId = nextMsgId();
    const answer = await stage.post(stage.sealText('我的养老金没到账', { msgId }));
    // Nothing has processed it: what is there now survives whatever happens to this process.
    const rows = await stage.query<{ dedup_key: string; sealed: Buffer; processed_at: Date | null }>(
      `select dedup_key, sealed, processed_at from raw_pushes where dedup_key = 'msg:${msgId}'`,
    );
    expect(answer).toEqual({ status: 200, body: 'success' });
    expect(rows).toHaveLength(1);
    expect(rows[0]!.processed_at).toBeNull();
    expect(rows[0]!.sealed.includes('养老金')).toBe(false);
    const place = pushPlace({
      bureauId: stage.bureau.id,
      accountId: stage.bureau.accountId,
      dedupKey: `msg:${msgId}`,
    });
    expect(stage.app.sealer.open(place, rows[0]!.sealed).toString()).toContain('我的养老金没到账');
  });

  test('is absorbed when it is replayed, before and after it was processed', async () => {
    const msgId = nextMsgId();
    const push = stage.sealText('请问社保卡怎么补办', { msgId, from: 'oREPLAY' });
    for (let count = 0; count < 3; count += 1) expect((await stage.post(push)).status).toBe(200);
    await drain();
    const retry = stage.sealText('请问社保卡怎么补办', { msgId, from: 'oREPLAY' });
    expect((await stage.post(retry)).status).toBe(200);
    await drain();
    expect(await countPushes(`dedup_key = 'msg:${msgId}'`)).toBe(1);
    const messages = await stage.query(`select 1 from messages where platform_id = 'msg:${msgId}'`);
    const cases = await stage.query(
      `select 1 from case_conversations l join conversations v on v.id = l.conversation_id where v.person_key = 'oREPLAY'`,
    );
    expect([messages.length, cases.length]).toEqual([1, 1]);
  });

  test('is answered with 503 when it cannot be stored, so that the platform sends it again', async () => {
    const msgId = nextMsgId();
    await stage.query('alter table raw_pushes rename to raw_pushes_away');
    const lost = await stage.post(stage.sealText('您好', { msgId }));
    await stage.query('alter table raw_pushes_away rename to raw_pushes');
    expect([lost.status, JSON.parse(lost.body)]).toMatchObject([503, { code: 'database-unavailable' }]);
    expect((await stage.post(stage.sealText('您好', { msgId }))).status).toBe(200);
    expect(await countPushes(`dedup_key = 'msg:${msgId}'`)).toBe(1);
  });
});

describe('group commit', () => {
  const push = (dedupKey: string) => ({
    bureauId: stage.bureau.id,
    accountId: stage.bureau.accountId,
    dedupKey,
    sealed: Buffer.from('x'),
  });
  const transactionsOf = (prefix: string) =>
    stage.query<{ xmin: string }>(
      `select distinct xmin::text from raw_pushes where dedup_key like '${prefix}:%'`,
    );

  test('takes 200 concurrent pushes to disk in a few transactions, each answered after its own', async () => {
    const pushes = Array.from({ length: 200 }, (_, at) =>
      stage.sealText('并发', { msgId: `9${at}`, from: `oC${at}` }),
    );
    const answers = await Promise.all(pushes.map(stage.post));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await countPushes(`dedup_key ~ '^msg:9\\d+$'`)).toBe(200);
    const groups = await stage.query(
      `select distinct xmin::text from raw_pushes where dedup_key ~ '^msg:9\\d+$'`,
    );
    expect(groups.length).toBeLessThan(100);
  });

  test('is one transaction for what waits together', async () => {
    const intake = createPushIntake(stage.app.database);
    await Promise.all(Array.from({ length: 200 }, (_, at) => intake.accept(push(`one:${at}`))));
    expect(await transactionsOf('one')).toHaveLength(1);
  });

  test('lets one row that cannot be stored fail alone', async () => {
    const intake = createPushIntake(stage.app.database);
    const keys = ['poison:1', 'poison:\u0000', 'poison:2'];
    const results = await Promise.allSettled(keys.map((key) => intake.accept(push(key))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await countPushes(`dedup_key like 'poison:%'`)).toBe(2);
  });

  test('refuses what would not fit in memory instead of gathering it', async () => {
    const intake = createPushIntake(stage.app.database);
    const results = await Promise.allSettled(
      Array.from({ length: 5_200 }, (_, at) => intake.accept(push(`flood:${at}`))),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(200);
    expect(refused[0]).toMatchObject({ reason: { code: 'too-many-requests' } });
    expect(await countPushes(`dedup_key like 'flood:%'`)).toBe(5_000);
    await stage.query(`delete from raw_pushes where dedup_key ~ '^(flood|one|poison):'`);
  });

  test('is finished before a closed intake says so, and takes nothing after', async () => {
    const intake = createPushIntake(stage.app.database);
    const accepted = intake.accept(push('closing:1'));
    await intake.close();
    await accepted;
    await expect(intake.accept(push('closing:2'))).rejects.toMatchObject({ code: 'too-many-requests' });
    await stage.query(`delete from raw_pushes where dedup_key like 'closing:%'`);
  });
});

describe('processing', () => {
  test('isolates a push that nobody can read', async () => {
    await drain();
    const poisoned = nextMsgId();
    const healthy = nextMsgId();
    await stage.post(stage.sealText('坏的', { msgId: poisoned }));
    await stage.query(`update raw_pushes set sealed = sealed || '\\x00' where dedup_key = 'msg:${poisoned}'`);
    await stage.post(stage.sealText('好的，请问退休年龄', { msgId: healthy, from: 'oHEALTHY' }));
    await drain();
    const rows = await stage.query<{ dedup_key: string; failure: string | null; done: boolean }>(
      `select dedup_key, failure, processed_at is not null as done from raw_pushes
       where dedup_key in ('msg:${poisoned}', 'msg:${healthy}') order by dedup_key`,
    );
    expect(rows).toEqual([
      { dedup_key: `msg:${poisoned}`, failure: 'unreadable: Error', done: true },
      { dedup_key: `msg:${healthy}`, failure: null, done: true },
    ]);
  });

  test('keeps the others of a batch when the database refuses one', async () => {
    const [first, bad, last] = [nextMsgId(), nextMsgId(), nextMsgId()];
    await stage.post(stage.sealText('一', { msgId: first, from: 'oBATCH1' }));
    // Half a character: JSON can carry it, a jsonb column can't.
    const clear = JSON.stringify({
      ToUserName: 'gh_0123456789ab',
      FromUserName: 'oBATCH2',
      CreateTime: 1_795_412_521,
      MsgType: 'image',
      MsgId: bad,
      MediaId: '\ud800',
      PicUrl: '',
    });
    const key = { bureauId: stage.bureau.id, accountId: stage.bureau.accountId, dedupKey: `msg:${bad}` };
    await stage.intake.accept({ ...key, sealed: stage.app.sealer.seal(pushPlace(key), clear) });
    await stage.post(stage.sealText('三', { msgId: last, from: 'oBATCH3' }));
    await drain();
    const rows = await stage.query<{ failure: string | null }>(
      `select failure from raw_pushes where dedup_key in ('msg:${first}', 'msg:${bad}', 'msg:${last}') order by dedup_key`,
    );
    expect(rows.map(({ failure }) => failure)).toEqual([null, expect.stringMatching(/^refused: 22/), null]);
    expect(
      await stage.query(`select 1 from conversations where person_key in ('oBATCH1', 'oBATCH3')`),
    ).toHaveLength(2);
  });

  test('orders a thread by the platform’s time and opens one case, whatever the order of arrival', async () => {
    const minute = (ago: number) => new Date(Date.now() - ago * 60_000);
    const words = [
      ['第三句', 1],
      ['第一句，请问失业金怎么领', 3],
      ['第二句', 2],
    ] as const;
    for (const [text, ago] of words) {
      await stage.post(stage.sealText(text, { msgId: nextMsgId(), from: 'oORDER', at: minute(ago) }));
    }
    await drain();
    const texts = await stage.query<{ text: string; title: string; state: string; last_at: Date }>(
      `select m.text, c.title, c.state, v.last_at from messages m
       join conversations v on v.id = m.conversation_id
       join case_conversations l on l.conversation_id = v.id join cases c on c.id = l.case_id
       where v.person_key = 'oORDER' order by m.at`,
    );
    expect(texts.map(({ text }) => text.slice(0, 3))).toEqual(['第一句', '第二句', '第三句']);
    expect(texts[0]).toMatchObject({ title: '第一句，请问失业金怎么领', state: 'open' });
    expect(Date.now() - texts[0]!.last_at.getTime()).toBeLessThan(2 * 60_000);
  });

  test('waits ten minutes for the post a receipt speaks of, and holds up nothing meanwhile', async () => {
    const { accountId, id: bureauId } = stage.bureau;
    const clear = `<xml><ToUserName>gh_0123456789ab</ToUserName><FromUserName>oSYS</FromUserName><CreateTime>1</CreateTime>
      <MsgType>event</MsgType><Event>PUBLISHJOBFINISH</Event><PublishEventInfo><publish_id>778899</publish_id>
      <publish_status>2</publish_status><fail_idx>1</fail_idx></PublishEventInfo></xml>`;
    const dedupKey = 'event:oSYS:1:PUBLISHJOBFINISH:778899';
    const sealed = stage.app.sealer.seal(pushPlace({ bureauId, accountId, dedupKey }), clear);
    await stage.intake.accept({ bureauId, accountId, dedupKey, sealed });
    await drain();
    const look = async () =>
      (
        await stage.query<{ failure: string | null; waits: boolean; done: boolean }>(
          `select failure, try_at > now() as waits, processed_at is not null as done from raw_pushes
           where dedup_key = '${dedupKey}'`,
        )
      )[0];
    expect(await look()).toEqual({ failure: null, waits: true, done: false });
    expect(await stage.app.database.withWorker((tx) => listWaitingPushes(tx, 10))).toEqual([]);
    await stage.query(
      `update raw_pushes set try_at = now(), received_at = now() - interval '11 minutes' where dedup_key = '${dedupKey}'`,
    );
    await drain();
    expect(await look()).toMatchObject({ failure: 'unmatched', done: true });
  });

  test('closes the reply window of someone who leaves', async () => {
    stage.write('要走的人', '请问档案怎么转');
    await until(
      async () => {
        await processPushes(stage.app);
        return (await stage.query(`select 1 from messages where text = '请问档案怎么转'`)).length === 1;
      },
      { what: 'the message arrives' },
    );
    stage.setSubscribed('要走的人', false);
    await until(
      async () => {
        await processPushes(stage.app);
        const rows = await stage.query(
          `select 1 from conversations v join messages m on m.conversation_id = v.id
         where m.text = '请问档案怎么转' and v.window_left = 0`,
        );
        return rows.length === 1;
      },
      { what: 'the window closes' },
    );
  });

  test('by two processes at once makes nothing twice', async () => {
    const pushes = Array.from({ length: 60 }, (_, at) =>
      stage.sealText(`第 ${at} 句`, { msgId: nextMsgId(), from: `oTWO${at % 5}` }),
    );
    await Promise.all(pushes.map(stage.post));
    await until(
      async () => {
        await Promise.all([processPushes(stage.app), processPushes(stage.app), processPushes(stage.app)]);
        return (await countPushes('processed_at is null and try_at <= now()')) === 0;
      },
      { what: 'all are processed' },
    );
    const [found] = await stage.query<{ threads: number; messages: number; cases: number }>(
      `select count(distinct v.id) as threads, count(distinct m.id) as messages, count(distinct l.case_id) as cases
       from conversations v join messages m on m.conversation_id = v.id
       join case_conversations l on l.conversation_id = v.id where v.person_key like 'oTWO%'`,
    );
    expect(found).toEqual({ threads: 5, messages: 60, cases: 5 });
  });
});

test('how long a message took from its push to the desk is told, and nothing where none came', async () => {
  const lag = () => stage.app.database.withWorker((tx) => readPushLag(tx, stage.bureau.id));
  const msgId = nextMsgId();
  await stage.post(stage.sealText('几点下班', { msgId }));
  await stage.query(
    `update raw_pushes set received_at = now() - interval '90 seconds' where dedup_key like '%${msgId}'`,
  );
  await drain();
  const found = await lag();
  expect(found!.p95Ms).toBeGreaterThan(0);
  expect(found!.messages).toBeGreaterThan(0);
  await stage.query(`update raw_pushes set received_at = processed_at - interval '90 seconds'`);
  expect(await lag()).toMatchObject({ p50Ms: 90_000, p95Ms: 90_000 });
  const nobody = await stage.app.database.withWorker((tx) => readPushLag(tx, newId()));
  expect(nobody).toBeNull();
});

describe('a push that our own program cannot deal with', () => {
  const messages = async (text: string) =>
    stage.query(`select 1 from messages where text = '${text}' and direction = 'in'`);

  test('stops nobody else’s, waits ever longer, and is dealt with once that is mended', async () => {
    const insert = (settings: string) =>
      stage.query(
        `insert into inbox_settings (bureau_id, settings) values ('${stage.bureau.id}', '${settings}')
         on conflict (bureau_id) do update set settings = excluded.settings`,
      );
    const bad = nextMsgId();
    await insert('{"levels":"three"}');
    await stage.post(stage.sealText('设置坏了时写的', { msgId: bad, from: 'oPERSON0000000000000000091' }));
    await drain();
    const [row] = await stage.query<{ failure: string; waits: boolean }>(
      `select failure, try_at > now() + interval '50 seconds' as waits from raw_pushes
       where dedup_key like '%${bad}' and processed_at is null`,
    );
    expect(row).toMatchObject({ failure: expect.stringMatching(/^fault: /), waits: true });
    await insert('{}');
    await stage.post(
      stage.sealText('后来的人写的', { msgId: nextMsgId(), from: 'oPERSON0000000000000000092' }),
    );
    await drain();
    expect(await messages('后来的人写的')).toHaveLength(1);
    await stage.query(`update raw_pushes set try_at = now() where dedup_key like '%${bad}'`);
    await drain();
    expect(await messages('设置坏了时写的')).toHaveLength(1);
  });

  test('is none that speaks of a case which waited for more than a year', async () => {
    const from = 'oPERSON0000000000000000093';
    await stage.post(stage.sealText('一年前问的', { msgId: nextMsgId(), from }));
    await drain();
    const [found] = await stage.query<{ case_id: string }>(
      `select l.case_id from messages m join case_conversations l using (bureau_id, conversation_id)
       where m.text = '一年前问的'`,
    );
    const ofCase = `bureau_id = '${stage.bureau.id}' and case_id = '${found!.case_id}'`;
    await stage.query('alter table case_events disable trigger user');
    await stage.query(`update case_events set at = now() - interval '430 days' where ${ofCase}`);
    await stage.query('alter table case_events enable trigger user');
    await stage.query(
      `insert into case_events (bureau_id, id, case_id, event, at)
       values ('${stage.bureau.id}', '${newId()}', '${found!.case_id}', 'paused', now() - interval '429 days')`,
    );
    await stage.query(
      `update cases set received_at = now() - interval '430 days', paused_at = now() - interval '429 days', due_at = null
       where id = '${found!.case_id}'`,
    );
    await stage.post(stage.sealText('终于补上材料了', { msgId: nextMsgId(), from }));
    await drain();
    expect(await messages('终于补上材料了')).toHaveLength(1);
    const [now] = await stage.query<{ paused: boolean; soon: boolean }>(
      `select paused_at is not null as paused, due_at > now() as soon from cases where id = '${found!.case_id}'`,
    );
    expect(now).toEqual({ paused: false, soon: true });
    const view = await stage.call(stage.bureau.agent, 'GET', `/api/cases/${found!.case_id}`);
    expect(view.status).toBe(200);
  });
});
