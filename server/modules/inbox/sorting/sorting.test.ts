import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import type { SortingReport } from '#shared/insight.ts';
import { until } from '#tests/support/wait.ts';
import { processPushes } from '../intake/process-pushes.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { judgeSorting } from './judge-sorting.ts';
import { sort } from './sort.ts';
import { trainWhereNeeded } from './train.ts';

let stage: InboxStage;
let messages = 0;
beforeAll(async () => {
  stage = await stageInbox();
});
afterAll(() => stage?.stop());

/** A message comes in; the case that it opened. */
async function ask(
  text: string,
): Promise<{ id: string; kind: string; field: string | null; urgency: string }> {
  messages += 1;
  const from = `oPERSON${String(messages).padStart(21, '0')}`;
  await stage.post(stage.sealText(text, { msgId: `${messages}`, from }));
  return until(
    async () => {
      await processPushes(stage.app);
      const [row] = await stage.query<{ id: string; kind: string; field: string | null; urgency: string }>(
        `select id, kind, field, urgency from cases where title = '${text.slice(0, 40)}'`,
      );
      return row;
    },
    { what: 'the case is there' },
  );
}

const decision = async (caseId: string) =>
  (
    await stage.query<{ detail: { by: unknown; words: { field: string[] }; guess: string | null } }>(
      `select detail from case_events where case_id = '${caseId}' and event = 'classified' order by at, id limit 1`,
    )
  )[0]!.detail;

const report = async () =>
  (await stage.call(stage.bureau.agent, 'GET', '/api/inbox/sorting')).body as {
    model: { corrections: number; report: SortingReport } | null;
    waiting: number;
  };

describe('sorting', () => {
  test('goes by the word lists until there is a model', async () => {
    const made = await ask('请问社保卡丢了怎么补办');
    expect(made).toMatchObject({ field: '社保卡', kind: 'consult' });
    expect((await decision(made.id)).by).toEqual({ field: 'words', kind: 'words' });
    expect((await report()).model).toBeNull();
  });

  test('learns in a thread while the event loop goes on, and then says who decided and by which words', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    expect(await trainWhereNeeded(stage.app)).toBe(1);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
    expect(await trainWhereNeeded(stage.app)).toBe(0);
    const made = await ask('社保卡丢失了要去哪里补办一张新的');
    const { by, words } = await decision(made.id);
    expect(made.field).toBe('社保卡');
    expect(by).toMatchObject({ field: expect.stringMatching(/both|model/) });
    expect(words.field.length).toBeGreaterThan(0);
  });

  test('leaves the field to a person where it is not sure, and says what it would have guessed', async () => {
    const made = await ask('上次说的那件事后来怎么样了呀');
    const { by, guess } = await decision(made.id);
    expect([made.field, (by as { field: unknown }).field]).toEqual([null, null]);
    expect(guess).not.toBeNull();
  });

  test('reads danger as urgent, for the order of work alone', async () => {
    expect((await ask('再不解决我就从楼上跳下去，不想活了')).urgency).toBe('critical');
  });

  test('learns from what people set right, once there are ten', async () => {
    const oddly = (at: number) => `蓝鲸卡第${at}回年审在哪个窗口盖章办理`;
    const before = await stage.app.database.withWorker((tx) => sort(tx, stage.bureau.id, oddly(99)));
    expect(before.field).not.toBe('人才人事');
    for (let at = 0; at < 10; at += 1) {
      const { id } = await ask(oddly(at));
      const body = { kind: 'help', field: '人才人事' };
      const set = await stage.call(stage.bureau.agent, 'PUT', `/api/cases/${id}/class`, body);
      expect(set.status).toBe(200);
      if (at === 8) expect(await trainWhereNeeded(stage.app)).toBe(0);
    }
    expect((await report()).waiting).toBe(10);
    expect(await trainWhereNeeded(stage.app)).toBe(1);
    const seen = await report();
    expect([seen.waiting, seen.model!.corrections]).toEqual([0, 10]);
    // Of ten nothing is claimed.
    expect(seen.model!.report.judged).toBe(0);
    const after = await stage.app.database.withWorker((tx) => sort(tx, stage.bureau.id, oddly(99)));
    expect(after.field ?? after.guess).toBe('人才人事');
  });

  test('a model that learnt from less does not replace one that learnt from more', async () => {
    await stage.app.database.withWorker(async (tx) => {
      await sql`update sorting_models set corrections = 50 where bureau_id = ${stage.bureau.id}`.execute(tx);
      await sql`
        insert into case_events (bureau_id, id, case_id, event, at, actor_id, detail)
        select bureau_id, gen_random_uuid(), id, 'classified', clock_timestamp(), ${newId()},
               '{"kind":"help","field":"社保卡"}'
        from cases where bureau_id = ${stage.bureau.id} limit 12`.execute(tx);
    });
    await trainWhereNeeded(stage.app);
    expect((await report()).model!.corrections).toBe(50);
  });
});

describe('the engine', () => {
  test('of an older program is not read, and the model made anew', async () => {
    const wish = '社保卡丢了去哪里补办新卡';
    const by = () =>
      stage.app.database.withWorker(async (tx) => (await sort(tx, stage.bureau.id, wish)).confidence);
    expect(await by()).not.toBeNull();
    await stage.query(
      `update sorting_models set engine = 0, field_model = 'x' where bureau_id = '${stage.bureau.id}'`,
    );
    expect(await by()).toBeNull();
    expect(await trainWhereNeeded(stage.app)).toBe(1);
    expect(await by()).not.toBeNull();
  });

  test('are counted by their index, so that counting them stays cheap', async () => {
    const plan = await stage.app.database.withWorker(async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      const { rows } = await sql<{ 'QUERY PLAN': string }>`explain
        select count(*), max(at) from case_events
        where bureau_id = ${stage.bureau.id} and event = 'classified' and actor_id is not null`.execute(tx);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('case_events_corrections');
  });
});

describe('how well it does', () => {
  test('is told by models that have not seen what they judge', () => {
    const sorted = Array.from({ length: 40 }, (_, at) => ({
      ...{ text: `第${at}封信，各不相同 ${at * 7919}`, kind: 'consult' as const },
      field: at % 4 === 0 ? ('社保卡' as const) : ('考试' as const),
    }));
    const seen = new Set<string>();
    const found = judgeSorting(sorted, (own) => {
      const known = new Set(own.map((one) => one.text));
      return {
        predict(text) {
          expect(known.has(text)).toBe(false);
          seen.add(text);
          const reading = { kind: 'consult' as const, kindAutomatic: false, kindConfidence: 0.5 };
          const words = { field: [], kind: [], urgency: [] };
          return { ...reading, field: '考试', automatic: true, confidence: 1, urgency: 'normal', words };
        },
      };
    });
    expect(seen.size).toBe(40);
    expect(found.field).toMatchObject({ judged: 40, right: 30, automatic: 40, automaticRight: 30 });
    expect(found.field.confusion).toEqual([
      { said: '考试', model: '考试', count: 30 },
      { said: '社保卡', model: '考试', count: 10 },
    ]);
    expect(found.kind).toMatchObject({ automatic: 0, right: 40 });
  });
});
