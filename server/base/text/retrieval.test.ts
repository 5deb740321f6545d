import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAnswerIndex, rankAnswers } from './retrieval.ts';

const answers = [
  { id: 'card', title: '社保卡丢失后怎样补办', text: '请带身份证到任一网点挂失补办，当天可取。' },
  { id: 'pension', title: '养老金资格认证', text: '可在手机上刷脸认证，也可到社区办理。' },
  {
    id: 'jobless',
    title: '失业金的领取条件',
    text: '缴费满一年、非因本人意愿中断就业并已登记失业的，可以领取失业金。',
  },
  { id: 'wages', title: '被拖欠工资怎么办', text: '可向劳动保障监察机构投诉，带上合同或考勤。' },
];

describe('the best answers', () => {
  test.each([
    ['您好，请问社保卡丢了怎么补？谢谢', 'card'],
    ['老人怎么做养老金认证', 'pension'],
    ['失业金能领吗', 'jobless'],
    ['老板拖欠工资三个月', 'wages'],
  ])('to %j begin with %s', (query, id) => expect(rankAnswers(query, answers)[0]?.id).toBe(id));

  test('are none when nothing of the question is there', () => {
    expect(rankAnswers('xyz', answers)).toEqual([]);
    expect(rankAnswers('', answers)).toEqual([]);
    expect(rankAnswers('失业金', [])).toEqual([]);
  });

  test('come in order, at most as many as wanted, each covering between nothing and all', () => {
    const index = createAnswerIndex(answers);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 5 }), (query, limit) => {
        const found = index.rank(`养老${query}工资`, limit);
        expect(found.length).toBeLessThanOrEqual(limit);
        for (const [at, one] of found.entries()) {
          expect(one.covered).toBeGreaterThan(0);
          expect(one.covered).toBeLessThanOrEqual(1.000001);
          if (at > 0) expect(found[at - 1]!.score).toBeGreaterThanOrEqual(one.score);
        }
      }),
    );
  });
});
