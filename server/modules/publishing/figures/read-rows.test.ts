import { describe, expect, test } from 'vitest';
import { readPastedCells } from '#server/base/sheets.ts';
import { readTotal } from './read-number.ts';
import { figureProblems, type KnownPost, readFigureRows } from './read-rows.ts';

describe('a total', () => {
  test.each([
    ['1234', 1234],
    ['1,234', 1234],
    ['１２３４', 1234],
    ['1.2万', 12_000],
    ['10万+', 100_000],
    ['3.5w', 35_000],
    ['0', 0],
    ['', null],
    ['—', null],
    ['-', null],
    ['暂无', null],
    ['12.5', undefined],
    ['-3', undefined],
    ['很多', undefined],
    ['1e5', undefined],
  ])('%s is %s', (written, value) => {
    expect(readTotal(written)).toBe(value);
  });
});

const post = (id: string, linkKey: string | null = null): KnownPost => ({
  id,
  linkKey,
  title: `题${id}`,
  accountName: '号',
});
const posts = [post('a', 'x.example/1'), post('b', 'x.example/2')];
const read = (pasted: string, change: Partial<Parameters<typeof readFigureRows>[1]> = {}) =>
  readFigureRows(readPastedCells(pasted), {
    posts,
    order: posts,
    metrics: ['reads', 'likes'],
    asOfWall: '2026-03-04 10:00',
    ...change,
  });

describe('a pasted block', () => {
  test('of one column goes to the posts in the order shown', () => {
    expect(read('120\n0', { metrics: ['reads'] })).toMatchObject([
      { line: 1, deliveryId: 'a', totals: { reads: 120 }, problems: [], asOfWall: '2026-03-04 10:00' },
      { line: 2, deliveryId: 'b', totals: { reads: 0 }, problems: [] },
    ]);
  });

  test('with links goes by them, whatever the order', () => {
    expect(read('https://www.x.example/2?from=share\t7\t1\nhttps://x.example/1\t8\t')).toMatchObject([
      { deliveryId: 'b', totals: { reads: 7, likes: 1 } },
      { deliveryId: 'a', totals: { reads: 8 } },
    ]);
  });

  test('with a heading says itself what its columns are; a blank is not zero', () => {
    const block = '点赞\t标题\t链接\t阅读量\t数据时间\n5\t甲\thttps://x.example/1\t—\t2026/3/5 8:00';
    const [row] = read(block);
    expect(row).toMatchObject({ line: 2, deliveryId: 'a', asOfWall: '2026-03-05 08:00', problems: [] });
    expect(row!.totals).toEqual({ likes: 5 });
  });

  test.each([
    ['1\n2\n3', 2, figureProblems.noPost, { metrics: ['reads' as const] }],
    ['https://x.example/9\t1', 0, figureProblems.postUnknown, {}],
    ['https://x.example/1\t1\nhttps://x.example/1\t2', 1, figureProblems.postTwice, {}],
    ['很多', 0, figureProblems.badNumber, {}],
    ['1\t2\t3', 0, figureProblems.tooManyColumns, {}],
    ['https://x.example/1\t—', 0, figureProblems.noFigure, {}],
    ['链接\t阅读\t数据时间\nhttps://x.example/1\t1\t昨天', 0, figureProblems.badTime, {}],
  ])('%j: row %i says what to do', (pasted, at, problem, change) => {
    expect(read(pasted, change)[at]!.problems).toEqual([problem]);
  });
});
