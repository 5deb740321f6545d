import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArticleContent, listVariants, saveWorkingCopy, type VariantView } from '#shared/content.ts';
import { getMedia } from '#shared/media.ts';
import { getHandOff } from '#shared/tasks.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approveThroughChain, buildDraft, paragraph, untilDelivery } from '#tests/support/build-article.ts';
import type { Client } from '#tests/support/client.ts';
import { uploadWhole } from '#tests/support/upload.ts';
import { isThere } from './ffmpeg.ts';

const phone = await readFile('tests/fixtures/media/phone.mp4');
const ffmpeg = await isThere('ffmpeg');

let stage: TestInstallation;
let editor: Client;
let fileId: string;
beforeAll(async () => {
  stage = await buildInstallation();
  editor = await stage.as('bianji');
  fileId = (await uploadWhole(stage.url, editor, phone, '窗口.mp4')).fileId!;
});
afterAll(() => stage?.close());

async function draftWithVideo(change: Partial<ArticleContent> = {}) {
  const draft = await buildDraft(stage, editor, {
    title: '一分钟看懂退休',
    body: [paragraph('到龄前三个月就可以申请。')],
  });
  const video = { fileId, transcript: '大家好。\n今天说说“退休”。' };
  const working = { ...draft.working, video, ...change };
  const { revision } = await editor.call(saveWorkingCopy, {
    params: { articleId: draft.articleId },
    body: { baseRevision: draft.revision, working, targets: draft.targets, class: 'important' },
  });
  return { ...draft, revision, working };
}

const variantsOf = async (articleId: string): Promise<Map<string, VariantView>> =>
  new Map(
    (await editor.call(listVariants, { params: { articleId } })).map((variant) => [
      variant.platform,
      variant,
    ]),
  );

describe('an article with a video', () => {
  test('gives it to the accounts that take one, and says where it is left out', async () => {
    const { articleId } = await draftWithVideo();
    const variants = await variantsOf(articleId);
    const video = { role: 'video', mime: 'video/mp4', width: 48, height: 64 };
    expect(variants.get('site')!.content.media).toContainEqual(expect.objectContaining(video));
    const sent = variants.get('xiaohongshu')!.content.media.find(({ role }) => role === 'video');
    expect(sent).toMatchObject(video);
    expect(sent!.durationMs).toBeGreaterThan(900);
    for (const platform of ['weibo', 'wechat-official']) {
      const { content, problems } = variants.get(platform)!;
      expect(content.media.map((media) => media.role)).not.toContain('video');
      expect(problems.map((problem) => problem.zh).join()).toContain('不带视频');
    }
    const { usedIn } = await editor.call(getMedia, { params: { fileId } });
    expect(usedIn.map((use) => use.articleId)).toContain(articleId);
  });

  test('takes the first frame for its cover where it has none, and asks for a transcript', async () => {
    const { articleId } = await draftWithVideo({ coverFileId: null, video: { fileId, transcript: '' } });
    const { content, problems } = (await variantsOf(articleId)).get('site')!;
    expect(content.media.map((media) => media.role)).toEqual(ffmpeg ? ['cover', 'video'] : ['video']);
    expect(problems.map((problem) => problem.zh).join()).toContain('文字稿');
  });

  test('shows it on the site with controls, never by itself, within a small page', async () => {
    const draft = await draftWithVideo();
    await approveThroughChain(stage, editor, draft);
    const { url } = await untilDelivery(editor, draft.articleId, 'site', ['published']);
    const answer = await fetch(`${stage.url}${new URL(url!).pathname}`);
    const page = await answer.text();
    const video = /<video[^>]*>/.exec(page)![0];
    expect(video).toContain(' controls ');
    expect(video).toContain('preload="none"');
    expect(video).not.toContain('autoplay');
    expect(page).toContain('<p>今天说说“退休”。</p>');
    expect(answer.headers.get('content-security-policy')).toContain("media-src 'self'");
    expect(Buffer.byteLength(page)).toBeLessThan(50 * 1024);
    for (const name of ['src', 'poster']) {
      const [, path] = new RegExp(` ${name}="(/files/[\\w-]+)"`).exec(video)!;
      expect((await fetch(`${stage.url}${path}`)).status).toBe(200);
    }
  });

  test('hands it over as a link of its own, beside the archive of pictures', async () => {
    const draft = await draftWithVideo();
    await approveThroughChain(stage, editor, draft);
    const { handoffUrl } = await untilDelivery(editor, draft.articleId, 'xiaohongshu', ['handed-off']);
    const token = handoffUrl!.slice(-22);
    const task = await editor.call(getHandOff, { params: { token } });
    expect(task.media.map((media) => media.name)).toContain('窗口.mp4');
    const pack = await fetch(`${stage.url}${task.mediaPackUrl}`);
    const names = Object.keys(unzipSync(new Uint8Array(await pack.arrayBuffer())));
    expect(names.filter((name) => name.endsWith('.mp4'))).toEqual([]);
    expect(names.length).toBeGreaterThan(1);
  });

  test('a picture in the place of a video, or a video in that of a picture, is left out', async () => {
    const picture = (await draftWithVideo()).working.coverFileId!;
    const { articleId } = await draftWithVideo({
      coverFileId: fileId,
      video: { fileId: picture, transcript: '' },
    });
    expect((await variantsOf(articleId)).get('site')!.content.media).toEqual([]);
  });
});
