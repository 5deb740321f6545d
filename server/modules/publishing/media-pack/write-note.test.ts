import { expect, test } from 'vitest';
import { type NotedTask, writeNote } from './write-note.ts';

const task: NotedTask = {
  title: '职工退休一件事怎么办',
  accountName: '云溪人社',
  platformName: { zh: '某平台', en: 'A platform' },
  deadline: '2026-11-28T10:00:00.000Z',
  instructions: [
    { zh: '打开应用。', en: 'Open the app.' },
    { zh: '发布。', en: 'Publish.' },
  ],
  copy: [
    { field: 'title', text: '标题', fit: { text: '标题', used: 9, limit: 20, unit: 'characters' } },
    { field: 'body', text: '正文', fit: { text: '正', used: 1_200, limit: 1_000, unit: 'characters' } },
    { field: 'link', text: 'https://example.gov.cn', fit: null },
  ],
  media: [
    {
      ...{ url: '/files/x', originalUrl: '/files/x', name: '片子', kind: 'video', role: 'video' },
      ...{ ratio: null, cutBy: null, spare: false, place: 1 },
    },
  ],
};
const cover = {
  ...{ sha256: 'a'.repeat(64), alt: '', role: 'cover' as const, place: 1, spare: false, extension: 'jpg' },
  ...{ ratio: { width: 3, height: 4 }, cut: { width: 3, height: 4 }, by: 'program' as const },
};

test('the note says what is used where, in order, how full each field is, and what is not in the pack', () => {
  const note = writeNote(task, [cover, { ...cover, place: 2, role: 'body', by: 'person' }], 'zh');
  expect(note.replaceAll('\r\n', '\n')).toBe(`职工退休一件事怎么办
某平台 · 云溪人社
请在 2026-11-28 18:00 前完成

【怎么发】
1. 打开应用。
2. 发布。

【图片】按序号依次选用
01-封面-竖版3比4.jpg　封面，3:4，程序裁的
02-图片-竖版3比4.jpg　第 2 张，3:4，同事在素材库裁好的
程序按画面重点裁切，用前请看一眼有没有裁掉文字或人。
原图/　没有裁切的原图。裁得不合适时用它，或请同事在素材库裁好，再下载一次。

【文字】在 文字.txt 里，依次是：
标题 9/20 字
正文 原文 1200 字，平台最多 1000 字；文件里是截短的
链接

【视频】文件较大，不在压缩包里，请在任务页上保存。
`);
});

test('in English it is English throughout', () => {
  const { instructions, ...rest } = task;
  const note = writeNote({ ...rest, instructions, title: 'T', accountName: 'A' }, [cover], 'en');
  expect(note).not.toMatch(/\p{Script=Han}/u);
  expect(note).toContain('01-cover-upright-3x4.jpg');
});
