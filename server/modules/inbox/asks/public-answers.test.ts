import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#server/base/ids.ts';
import { indexTerms } from '#server/modules/publishing/index.ts';
import { type InboxStage, stageInbox } from '../test-support.ts';
import { findMatchingAnswers } from './public-answers.ts';

let stage: InboxStage;
beforeAll(async () => {
  stage = await stageInbox();
}, 60_000);
afterAll(() => stage.stop());

async function publish(at: number, question: string, daysAgo: number): Promise<void> {
  const terms = indexTerms(`${question}\n答复`).map((term) => `'${term}'`);
  const [caseId, bureauId] = [newId(), stage.bureau.id];
  await stage.query(
    `insert into cases (bureau_id, id, number, kind, title, received_at)
     values ('${bureauId}', '${caseId}', 'X${at}', 'consult', 'x', now())`,
  );
  await stage.query(
    `insert into published_answers
       (bureau_id, id, case_id, slug, question, answer, kind, state, bigrams, created_by, published_at)
     values ('${bureauId}', '${newId()}', '${caseId}', '20260101-${String(at).padStart(8, '0')}', '${question}', '答复',
       'consult', 'published', array_to_tsvector(array[${terms.join(',')}]), '${newId()}',
       now() - interval '${daysAgo} days')`,
  );
}

test('an old answer to the very question is found among hundreds of newer ones that share common words', async () => {
  const question = '失业金可以领几个月需要什么条件';
  await publish(0, question, 400);
  for (let at = 1; at <= 320; at += 1) await publish(at, `请问社保卡需要在哪个银行网点办理第${at}问`, 1);
  const found = await stage.app.database.withPublic((tx) =>
    findMatchingAnswers(tx, stage.bureau.id, question, 3),
  );
  expect(found[0]?.question).toBe(question);
});
