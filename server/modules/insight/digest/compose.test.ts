import { describe, expect, test } from 'vitest';
import { fromWallTime } from '#server/base/clock.ts';
import type { WeekFigures } from '#server/modules/inbox/index.ts';
import { composeDigest, type DigestIssue, type DigestMaterial } from './compose.ts';

const figures: WeekFigures = {
  ...{ received: 40, answered: 20, inTime: 20, late: 0, overdue: 0, closedUnanswered: 0 },
  ...{ byField: [], byKind: [], byChannel: [], satisfaction: { count: 0, mean: null, low: 0 } },
  ...{ closed: 3, supervised: 0, adopted: [], adoptedCount: 0, notAdopted: 0 },
};
const issue = (title: string, before: number, messages: number): DigestIssue => ({
  ...{ title, before, messages, people: messages, names: [], sentences: [title, `${title}怎么办`] },
  hasTopic: false,
});
const write = (more: Partial<DigestMaterial>) => {
  const { sections, title } = composeDigest({
    ...{ bureauName: '青禾县人社局', week: '2025-12-29', lastDay: '2026-01-04', figures, asOf: null },
    ...{ before: { received: 30, answered: 20 }, issues: [], nobodys: new Set() },
    ...more,
  });
  const of = (key: string) => sections.find((one) => one.key === key)!.text;
  return { title, of };
};

describe('a draft of the digest', () => {
  test('calls new what came from nothing, and growing only what has a base and grew by more than chance', () => {
    const issues = [
      ...[issue('社保卡补办', 0, 7), issue('养老金认证', 4, 9), issue('失业金', 1, 4)],
      ...[issue('准考证', 5, 6), issue('职称', 0, 2), issue('培训补贴', 9, 4)],
    ];
    const watch = write({ issues }).of('watch').split('\n');
    expect(watch).toEqual(['“养老金认证”上升较快：由 4 条增至 9 条。', '新出现：“社保卡补办”7 条。']);
  });

  test('says nothing of what is new when nobody wrote in the week before', () => {
    const before = { received: 0, answered: 0 };
    expect(write({ issues: [issue('社保卡补办', 0, 7)], before }).of('watch')).toBe(
      '没有需要特别关注的情况。',
    );
  });

  test('has a hundred percent only when all were answered in time', () => {
    expect(write({}).of('numbers')).toContain('按期答复率 100%（按期答复 20 件 ÷ 应答复 20 件');
    expect(write({ figures: { ...figures, overdue: 8 } }).of('numbers')).toContain(
      '答复 20 件，其中按期 20 件；超过期限仍未答复 8 件；按期答复率 71%（按期答复 20 件 ÷ 应答复 28 件',
    );
    const nearly = { ...figures, answered: 1_000, inTime: 999, late: 1 };
    expect(write({ figures: nearly }).of('numbers')).toContain('按期答复率 99%');
  });

  test('says until when it reckoned where the week had not ended', () => {
    const asOf = fromWallTime('2026-01-02 15:30');
    expect(write({ asOf }).of('numbers')).toMatch(/^本周尚未结束，以下数字截至 1月2日 15:30。\n/);
    expect(write({}).of('numbers')).not.toContain('截至');
  });

  test('names the year, and does not say the name of an issue twice', () => {
    const { title, of } = write({ issues: [issue('社保卡补办', 0, 7)] });
    expect(title).toBe('青禾县人社局社情民意周报（2025年12月29日至2026年1月4日）');
    expect(of('issues')).toBe(
      '1. 社保卡补办（7 人反映，共 7 条；前七天 0 条）\n　　群众说法：“社保卡补办怎么办”。',
    );
  });
});
