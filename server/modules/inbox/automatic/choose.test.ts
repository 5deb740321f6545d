import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromWallTime } from '#server/base/clock.ts';
import { defaultInboxSettings, type InboxSettings } from '#shared/inbox-settings.ts';
import { chooseAutomatic } from './choose.ts';

const rule = (more: Partial<InboxSettings['automatic']['rules'][number]>) => ({
  ...{ id: '01a2203a-0000-7000-8000-000000000001', name: '规则', words: [], outsideOnly: false },
  ...{ on: true, text: '您好，已收到。' },
  ...more,
});
const withRules = (...rules: ReturnType<typeof rule>[]): InboxSettings => ({
  ...defaultInboxSettings,
  automatic: { on: true, hours: { from: '09:00', to: '17:30' }, rules },
});
const monday = fromWallTime('2026-11-23 10:00');
const night = fromWallTime('2026-11-23 21:00');

describe('automatic words', () => {
  test('are those of the first rule that fits, and always say that a person follows and by when', () => {
    const settings = withRules(
      rule({ words: ['社保卡'], text: '社保卡可在网点补办。' }),
      rule({ words: [], text: '您好。' }),
    );
    expect(chooseAutomatic(settings, '我的社保卡丢了怎么补办？', monday)?.text).toMatch(
      /^社保卡可在网点补办。\n.*3 个工作日内人工答复/,
    );
    expect(chooseAutomatic(settings, '职称怎么评？', monday)?.text).toMatch(/^您好。/);
  });

  test('outside hours only, where the rule says so', () => {
    const settings = withRules(rule({ outsideOnly: true }));
    expect(chooseAutomatic(settings, '职称怎么评？', monday)).toBeNull();
    expect(chooseAutomatic(settings, '职称怎么评？', night)).not.toBeNull();
    expect(chooseAutomatic(settings, '职称怎么评？', fromWallTime('2026-11-28 10:00'))).not.toBeNull();
  });

  test('answer a key that is all that was said, and not one inside other words', () => {
    const settings = withRules(rule({ words: ['1'], text: '社保业务' }));
    expect(chooseAutomatic(settings, ' 1 ', monday)?.text).toMatch(/^社保业务/);
    expect(chooseAutomatic(settings, '我等了 1 个月', monday)).toBeNull();
  });

  test('never come before a person where wages, injury or danger are spoken of', () => {
    const settings = withRules(rule({}));
    fc.assert(
      fc.property(
        fc.constantFrom(...settings.dutyWords),
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        (word, before, after) => {
          expect(chooseAutomatic(settings, `${before}${word}${after}`, night)).toBeNull();
        },
      ),
    );
  });

  test('are silent when they are off, or when somebody only says thank you', () => {
    const settings = withRules(rule({}));
    expect(chooseAutomatic(settings, '谢谢', monday)).toBeNull();
    const off = { ...settings, automatic: { ...settings.automatic, on: false } };
    expect(chooseAutomatic(off, '职称怎么评？', monday)).toBeNull();
    expect(chooseAutomatic(withRules(rule({ on: false })), '职称怎么评？', monday)).toBeNull();
  });
});
