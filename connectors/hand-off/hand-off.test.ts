import { describe, expect, test } from 'vitest';
import type { PackageMedia } from '#shared/package.ts';
import type { Connector, HandOffPublish, Master } from '../contract.ts';
import { handOffConnectors } from './connector.ts';
import { profiles } from './profiles.ts';

const byId = (id: string): Connector & { publish: HandOffPublish } => {
  const connector = handOffConnectors.find((candidate) => candidate.id === id);
  if (connector?.publish.kind !== 'hand-off') throw new Error(id);
  return connector as Connector & { publish: HandOffPublish };
};
const picture: PackageMedia = {
  ...{
    sha256: 'a'.repeat(64),
    mime: 'image/jpeg',
    width: 900,
    height: 1200,
    size: 1,
    role: 'body',
    alt: '窗口',
  },
};
const master: Master = {
  title: '退休一件事，一次办好',
  digest: '摘要',
  author: '',
  html: '<h2>条件</h2><p>年满。</p>',
  text: '条件\n年满六十。可申请。',
  media: [picture],
};
const context = { shortLink: 'https://rs.example.gov.cn/s/Abc123', settings: {} };
const inspectionOf = (id: string, change: Partial<Master> = {}) => {
  const { publish } = byId(id);
  const variant = publish.compose({ ...master, ...change }, context);
  return publish.inspect(variant, { shortLink: context.shortLink, reach: 'timeline' });
};

describe('finding the link in what was pasted', () => {
  const note = '65f0a1b2c3d4e5f6a7b8c9d0';
  test.each([
    [
      'toutiao',
      '退休一件事\nhttps://m.toutiao.com/is/iYSgcfwq/ - 今日头条',
      'https://m.toutiao.com/is/iYSgcfwq/',
    ],
    [
      'toutiao',
      'https://www.toutiao.com/article/7249559687354974759/?log_from=x',
      'https://www.toutiao.com/article/7249559687354974759/?log_from=x',
    ],
    [
      'toutiao',
      '看https://www.toutiao.com/w/a1674824622876685。',
      'https://www.toutiao.com/w/a1674824622876685',
    ],
    [
      'xiaohongshu',
      '32 【退休一件事 - 青川人社 | 小红书 - 你的生活指南】 😆 abc 😆 http://xhslink.com/o/4fAotv0DtEv 复制后打开【小红书】查看笔记！',
      'http://xhslink.com/o/4fAotv0DtEv',
    ],
    [
      'xiaohongshu',
      `https://www.xiaohongshu.com/explore/${note}?xsec_token=ABx=&xsec_source=pc_user，快看`,
      `https://www.xiaohongshu.com/explore/${note}?xsec_token=ABx=&xsec_source=pc_user`,
    ],
    [
      'xiaohongshu',
      `https://www.xiaohongshu.com/discovery/item/${note}!`,
      `https://www.xiaohongshu.com/discovery/item/${note}`,
    ],
    [
      'kuaishou-hand',
      '“退休一件事” https://v.kuaishou.com/AbCd12 复制此消息，打开【快手】直接观看！',
      'https://v.kuaishou.com/AbCd12',
    ],
    [
      'kuaishou-hand',
      '看https://www.kuaishou.com/short-video/3xabc123?fid=1。',
      'https://www.kuaishou.com/short-video/3xabc123?fid=1',
    ],
    ['kuaishou-hand', 'https://www.kuaishou.com/f/X-3abcDEF.', 'https://www.kuaishou.com/f/X-3abcDEF'],
    [
      'kuaishou-hand',
      'https://v.m.chenzhongtech.com/fw/photo/3xabc123?cc=share',
      'https://v.m.chenzhongtech.com/fw/photo/3xabc123?cc=share',
    ],
    [
      'toutiao',
      'https://m.toutiaocdn.com/i7249559687354974759/',
      'https://m.toutiaocdn.com/i7249559687354974759/',
    ],
    ['channels', 'https://weixin.qq.com/sph/A7ULN6a876', 'https://weixin.qq.com/sph/A7ULN6a876'],
    [
      'channels',
      '#视频号 https://channels.weixin.qq.com/web/pages/feed?eid=export%2FUzFf 点击观看',
      'https://channels.weixin.qq.com/web/pages/feed?eid=export%2FUzFf',
    ],
  ])('%s: %s', (id, pasted, link) => {
    expect(byId(id).publish.findLink(pasted)).toBe(link);
  });

  test.each([
    ['toutiao', 'https://www.toutiao.com.evil.example/article/7249559687354974759'],
    ['toutiao', 'https://www.toutiao.com/c/user/token/abc/'],
    ['toutiao', 'javascript:alert(1)'],
    ['xiaohongshu', 'https://evil.example/xiaohongshu.com/explore/'],
    ['xiaohongshu', 'https://www.xiaohongshu.com/user/profile/65f0a1b2c3d4e5f6a7b8c9d0'],
    ['channels', 'https://mp.weixin.qq.com/s/abcdef'],
    ['channels', '已经发布了'],
    ['kuaishou-hand', 'https://v.kuaishou.com/'],
    ['kuaishou-hand', 'https://evil.example/v.kuaishou.com/AbCd12'],
    ['kuaishou-hand', 'https://www.kuaishou.com/profile/3xabc'],
  ])('%s finds none in %s', (id, pasted) => {
    expect(byId(id).publish.findLink(pasted)).toBeNull();
  });

  test('no platform takes another’s link, and the first of several counts', () => {
    expect(byId('toutiao').publish.findLink('http://xhslink.com/o/4fAotv0DtEv')).toBeNull();
    const two = 'https://m.toutiao.com/is/first1/ https://www.toutiao.com/article/7249559687354974759/';
    expect(byId('toutiao').publish.findLink(two)).toBe('https://m.toutiao.com/is/first1/');
  });
});

describe('texts made to measure', () => {
  test('Toutiao keeps the rich text and offers the link in its own field', () => {
    const variant = byId('toutiao').publish.compose(master, context);
    expect(variant).toMatchObject({
      body: { kind: 'html', value: master.html },
      sourceUrl: context.shortLink,
    });
  });

  test('Xiaohongshu gets plain paragraphs without an address', () => {
    const variant = byId('xiaohongshu').publish.compose(master, context);
    expect(variant.body).toEqual({ kind: 'text', value: '条件\n\n年满六十。可申请。' });
    expect(JSON.stringify(variant)).not.toContain('http');
  });

  test('a long text is cut at a sentence, a long title with an ellipsis', () => {
    const { publish } = byId('xiaohongshu');
    const variant = publish.compose(
      { ...master, title: '标'.repeat(40), text: '一二三四五六七八九。'.repeat(300) },
      context,
    );
    expect([...variant.title!]).toHaveLength(20);
    expect(variant.title).toMatch(/…$/);
    expect([...variant.body.value]).toHaveLength(1000);
    expect(variant.body.value).toMatch(/。$/);
  });
});

describe('inspection', () => {
  test('a note without a picture is blocked, one of an odd shape warned about', () => {
    expect(inspectionOf('xiaohongshu', { media: [] }).problems).toMatchObject([
      { level: 'block', field: 'media' },
    ]);
    const wide = { ...picture, width: 2000, height: 600 };
    expect(inspectionOf('xiaohongshu', { media: [wide] }).problems).toMatchObject([
      { level: 'warn', field: 'media' },
    ]);
    expect(inspectionOf('xiaohongshu').problems).toEqual([]);
  });

  test('an address in the text of a platform that dislikes it is warned about', () => {
    const { problems } = inspectionOf('xiaohongshu', { text: '请看 https://rs.example.gov.cn/' });
    expect(problems).toMatchObject([{ level: 'warn', field: 'body' }]);
  });

  test('a title too short is blocked where the platform says so', () => {
    expect(inspectionOf('channels', { title: '退休' }).problems).toMatchObject([
      { level: 'block', field: 'title' },
    ]);
  });
});

describe('topics, first sentence, media', () => {
  const video: PackageMedia = {
    ...{ ...picture, sha256: 'b'.repeat(64), mime: 'video/mp4', role: 'video', durationMs: 60_000 },
  };
  const judge = (id: string, change: Partial<Master>) =>
    inspectionOf(id, change).problems.map(({ level, field }) => `${level} ${field}`);

  test('the account’s topics end the text where it lacks them, as many as are advised', () => {
    const { publish } = byId('kuaishou-hand');
    const make = (topics: string) => publish.compose(master, { ...context, settings: { topics } }).body.value;
    expect(make('人社 便民')).toBe('退休一件事，一次办好\n\n条件\n\n年满六十。可申请。\n\n#人社 #便民');
    expect(make('一 二 三 四 五 六')).toMatch(/#一 #二 #三 #四 #五$/);
    expect(make('')).not.toContain('#');
  });

  test('too many topics and a long first sentence are warned about', () => {
    expect(judge('kuaishou-hand', { text: '#一 #二 #三 #四 #五 #六。' })).toEqual(['warn body']);
    expect(judge('xiaohongshu', { text: `${'长'.repeat(60)}。` })).toEqual(['warn body']);
  });

  test('a video goes with its cover, and its length, size and container are looked at', () => {
    const cover = { ...picture, role: 'cover' as const };
    const { media } = byId('channels').publish.compose(
      { ...master, media: [cover, picture, video] },
      context,
    );
    expect(media).toEqual([cover, video]);
    expect(judge('channels', { media: [video] })).toEqual([]);
    expect(judge('channels', { media: [{ ...video, durationMs: 9 * 3_600_000 }] })).toEqual(['block media']);
    expect(judge('channels', { media: [{ ...video, mime: 'video/avi' }] })).toEqual(['block media']);
    expect(judge('channels', { media: [{ ...video, size: 5 * 1024 ** 3 }] })).toEqual(['block media']);
    expect(judge('channels', { media: [{ ...video, width: 300 }] })).toEqual(['warn media']);
  });

  test('a picture of another kind or too large is blocked', () => {
    expect(judge('xiaohongshu', { media: [{ ...picture, mime: 'image/webp' }] })).toEqual(['block media']);
    expect(judge('xiaohongshu', { media: [{ ...picture, size: 30 * 1024 ** 2 }] })).toEqual(['block media']);
  });
});

test('every profile tells what to do, in order, in both languages, and ends with pasting the link back', () => {
  for (const profile of profiles) {
    expect(profile.instructions.length).toBeGreaterThanOrEqual(4);
    for (const step of profile.instructions) expect(step.zh && step.en).toBeTruthy();
    expect(profile.instructions.at(-1)?.zh).toContain('粘贴回');
    for (const pattern of profile.links) expect(pattern.global).toBe(false);
  }
});
