import { expect, test } from 'vitest';
import { ServiceContent } from '#shared/services.ts';
import { matchServices } from './match.ts';

const services = [
  ...[
    '社保卡补办与换发',
    '失业保险金申领',
    '养老保险关系转移接续',
    '工伤认定申请',
    '灵活就业人员养老保险参保登记',
  ],
  ...['退休', '12333 热线'],
].map((name) => ServiceContent.parse({ name }));
const match = (question: string) => matchServices(services, question, 2).map(({ name }) => name);

test.each([
  ['社保卡丢了怎么补办？', '社保卡补办与换发'],
  ['我失业了，失业金怎么申领', '失业保险金申领'],
  ['上班摔伤，想申请工伤认定要多久', '工伤认定申请'],
  ['养老保险想转移到省外', '养老保险关系转移接续'],
  ['我明年退休要准备什么', '退休'],
  ['打 12333 热线没人接', '12333 热线'],
])('%s leads to %s', (question, name) => expect(match(question)[0]).toBe(name));

test('a name stands for itself where the directory has no other', () => {
  const only = [ServiceContent.parse({ name: '失业保险金申领' })];
  expect(matchServices(only, '失业金怎么申领，需要什么条件？', 2)).toEqual(only);
});

test.each(['单位拖欠工资三个月了', '保险公司骗我', '？', ''])('%s leads nowhere', (question) =>
  expect(match(question)).toEqual([]),
);
