import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Example, openTextModel, trainTextModel } from './classifier.ts';
import { calibrate, confidenceOf, leadForPrecision } from './learn/calibrate.ts';
import { foldForLearning, foldWithOrigin } from './learn/fold.ts';
import { createMessageModel } from './message-model.ts';
import { seedMessages } from './message-seeds.ts';

const examples: Example[] = seedMessages.map(({ text, field }) => ({
  title: '',
  detail: text,
  label: field,
}));
const model = trainTextModel(examples);

describe('a trained model', () => {
  test.each([
    ['请问失业金到哪里申请', '社会保险'],
    ['老板一直拖欠我们农民工的工资', '维权/欠薪'],
    ['社保卡不见了，补卡要多久', '社保卡'],
    ['什么时候打印准考证', '考试'],
    ['楼下广场舞噪音太大，物业不管', '非本部门职责'],
    ['劳动合同到期公司不续签', '劳动关系'],
    ['有没有电工培训班', '培训'],
  ])('sorts %j under %s', (text, label) => expect(model.predict('', text).label).toBe(label));

  test('ranks every label once and is between unsure and sure', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (title, detail) => {
          const { ranked, label, confidence } = model.predict(title, detail);
          expect(ranked.map((one) => one.label).toSorted()).toEqual(model.labels);
          expect(ranked[0]!.label).toBe(label);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('names the stretches of the text that decided', () => {
    const text = '您好， 我想问一下社保卡 丢了怎么补办';
    const words = model.explain('', text);
    expect(words.map((word) => word.text).join('|')).toContain('社保卡');
    for (const { text: word, start, end } of words) expect(text.slice(start, end)).toBe(word);
    expect(words.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1.000001);
  });

  test('is the same after a way through its buffer', () => {
    const buffer = model.toBuffer();
    const opened = openTextModel(buffer);
    for (const { detail } of examples.slice(0, 60)) {
      expect(opened.predict('', detail).label).toBe(model.predict('', detail).label);
    }
    expect(() => openTextModel(buffer.subarray(0, buffer.length - 10))).toThrow(RangeError);
  });

  test('is the same when it is trained again', () => {
    expect(trainTextModel(examples).toBuffer().equals(model.toBuffer())).toBe(true);
  });

  test('needs two labels', () => {
    expect(() => trainTextModel([{ title: '', detail: '甲', label: '一' }])).toThrow(RangeError);
  });
});

describe('confidence', () => {
  test('grows with the lead and meets the share of right ones', () => {
    const judged = Array.from({ length: 1_000 }, (_, at) => ({
      lead: (at % 100) / 50,
      right: at % 100 > 20 + (at % 7) * 8,
    }));
    const calibration = calibrate(judged);
    const mean = judged.reduce((sum, { lead }) => sum + confidenceOf(calibration, lead), 0) / judged.length;
    const share = judged.filter(({ right }) => right).length / judged.length;
    expect(Math.abs(mean - share)).toBeLessThan(0.02);
    expect(confidenceOf(calibration, 2)).toBeGreaterThan(confidenceOf(calibration, 0.1));
  });

  test('promises nothing of a handful', () => {
    const one = [{ lead: 5, right: true }];
    expect(leadForPrecision(one, calibrate(one), 0.97)).toBe(Number.POSITIVE_INFINITY);
  });

  test('expects of what lies above the lead it chose that the promise is kept, and lowers it for a lesser promise', () => {
    const leads = fc.array(
      fc.record({ lead: fc.double({ min: 0, max: 3, noNaN: true }), right: fc.boolean() }),
      {
        minLength: 25,
      },
    );
    fc.assert(
      fc.property(leads, (judged) => {
        const curve = calibrate(judged);
        const [strict, easy] = [leadForPrecision(judged, curve, 0.8), leadForPrecision(judged, curve, 0.6)];
        expect(easy).toBeLessThanOrEqual(strict);
        const above = judged.filter(({ lead }) => lead >= easy);
        const expected = above.reduce((sum, { lead }) => sum + confidenceOf(curve, lead), 0);
        if (above.length > 0) expect(expected / above.length).toBeGreaterThanOrEqual(0.59);
      }),
    );
  });
});

describe('a folded text', () => {
  test('loses white space and stars, and knows where each unit came from', () => {
    expect(foldForLearning('Ａ 市*１２３\n')).toBe('a市123');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { folded, origin } = foldWithOrigin(text);
        expect(origin).toHaveLength(folded.length);
        expect(
          origin.every((at, index) => at < text.length && (index === 0 || at >= origin[index - 1]!)),
        ).toBe(true);
      }),
    );
  });
});

describe('the seeds', () => {
  test('hold forty and more of each field, none twice', () => {
    const counts = Map.groupBy(seedMessages, ({ field }) => field);
    for (const [field, list] of counts) expect([field, list.length >= 40]).toEqual([field, true]);
    expect(counts.size).toBe(10);
    expect(new Set(seedMessages.map(({ text }) => text)).size).toBe(seedMessages.length);
    expect(seedMessages.every(({ kind }) => kind !== undefined)).toBe(true);
  });
});

describe('the model of the desk', () => {
  test('says field, kind, urgency and why', () => {
    const desk = createMessageModel();
    expect(desk.predict('举报工厂不给员工交社保')).toMatchObject({
      field: '劳动监察',
      kind: 'report',
      urgency: 'normal',
    });
    expect(desk.predict('老板欠薪跑路，有工友要跳楼')).toMatchObject({ field: '维权/欠薪', urgency: 'now' });
    expect(
      desk
        .predict('请问社保卡在哪里领')
        .words.field.map(({ text }) => text)
        .join(),
    ).toContain('社保卡');
  });

  test('learns from what people set right', () => {
    const own = ['惠民一卡通怎么充值', '惠民一卡通在哪里办', '惠民一卡通丢了', '惠民一卡通能坐公交吗'].map(
      (text) => ({
        text,
        field: '社保卡' as const,
        kind: 'consult' as const,
      }),
    );
    expect(createMessageModel(own).predict('惠民一卡通余额怎么查').field).toBe('社保卡');
  });
});
