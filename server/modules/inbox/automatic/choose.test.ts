import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromWallTime } from '#server/base/clock.ts';
import type { WorkingCalendar } from '#server/modules/planning/index.ts';
import { defaultInboxSettings, type InboxSettings } from '#shared/inbox-settings.ts';
import { chooseAutomatic, chooseForMenu } from './choose.ts';

const rule = (more: Partial<InboxSettings['automatic']['rules'][number]>) => ({
  ...{ id: '01a2203a-0000-7000-8000-000000000001', name: '规则', words: [], outsideOnly: false },
  ...{ on: true, text: '您好，已收到。' },
  ...more,
});
const withRules = (...rules: ReturnType<typeof rule>[]): InboxSettings => ({
  ...defaultInboxSettings,
  automatic: { on: true, hours: { from: '09:00', to: '17:30' }, rules, offerAnswers: false },
});
const choose = (settings: InboxSettings, said: string, at: Date, calendar: WorkingCalendar = new Map()) => {
  const chosen = chooseAutomatic({ settings, calendar }, said, at);
  return chosen && `${chosen.text}\n${chosen.follow}`;
};
const monday = fromWallTime('2026-11-23 10:00');
const night = fromWallTime('2026-11-23 21:00');

describe('automatic words', () => {
  test('are those of the first rule that fits, and always say that a person follows and by when', () => {
    const settings = withRules(
      rule({ words: ['社保卡'], text: '社保卡可在网点补办。' }),
      rule({ words: [], text: '您好。' }),
    );
    expect(choose(settings, '我的社保卡丢了怎么补办？', monday)).toMatch(
      /^社保卡可在网点补办。\n【自动回复】工作人员会在 3 个工作日内（11月26日下班前）人工答复您。$/,
    );
    expect(choose(settings, '职称怎么评？', monday)).toMatch(/^您好。/);
  });

  test('outside hours only, where the rule says so', () => {
    const settings = withRules(rule({ outsideOnly: true }));
    expect(choose(settings, '职称怎么评？', monday)).toBeNull();
    expect(choose(settings, '职称怎么评？', night)).not.toBeNull();
    expect(choose(settings, '职称怎么评？', fromWallTime('2026-11-28 10:00'))).not.toBeNull();
  });

  test('follow the working calendar: a Saturday that is worked, a holiday in the week', () => {
    const settings = withRules(rule({ outsideOnly: true }));
    const saturday = fromWallTime('2026-11-28 10:00');
    const calendar: WorkingCalendar = new Map([
      ['2026-11-28', { works: true, name: '调休上班', source: 'hand' }],
      ['2026-11-23', { works: false, name: '放假', source: 'hand' }],
      ['2026-11-24', { works: false, name: '放假', source: 'hand' }],
    ]);
    expect(choose(settings, '职称怎么评？', saturday, calendar)).toBeNull();
    expect(choose(settings, '职称怎么评？', monday, calendar)).toContain('（11月27日下班前）');
  });

  test('of a menu button come each time, at any hour, and lead on to a person', () => {
    const settings = withRules(rule({ words: ['HOTLINE'], text: '热线 12333。', outsideOnly: true }));
    expect(chooseForMenu(settings, 'HOTLINE')).toMatch(/^热线 12333。\n.*直接留言.*3 个工作日/);
    expect(chooseForMenu(settings, 'HOT')).toBeNull();
    expect(chooseForMenu(withRules(rule({})), 'HOTLINE')).toBeNull();
    const off = { ...settings, automatic: { ...settings.automatic, on: false } };
    expect(chooseForMenu(off, 'HOTLINE')).toBeNull();
  });

  test('answer a key that is all that was said, and not one inside other words', () => {
    const settings = withRules(rule({ words: ['1'], text: '社保业务' }));
    expect(choose(settings, ' 1 ', monday)).toMatch(/^社保业务/);
    expect(choose(settings, '我等了 1 个月', monday)).toBeNull();
  });

  test('never come before a person where wages, injury or danger are spoken of', () => {
    const settings = withRules(rule({}));
    fc.assert(
      fc.property(
        fc.constantFrom(...settings.dutyWords),
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        (word, before, after) => {
          expect(choose(settings, `${before}${word}${after}`, night)).toBeNull();
        },
      ),
    );
  });

  test('are silent when they are off, or when somebody only says thank you', () => {
    const settings = withRules(rule({}));
    expect(choose(settings, '谢谢', monday)).toBeNull();
    const off = { ...settings, automatic: { ...settings.automatic, on: false } };
    expect(choose(off, '职称怎么评？', monday)).toBeNull();
    expect(choose(withRules(rule({ on: false })), '职称怎么评？', monday)).toBeNull();
  });
});
