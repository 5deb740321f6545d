import { describe, expect, test } from 'vitest';
import { connectors } from '#connectors/registry.ts';
import { clean, judge } from './support/exceptions.ts';
import { findLines, maskSource } from './support/scan.ts';
import { isTest, listFiles, readText } from './support/tree.ts';

/** Connectors that are no platform: our own site, and the way by hand. */
const ours = ['site'];
/** Ids that are ordinary words, too: the platform’s own name below is what a screen must not know. */
const ordinary = ['channels'];
const ids = [...connectors.keys()].filter((id) => !ours.includes(id) && !ordinary.includes(id));
/** Names people use, and platforms that may come: a screen or module that knows one has to be changed for the next. */
const words = [
  ...[
    'wechat',
    'weixin',
    'weibo',
    'douyin',
    'tiktok',
    'kuaishou',
    'bilibili',
    'xiaohongshu',
    'toutiao',
    'zhihu',
  ],
  ...[
    'mastodon',
    'wordpress',
    '微信',
    '公众号',
    '微博',
    '抖音',
    '快手',
    '哔哩',
    '小红书',
    '视频号',
    '头条',
    '知乎',
  ],
  ...['wecom', 'dingtalk', 'feishu', '钉钉', '飞书'],
];
const pattern = new RegExp([...new Set([...ids, ...words])].join('|'), 'gi');

/** `file`: reason. */
const exceptions = {
  'server/base/text/personal/cues.ts':
    'words that citizens put before an account of theirs, whatever the platform',
};

const screened = ['server', 'shared', 'site', 'staff', 'tools']
  .flatMap(listFiles)
  .filter((path) => /\.(ts|tsx|mjs|js|css|html|sql)$/.test(path))
  .filter((path) => !isTest(path) && !path.startsWith('server/seed/'));

describe('platform names', () => {
  test('stand only in connectors, stand-ins, seeds, documents and tests', () => {
    expect(screened.length).toBeGreaterThan(150);
    const breaches = screened.flatMap((path) =>
      findLines(withoutComments(path), pattern, readText(path)).map(({ line, text }) => ({
        key: path,
        line: `${path}:${line}  ${text}`,
      })),
    );
    expect(judge(breaches, exceptions)).toEqual(clean);
  });

  test('in code are found in either script and case', () => {
    const find = (text: string) => findLines(text, pattern).length;
    expect(find("if (platform === 'weibo') f();")).toBe(1);
    expect(find("label: '发到微信'; type WechatAccount = 1;")).toBe(2);
    expect(find("platform === 'site' || connector.messages")).toBe(0);
  });
});

/** Comments may name platforms: they say where a rule comes from. */
function withoutComments(path: string): string {
  const text = readText(path);
  const blank = (comment: string) => comment.replace(/[^\n]/g, ' ');
  if (path.endsWith('.sql')) return text.replace(/--[^\n]*/g, blank);
  if (path.endsWith('.css')) return text.replace(/\/\*[\s\S]*?\*\//g, blank);
  if (path.endsWith('.html')) return text.replace(/<!--[\s\S]*?-->/g, blank);
  return maskSource(text).code;
}
