import { describe, expect, test } from 'vitest';
import { getConnector } from './registry.ts';
import { fromBase62, toBase62 } from './weibo/post-url.ts';

const find = (platform: string, pasted: string, settings: Record<string, string> = {}) =>
  getConnector(platform).links?.find(pasted, settings);

describe('a post that stands on the platform already is known by its link', () => {
  test.each([
    [
      'weibo',
      '分享微博：https://weibo.com/1900000001/Nabc12345?refer_flag=1001030103_，快看',
      'https://weibo.com/1900000001/Nabc12345?refer_flag=1001030103_',
    ],
    ['weibo', 'https://m.weibo.cn/status/5123456789012345', 'https://m.weibo.cn/status/5123456789012345'],
    [
      'wechat-official',
      '《退休一件事》https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv 复制打开',
      'https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv',
    ],
    ['douyin', '7.99 复制打开抖音 https://v.douyin.com/iRNBho6u/ 01/23', 'https://v.douyin.com/iRNBho6u/'],
    ['bilibili', '【办事】 https://b23.tv/AbC12dE', 'https://b23.tv/AbC12dE'],
  ])('%s: %s', (platform, pasted, url) => {
    expect(find(platform, pasted)).toMatchObject({ url });
  });

  test('ids are read where the link carries them', () => {
    const mid = '5123456789012345';
    expect(find('weibo', `https://weibo.com/1/${toBase62(mid)}`)).toBeNull();
    expect(find('weibo', `https://weibo.com/1900000001/${toBase62(mid)}`)?.ids).toEqual({ postId: mid });
    expect(find('bilibili', 'https://www.bilibili.com/read/cv123456')?.ids).toEqual({ articleId: '123456' });
    expect(find('wechat-official', 'https://mp.weixin.qq.com/s?__biz=Mz&mid=2650&idx=1&sn=a')?.ids).toEqual({
      msgDataId: '2650',
    });
  });

  test('the number of a post survives base 62, leading zeros of its groups too', () => {
    for (const id of ['5123456789012345', '4900000000000001', '35000000000007'])
      expect(fromBase62(toBase62(id))).toBe(id);
  });

  test('a post lies at the account’s own instance or site, and nowhere else', () => {
    const instance = { instanceUrl: 'https://social.example', username: '@renshe' };
    expect(find('mastodon', '看 https://social.example/@renshe/112233445566 。', instance)).toEqual({
      url: 'https://social.example/@renshe/112233445566',
      ids: { postId: '112233445566' },
    });
    expect(find('mastodon', 'https://social.example/@other/112233445566', instance)).toBeNull();
    expect(find('mastodon', 'https://evil.example/@renshe/112233445566', instance)).toBeNull();
    const site = { siteUrl: 'https://www.example.gov.cn/rs/' };
    expect(find('wordpress', 'https://www.example.gov.cn/rs/?p=12', site)?.ids).toEqual({ postId: '12' });
    expect(find('wordpress', 'https://www.example.gov.cn/rs/2026/tuixiu/', site)?.url).toBe(
      'https://www.example.gov.cn/rs/2026/tuixiu/',
    );
    expect(find('wordpress', 'https://www.example.gov.cn/rs/', site)).toBeNull();
    expect(find('wordpress', 'https://www.example.gov.cn/other/x', site)).toBeNull();
  });

  test.each<[string, string, Record<string, string>?]>([
    ['weibo', 'https://weibo.com.evil.example/1900000001/Nabc12345'],
    ['weibo', 'https://weibo.com/1900000001/Nabc12345', { uid: '1900000002' }],
    ['wechat-official', 'https://mp.weixin.qq.com/mp/profile_ext?action=home'],
    ['douyin', 'https://weibo.com/1900000001/Nabc12345'],
    ['bilibili', 'https://space.bilibili.com/1'],
    ['mastodon', 'https://social.example/@renshe/112233445566'],
    ['wordpress', '已经发布了'],
  ])('%s finds none in %s', (platform, pasted, settings) => {
    expect(find(platform, pasted, settings)).toBeNull();
  });
});
