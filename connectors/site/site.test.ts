import { expect, test } from 'vitest';
import type { Master } from '../contract.ts';
import { site } from './connector.ts';

const sha = 'b'.repeat(64);
const master: Master = {
  title: '退休一件事',
  digest: '一次办好。',
  author: '社保中心',
  text: '条件',
  html: `<h2>条件</h2><table><tr><th>项</th></tr></table><figure><img src="media:${sha}" alt="窗口"></figure>`,
  media: [{ sha256: sha, mime: 'image/png', width: 9, height: 9, size: 9, role: 'body', alt: '窗口' }],
};
const context = { shortLink: 'https://rs.example.gov.cn/s/1', settings: {} };
const problemsOf = (change: Partial<Master>) =>
  site.publish
    .inspect(site.publish.compose({ ...master, ...change }, context), { ...context, reach: 'page' })
    .problems.map(({ level, field }) => `${level} ${field}`);

test('the master’s headings, tables and alternative texts are kept to the byte', () => {
  const variant = site.publish.compose(master, context);
  expect(variant).toMatchObject({
    title: master.title,
    body: { kind: 'html', value: master.html },
    media: master.media,
  });
  expect(problemsOf({})).toEqual([]);
});

test('a video stands above the text, with what is said in it, and nothing of it is markup', () => {
  const video = { ...master.media[0]!, role: 'video', mime: 'video/mp4', alt: '窗口 "一"' } as const;
  const cover = { ...master.media[0]!, sha256: 'c'.repeat(64), role: 'cover' } as const;
  const change = { media: [cover, video], transcript: '第一句\n\n<b>第二句</b>', html: '<p>文</p>' };
  const { body, media } = site.publish.compose({ ...master, ...change }, context);
  expect(body.value).toBe(
    `<figure class="video"><video controls playsinline preload="none" width="9" height="9" poster="media:${cover.sha256}" src="media:${sha}" aria-label="窗口 &quot;一&quot;"></video></figure><details class="transcript"><summary>视频文字稿</summary><p>第一句</p><p>&lt;b&gt;第二句&lt;/b&gt;</p></details><p>文</p>`,
  );
  expect(media).toEqual([cover, video]);
  expect(problemsOf(change)).toEqual([]);
});

test('it makes no call and reaches readers as a page', () => {
  expect(site).toMatchObject({ defaultBaseUrl: null, publish: { kind: 'local', reaches: ['page'] } });
  expect(site.comments ?? site.messages ?? site.push).toBeUndefined();
});

test('what would spoil the page is said', () => {
  expect(problemsOf({ title: ' ' })).toEqual(['block title']);
  expect(problemsOf({ digest: '' })).toEqual(['warn digest']);
  expect(problemsOf({ html: '<p> </p>' })).toEqual(['block body']);
  expect(problemsOf({ media: [] })).toEqual(['block media']);
  expect(problemsOf({ media: [{ ...master.media[0]!, alt: ' ' }] })).toEqual(['warn media']);
  expect(problemsOf({ html: `<p>${'长'.repeat(12_000)}</p>`, media: [] })).toEqual(['warn body']);
});
