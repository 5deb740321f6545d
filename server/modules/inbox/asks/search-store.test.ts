import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { indexTerms } from '#server/modules/publishing/index.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { searchAnswers, searchQuery, searchWords } from './search-store.ts';

let stage: InboxStage;
let count = 0;
beforeAll(async () => {
  stage = await stageInbox();
  await publish('社保卡丢了怎么补办？', '可到任一银行网点挂失，带身份证即可。Ｗｉｎｄｏｗ 12333。');
  await publish('灵活就业能办社保卡吗？', '可以。打零工的也能办。');
  await publish('工伤认定多久？', '60 日。社保卡不影响认定。');
}, 60_000);
afterAll(() => stage.stop());

async function publish(question: string, answer: string): Promise<void> {
  await publishMany([{ question, answer }]);
}

async function publishMany(rows: readonly { question: string; answer: string }[]): Promise<void> {
  const bureauId = stage.bureau.id;
  const made = rows.map(({ question, answer }) => {
    count += 1;
    const slug = `20260101-${String(count).padStart(8, '0')}`;
    const terms = indexTerms(`${question}\n${answer}`);
    return { id: newId(), case_id: newId(), number: `S${count}`, slug, question, answer, terms };
  });
  await stage.app.database.asOwner((db) =>
    sql`
      with given as (
        select * from jsonb_to_recordset(${JSON.stringify(made)}::jsonb)
          as x(id uuid, case_id uuid, number text, slug text, question text, answer text, terms text[])),
      opened as (
        insert into cases (bureau_id, id, number, kind, title, received_at)
        select ${bureauId}, case_id, number, 'consult', 'x', now() from given returning id)
      insert into published_answers
        (bureau_id, id, case_id, slug, question, answer, kind, state, bigrams, created_by, published_at)
      select ${bureauId}, given.id, case_id, slug, question, answer, 'consult', 'published', array_to_tsvector(terms),
             given.id, now()
      from given join opened on opened.id = case_id`.execute(db),
  );
}

const find = (typed: string, page: { limit: number; offset?: number } = { limit: 20 }) =>
  stage.app.database.withPublic((tx) => searchAnswers(tx, stage.bureau.id, typed, page));
const questions = async (typed: string) => (await find(typed)).map(({ question }) => question);

describe('a search of published answers', () => {
  test.each([
    '补办',
    '挂失',
    '网点',
    '身份证',
    '丢',
    '怎么补办',
    'window',
    'WIN',
    '１２３３３',
    '挂失 补办',
    '补办，网点',
  ])('for %s finds the answer that holds it, in question or answer', async (typed) =>
    expect(await questions(typed)).toEqual(['社保卡丢了怎么补办？']),
  );

  test('shows what stands in the question before what stands in the answer', async () => {
    expect((await questions('社保卡')).at(-1)).toBe('工伤认定多久？');
    expect(await questions('社保卡')).toHaveLength(3);
    expect(await questions('零工')).toEqual(['灵活就业能办社保卡吗？']);
  });

  test.each(['社保卡 公积金', '卡保', '100%', '？？', '', "it's \\ :*"])(
    'finds nothing for %s',
    async (typed) => expect(await questions(typed)).toEqual([]),
  );

  test('parts words at blanks and signs and takes eight', () => {
    expect(searchWords(' 社保卡　补办，ＡＢ ')).toEqual(['社保卡', '补办', 'ab']);
    expect(searchWords('一 二 三 四 五 六 七 八 九 十')).toHaveLength(8);
  });

  test('is quick, paged and by index among ten thousand that all hold the word', async () => {
    const text = '带上身份证、户口簿和近期照片，到参保地的经办窗口办理，也可以在网上申请；'.repeat(8);
    for (let part = 0; part < 10; part += 1)
      await publishMany(
        Array.from({ length: 1_000 }, (_, at) => ({
          question: `养老保险第${part * 1_000 + at}问怎么转移接续？`,
          answer: text,
        })),
      );
    await stage.app.database.asOwner((db) => sql`analyze published_answers`.execute(db));
    const first = await find('养老保险 转移');
    const second = await find('养老保险 转移', { limit: 20, offset: 20 });
    expect(new Set([...first, ...second].map(({ slug }) => slug)).size).toBe(40);
    const times: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const begun = performance.now();
      await find('养老保险 转移');
      times.push(performance.now() - begun);
    }
    // Generous: the machine of the tests is shared. It takes some thirty.
    expect(Math.min(...times)).toBeLessThan(400);
    const plan = await stage.app.database.withPublic((tx) =>
      sql<{ 'QUERY PLAN': string }>`
        explain ${searchQuery(stage.bureau.id, searchWords('挂失'), { limit: 20 })}`.execute(tx),
    );
    expect(JSON.stringify(plan.rows)).toContain('published_answers_bigrams');
  }, 120_000);
});
