/** Small windows: three invented weeks of a county bureau, judged by pairs of messages. */
import { describe, expect, test } from 'vitest';
import {
  firstWeek,
  type SmallWindow,
  secondWeek,
  thirdWeek,
} from '#tests/fixtures/hot-issues/small-windows.ts';
import { findHotIssues } from '../hot-issues.ts';

type Said = { id: string; issue: string; text: string };

function saidIn(window: SmallWindow): Said[] {
  const said = Object.entries(window).flatMap(([issue, lines]) =>
    lines
      .trim()
      .split('\n')
      .map((text, at) => ({ text, issue: issue === 'single' ? `single ${at}` : issue })),
  );
  // Not in the order of the issues: by the last characters, which say nothing of them.
  return said
    .sort((a, b) => (a.text.slice(-3) < b.text.slice(-3) ? -1 : 1))
    .map((one, at) => ({ ...one, id: `${at}` }));
}

function gather(said: readonly Said[]): Said[][] {
  const byId = new Map(said.map((one) => [one.id, one]));
  const at = new Date('2026-05-01');
  return findHotIssues(
    said.map(({ id, text }) => ({
      ...{ id, person: id, title: text.slice(0, 30), text, at },
      ...{ likes: 0, dislikes: 0 },
    })),
    100,
  ).map(({ ids }) => ids.map((id) => byId.get(id)!));
}

const pairsOf = (count: number) => (count * (count - 1)) / 2;

function countBy(said: readonly Said[]): number[] {
  const counts = new Map<string, number>();
  for (const { issue } of said) counts.set(issue, (counts.get(issue) ?? 0) + 1);
  return [...counts.values()];
}

/** `precision`: of the pairs put together, those about one issue; `recall`: of the pairs about one issue, those together. */
function judge(window: SmallWindow): { precision: number; recall: number } {
  const said = saidIn(window);
  const groups = gather(said);
  const together = groups.reduce((sum, group) => sum + pairsOf(group.length), 0);
  const add = (counts: readonly number[]) => counts.reduce((sum, count) => sum + pairsOf(count), 0);
  const right = groups.reduce((sum, group) => sum + add(countBy(group)), 0);
  return { precision: right / together, recall: right / add(countBy(said)) };
}

describe('a small window', () => {
  test.each([
    ['first', firstWeek, 0.95, 0.85],
    ['second', secondWeek, 0.85, 0.85],
    ['third', thirdWeek, 0.85, 0.7],
  ] as const)('of the %s week falls into its issues', (_, window, precision, recall) => {
    const found = judge(window);
    expect(found.precision).toBeGreaterThan(precision);
    expect(found.recall).toBeGreaterThan(recall);
  });

  test('does not put together what shares only everyday words of the office', () => {
    const said = saidIn(firstWeek);
    const groups = gather(said);
    const groupOf = (words: string) =>
      groups.findIndex((group) => group.some(({ text }) => text.includes(words)));
    const apart = (one: string, other: string) =>
      expect([one, other, groupOf(one) !== groupOf(other) || groupOf(one) === -1]).toEqual([
        one,
        other,
        true,
      ]);
    apart('退休金每月几号发', '想考编');
    apart('退休金每月几号发', '事业单位考试准考证');
    apart('想考编', '事业单位考试准考证');
    apart('社保卡丢了', '丽人服装厂把我们辞退');
    apart('手指被机器压断', '不想活了');
    const proofs = new Set(
      groups.flatMap((group, at) => (group.some((one) => one.issue === '认证') ? [at] : [])),
    );
    expect(proofs.size).toBe(1);
  });
});
