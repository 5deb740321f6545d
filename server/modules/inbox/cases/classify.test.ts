import { describe, expect, test } from 'vitest';
import { classify, isCourtesy } from './classify.ts';

describe('a message is classified by its words', () => {
  test.each([
    ['请问失业金怎么申请？', 'consult', '社会保险'],
    ['工地包工头拖欠工资三个月了，谁来管管', 'complaint', '维权/欠薪'],
    ['在厂里被机器砸伤，老板不管不问', 'complaint', '维权/欠薪'],
    ['工伤认定需要带哪些材料，去哪里办', 'consult', '社会保险'],
    ['我要举报某公司不给交社保', 'report', '劳动监察'],
    ['电子社保卡怎么激活', 'consult', '社保卡'],
    ['建议多办几场招聘会', 'suggestion', '就业创业'],
    ['公司没签合同就把我辞退了，想咨询劳动仲裁', 'consult', '劳动关系'],
    ['准考证打印不了，帮帮忙', 'help', '考试'],
    ['职称评审什么时候开始', 'consult', '人才人事'],
    ['有没有免费的电工培训', 'consult', '培训'],
    ['公积金怎么提取', 'consult', '非本部门职责'],
    ['退休一件事', 'consult', '社会保险'],
    ['大厅工作人员态度恶劣', 'complaint', null],
    ['今天天气真好啊同志们', 'other', null],
  ] as const)('%s → %s, %s', (text, kind, field) => {
    expect(classify(text)).toMatchObject({ kind, field });
  });

  test('and says which words decided', () => {
    expect(classify('电子社保卡丢了怎么补卡？').words).toEqual({
      kind: ['怎么', '？'],
      field: ['电子社保卡', '补卡'],
    });
  });

  test('a longer word takes the place of the shorter ones inside it', () => {
    expect(classify('社保卡在哪里领').words.field).toEqual(['社保卡']);
  });
});

describe('a courtesy', () => {
  test.each(['谢谢', '好的，谢谢！', '👍👍', '[微笑][玫瑰]', '收到，辛苦了', '/:rose'])(
    '%s is one',
    (text) => {
      expect(isCourtesy(text)).toBe(true);
      expect(classify(text).kind).toBe('thanks');
    },
  );

  test.each([
    '',
    '谢谢，请问周末上班吗',
    '谢谢，社保卡还没收到',
    '好的？',
    '123',
    '谢谢你们把我的工资拖欠了这么久',
  ])('%j is none', (text) => {
    expect(isCourtesy(text)).toBe(false);
  });
});
