import { describe, expect, test } from 'vitest';
import { linkKeyOf } from './link-key.ts';

describe('the key of a link', () => {
  test.each([
    [
      'https://www.douyin.com/video/7301234567890123456?utm_source=copy',
      'http://m.douyin.com/video/7301234567890123456/',
    ],
    [
      'https://www.xiaohongshu.com/explore/66f1a2b3000000001e03c4d5?xsec_token=AB&xsec_source=pc',
      'https://www.xiaohongshu.com/explore/66f1a2b3000000001e03c4d5#top',
    ],
    [
      'https://mp.weixin.qq.com/s?__biz=Mz&mid=1&idx=1&sn=abc&chksm=ff&scene=27',
      'https://mp.weixin.qq.com/s?sn=abc&idx=1&mid=1&__biz=Mz',
    ],
  ])('%s and %s are one post', (one, other) => {
    expect(linkKeyOf(one)).toBe(linkKeyOf(other));
  });

  test.each([
    ['https://mp.weixin.qq.com/s?__biz=Mz&mid=1&idx=1', 'https://mp.weixin.qq.com/s?__biz=Mz&mid=1&idx=2'],
    ['https://mp.weixin.qq.com/s/AbC', 'https://mp.weixin.qq.com/s/aBc'],
    ['https://weibo.com/1/Nabc', 'https://weibo.com/1/Nabd'],
  ])('%s and %s are two', (one, other) => {
    expect(linkKeyOf(one)).not.toBe(linkKeyOf(other));
  });

  test('what is no address is its own key', () => {
    expect(linkKeyOf(' 没有链接 ')).toBe('没有链接');
  });
});
