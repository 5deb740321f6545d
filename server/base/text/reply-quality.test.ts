import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeReply } from './reply-quality.ts';

const question = '请问失业金怎么申请，要带什么材料，在哪里办？';
const good =
  '您好！申请失业金有三步。先在社区做失业登记，再带身份证和离职证明到政务大厅3号窗口，当天就能办好。根据《失业保险条例》第十四条，缴费满一年可以领取。有疑问请打12333。';
const judge = (reply: string, days: number | null = 2) =>
  judgeReply({ question, reply, days, allowedDays: 3 });

describe('the quality of an answer', () => {
  test('is high for one that answers, names its basis and is plain', () => {
    const quality = judge(good);
    for (const [name, mark] of Object.entries(quality)) {
      if (typeof mark !== 'number') expect([name, mark.score >= 0.5]).toEqual([name, true]);
    }
    expect(quality.overall).toBeGreaterThan(0.75);
  });

  test('is low for an empty form, and says what to mend', () => {
    const quality = judge('您好！您的留言已收悉。感谢您对我们工作的支持。', 30);
    expect(quality.overall).toBeLessThan(judge(good).overall / 2);
    expect(quality.completeness.why.zh).toContain('还没有说清');
    expect(quality.basis.score).toBe(0);
    expect(quality.timeliness.score).toBe(0);
  });

  test('asks for shorter sentences', () => {
    const long = `${'经研究鉴于上述有关规定予以酌情处理并由相关部门据此贯彻落实'.repeat(5)}。`;
    expect(judge(long).readability.why.zh).toContain('短句');
    expect(judge(long).readability.score).toBeLessThan(judge(good).readability.score);
  });

  test('is judged before it is sent too', () => {
    expect(judge(good, null).timeliness).toMatchObject({ score: 1, why: { zh: '还没有发出。' } });
  });

  test('gives marks from 0 to 1 for anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        fc.double({ min: 0, max: 400, noNaN: true }),
        (asked, reply, days) => {
          const { overall, ...marks } = judgeReply({ question: asked, reply, days, allowedDays: 5 });
          for (const { score } of [...Object.values(marks), { score: overall }]) {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});
