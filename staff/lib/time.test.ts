import { describe, expect, test } from 'vitest';
import { addDays, dayOf, sayDay, sayLength, sayWall, wallOf } from './time.ts';

describe('times', () => {
  test('are told in Shanghai whatever the computer says', () => {
    expect(wallOf('2026-12-31T16:05:00.000Z')).toBe('2027-01-01 00:05');
    expect(dayOf('2026-10-08T15:59:59.999Z')).toBe('2026-10-08');
  });
  test('are spelled out in both languages, with the year where it is another', () => {
    expect(sayDay('2026-10-08', 'zh', '2026-01-01')).toBe('10月8日 周四');
    expect(sayDay('2027-01-01', 'zh', '2026-12-31')).toBe('2027年1月1日 周五');
    expect(sayDay('2026-10-08', 'en', '2026-01-01')).toBe('Thu 8 Oct');
    expect(sayWall(`${addDays(dayOf(new Date()), 0)} 09:00`, 'zh')).toMatch(/月\d+日 周. 09:00$/);
  });
  test('days are added across month and year ends', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  });
  test('lengths are said in at most two units', () => {
    expect(sayLength(2 * 86_400 + 3 * 3_600 + 59, 'zh')).toBe('2天 3小时');
    expect(sayLength(59, 'en')).toBe('59 s');
    expect(sayLength(-5, 'zh')).toBe('0秒');
  });
});
