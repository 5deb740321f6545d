import { describe, expect, test } from 'vitest';
import { findAlike, normalise, type Post } from './alike.ts';

const text =
  '到龄前三个月就可以申请退休一件事，社保、医保、公积金一起办。带上身份证和社会保障卡，到县政务服务中心人社窗口，填一张申请表，交一次材料。';
const post = (number: number, change: Partial<Post> = {}): Post => ({
  ...{ accountId: `a${number}`, accountName: `账号${number}`, platform: 'p', article: null, at: null },
  text: `${text} https://rs.example/s/${number}`,
  ...change,
});
const levels = (posts: Post[], recent: Post[] = []) =>
  [...findAlike(posts, recent)].map(([id, problems]) => `${id} ${problems.map(({ level }) => level).join()}`);

describe('the same words on several accounts', () => {
  test('of one platform at once are warned of, and refused beyond three', () => {
    expect(levels([post(1), post(2)])).toEqual(['a1 warn', 'a2 warn']);
    expect(levels([1, 2, 3, 4].map((number) => post(number)))).toEqual([
      'a1 block',
      'a2 block',
      'a3 block',
      'a4 block',
    ]);
  });

  test('of different platforms, or an hour apart, or adapted, are nothing to mend', () => {
    expect(levels([post(1), post(2, { platform: 'q' })])).toEqual([]);
    expect(levels([post(1, { at: 0 }), post(2, { at: 3_600_000 })])).toEqual([]);
    expect(levels([post(1, { at: 0 }), post(2, { at: 3_599_999 })])).toEqual(['a1 warn', 'a2 warn']);
    const adapted =
      '快退休的街坊看过来：三样东西带齐，一个窗口跑一趟，养老、医疗、公积金都能办完，有疑问留言问我们。';
    expect(levels([post(1), post(2, { text: adapted })])).toEqual([]);
  });

  test('are recognised under other links, marks, spacing and a changed word', () => {
    const dressed = `【通知】${text.replaceAll('，', ' , ').replace('申请表', '登记表')}\n#退休#`;
    expect(levels([post(1), post(2, { text: dressed })])).toEqual(['a1 warn', 'a2 warn']);
    expect(normalise('<p>到龄&nbsp;前，三个月！</p> https://x.cn/a')).toBe('到龄前三个月');
  });

  test('of another article of the last days are warned of by name', () => {
    const earlier = post(9, { article: '上一篇' });
    const found = findAlike([post(1)], [earlier]).get('a1')!;
    expect(found.map(({ level, zh }) => [level, zh.includes('账号9') && zh.includes('上一篇')])).toEqual([
      ['warn', true],
    ]);
    expect(levels([post(1)], [{ ...earlier, platform: 'q' }])).toEqual([]);
  });
});
