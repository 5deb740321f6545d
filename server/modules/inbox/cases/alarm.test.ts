import { describe, expect, test } from 'vitest';
import { defaultInboxSettings } from '#shared/inbox-settings.ts';
import { findAlarm, graver } from './alarm.ts';
import { classify } from './classify.ts';

const alarmOf = (text: string) => findAlarm(text, classify(text), defaultInboxSettings.dutyWords);

describe('whoever is on duty is called', () => {
  test.each([
    '老板拖欠我三个月工资',
    '公司两个月没发工资了，我要投诉',
    '干了半年活工钱一分没结',
    '包工头跑了，血汗钱要不回来',
    '离职以后押金一直不退，也不给我发工资',
    '工地老板欠了我们十几个人的生活费',
    '厂里不给工钱怎么办',
    '手指被机器轧断了',
    '脚手架倒了砸到人了',
    '我爸从楼上摔下来，现在还昏迷着',
    '同事触电送医院了，单位不管',
    '工地坍塌，有人受伤',
    '投诉单位克扣加班费',
  ])('%s', (text) => {
    expect(alarmOf(text)).toMatchObject({ urgency: expect.stringMatching(/urgent|critical/) });
  });

  test.each(['我不想活了，厂里不给工钱', '我想轻生', '再不给钱我就跳楼', '活着没意思了'])(
    'as gravely as can be: %s',
    (text) => {
      expect(alarmOf(text)).toMatchObject({ urgency: 'critical' });
    },
  );

  test('with the words that were found', () => {
    expect(alarmOf('老板拖欠我三个月工资，手被机器夹断了')?.words).toEqual(
      expect.arrayContaining(['拖欠我三个月工资', '手被机器夹断']),
    );
  });
});

describe('nobody is called', () => {
  test.each([
    '',
    '你好，在吗',
    '社保卡怎么补办',
    '农民工工资保证金怎么交？',
    '工伤认定需要什么材料',
    '最低工资标准是多少',
    '谢谢，工资已经拿到了',
    '希望可以公布工资支付的典型案例',
    '咨询一下工伤认定多久出结果',
    '手机号换了怎么改',
    '头像怎么上传',
  ])('%s', (text) => {
    expect(alarmOf(text)).toBeNull();
  });
});

test('the words of the bureau count too', () => {
  const text = '我要反映某某广场的事';
  expect(findAlarm(text, classify(text), [])).toBeNull();
  expect(findAlarm(text, classify(text), ['某某广场'])).toMatchObject({ words: ['某某广场'] });
});

test('a right that was hurt is an alarm without any word of the lists', () => {
  const given = { kind: 'complaint', field: '维权/欠薪' } as const;
  expect(findAlarm('他们说话不算数', given, [])).toEqual({ urgency: 'urgent', words: ['维权/欠薪'] });
});

test('of two urgencies the graver holds', () => {
  expect([graver('normal', 'urgent'), graver('critical', 'urgent'), graver('normal', 'normal')]).toEqual([
    ...['urgent', 'critical', 'normal'],
  ]);
});
