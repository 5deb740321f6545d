import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '#server/base/canonical.ts';
import { createArticle, getArticle, saveWorkingCopy } from '#shared/content.ts';
import { errors } from '#shared/errors.ts';
import {
  beginUpload,
  cancelUpload,
  cropMedia,
  deleteMedia,
  describeMedia,
  finishUpload,
  getMedia,
  listMedia,
  listUploads,
} from '#shared/media.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { approveThroughChain, buildDraft } from '#tests/support/build-article.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { sendPart, untilLookedAt, uploadWhole } from '#tests/support/upload.ts';
import { isThere } from './ffmpeg.ts';
import { cleanMedia } from './worker.ts';

const phone = await readFile('tests/fixtures/media/phone.mp4');
const film = await readFile('tests/fixtures/media/phone.mov');
const ffmpeg = await isThere('ffmpeg');

let stage: TestInstallation;
let editor: Client;
beforeAll(async () => {
  stage = await buildInstallation({ pictureLimit: 300_000, videoLimit: 2_000_000 });
  editor = await stage.as('bianji');
});
afterAll(() => stage?.close());

const part = (uploadId: string, offset: number, bytes: Buffer, key?: string) =>
  sendPart(stage.url, editor, uploadId, offset, bytes, key);
const send = (bytes: Buffer, name: string) => uploadWhole(stage.url, editor, bytes, name);
const begin = async (size: number, fingerprint: string = randomBytes(8).toString('hex')) =>
  (await editor.call(beginUpload, { body: { name: '图.jpg', size, fingerprint } })).upload!;
const detail = (fileId: string) => editor.call(getMedia, { params: { fileId } });

/** Shapes on a ground, another for each seed; large enough to be sent in parts. */
function drawing(seed: number, width = 640, height = 480) {
  const circles = Array.from({ length: 12 }, (_, index) => {
    const [x, y, r] = [(index * seed * 71) % 640, (index * seed * 37) % 480, 20 + ((index * seed * 13) % 90)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${(index * seed * 29) % 360},70%,50%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" width="${width}" height="${height}"><rect width="640" height="480" fill="#eee"/>${circles.join('')}</svg>`;
  return sharp(Buffer.from(svg));
}

describe('an upload in parts', () => {
  test('is nobody’s but its sender’s', async () => {
    const upload = await begin(1_000);
    const body = { name: 'x', size: 1, fingerprint: 'x' };
    expect((await createClient(stage.url, '').try(beginUpload, { body })).status).toBe(401);
    const neighbour = await stage.as('st.bianji');
    const params = { uploadId: upload.id };
    expect((await neighbour.try(finishUpload, { params })).status).toBe(404);
    expect((await sendPart(stage.url, neighbour, upload.id, 0, phone)).status).toBe(404);
    expect((await neighbour.call(listUploads, {})).length).toBe(0);
  });

  test('puts a picture into the library without EXIF and position', async () => {
    const secret = 'CANARY-13800138000';
    const bytes = await drawing(1)
      .withExif({ IFD0: { Make: secret }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 15/1 30/1' } })
      .jpeg()
      .toBuffer();
    const upload = await send(bytes, 'IMG_0001.HEIC');
    expect(upload).toMatchObject({ state: 'done', wasThere: false, problem: null, received: bytes.length });
    const item = await detail(upload.fileId!);
    expect(item).toMatchObject({ kind: 'picture', mime: 'image/jpeg', width: 640, height: 480, uses: 0 });
    const served = Buffer.from(await (await fetch(`${stage.url}${item.url}`)).arrayBuffer());
    expect(served.includes(secret)).toBe(false);
    expect((await sharp(served).metadata()).exif).toBeUndefined();
    expect(await readdir(join(stage.config.dataDir, 'uploads'))).not.toContain(upload.id);
  });

  test('takes repeated and overlapping parts, tells where a gap would be, and goes on from there', async () => {
    const bytes = await drawing(2).jpeg().toBuffer();
    const upload = await begin(bytes.length);
    const [first, second] = [bytes.subarray(0, 2_000), bytes.subarray(2_000)];
    expect(await part(upload.id, 0, first, 'the-same-key')).toMatchObject({ body: { received: 2_000 } });
    expect(await part(upload.id, 0, first, 'the-same-key')).toMatchObject({ body: { received: 2_000 } });
    expect(await part(upload.id, 0, first)).toMatchObject({ status: 200, body: { received: 2_000 } });
    const gap = await part(upload.id, 3_000, bytes.subarray(3_000));
    expect(gap).toMatchObject({ status: 409, body: { code: 'upload-offset', details: { received: 2_000 } } });
    const early = await editor.try(finishUpload, { params: { uploadId: upload.id } });
    expect(early.error?.code).toBe('upload-incomplete');
    expect(await part(upload.id, 2_000, second)).toMatchObject({ body: { received: bytes.length } });
    expect(await part(upload.id, bytes.length, first)).toMatchObject({ status: 400 });
  });

  test('is found again by the same file, also where the disk lost some of it', async () => {
    const bytes = await drawing(3).jpeg().toBuffer();
    const upload = await begin(bytes.length, 'again');
    await part(upload.id, 0, bytes.subarray(0, 3_000));
    expect(await begin(bytes.length, 'again')).toMatchObject({ id: upload.id, received: 3_000 });
    await truncate(join(stage.config.dataDir, 'uploads', upload.id), 1_000);
    expect(await begin(bytes.length, 'again')).toMatchObject({ id: upload.id, received: 1_000 });
    expect(await begin(bytes.length + 1, 'again')).not.toMatchObject({ id: upload.id });
    await editor.call(cancelUpload, { params: { uploadId: upload.id } });
    expect(await begin(bytes.length, 'again')).not.toMatchObject({ id: upload.id });
  });

  test('too large for its kind is refused at once, by what it is and not by its name', async () => {
    const body = { name: '大.mp4', size: 2_000_001, fingerprint: 'large' };
    expect((await editor.try(beginUpload, { body })).error?.code).toBe('file-too-large');
    const picture = await begin(300_001);
    expect(await part(picture.id, 0, await drawing(4).png().toBuffer())).toMatchObject({
      status: 413,
      body: { code: 'file-too-large' },
    });
    const video = await begin(300_001);
    expect(await part(video.id, 0, phone)).toMatchObject({ status: 200 });
  });

  test('whose bytes arrived changed is refused', async () => {
    const bytes = await drawing(5).jpeg().toBuffer();
    const body = { name: 'a.jpg', size: bytes.length, fingerprint: 'changed', sha256: sha256Hex('other') };
    const { upload } = await editor.call(beginUpload, { body });
    await part(upload!.id, 0, bytes);
    await editor.call(finishUpload, { params: { uploadId: upload!.id } });
    expect(await untilLookedAt(editor, upload!.id)).toMatchObject({
      state: 'failed',
      problem: { zh: expect.stringContaining('不一致') },
    });
  });

  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['a page', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an archive', () => Buffer.from(zipSync({ 'a.txt': new Uint8Array(9_000) }))],
    ['a PDF', () => Buffer.from('%PDF-1.7\n1 0 obj\n')],
    ['a still picture in the container of videos', () => drawing(6).avif().toBuffer()],
    ['three bytes of a JPEG', () => Buffer.from('\xff\xd8\xff', 'latin1').subarray(0, 2)],
  ])('%s is refused with its first part, whatever its name', async (_name, make) => {
    const bytes = await make();
    const body = { name: '视频.mp4', size: bytes.length, fingerprint: randomBytes(8).toString('hex') };
    const { upload } = await editor.call(beginUpload, { body });
    expect(await part(upload!.id, 0, bytes)).toMatchObject({
      status: 415,
      body: { code: 'media-type-refused' },
    });
  });

  test.each<[string, () => Buffer | Promise<Buffer>, string]>([
    [
      'a page that begins like a GIF',
      () => Buffer.from('GIF89a/*<script>alert(1)</script>*/=1;'),
      'media-type-refused',
    ],
    [
      'a JPEG cut in the middle',
      async () => (await drawing(7).jpeg().toBuffer()).subarray(0, 3_000),
      'media-type-refused',
    ],
    ['a video cut in the middle', () => phone.subarray(0, 4_000), 'video-unreadable'],
    [
      'a video with an archive behind it',
      () => Buffer.concat([phone, Buffer.from(zipSync({ a: new Uint8Array(9) }))]),
      'video-unreadable',
    ],
  ])('%s is refused when it is looked at', async (_name, make, code) => {
    const upload = await send(await make(), 'x.jpg');
    expect(upload).toMatchObject({
      state: 'failed',
      fileId: null,
      problem: { zh: errors[code as 'internal'][1] },
    });
  });
});

describe('a video', () => {
  test('is kept without title and position, with its facts', async () => {
    const upload = await send(phone, '活动.mp4');
    expect(upload.state).toBe('done');
    const item = await detail(upload.fileId!);
    expect(item).toMatchObject({ kind: 'video', mime: 'video/mp4', width: 48, height: 64 });
    expect(item.facts).toEqual({
      source: ffmpeg ? 'ffprobe' : 'boxes',
      metadata: ffmpeg ? 'rewritten' : 'blanked',
      codec: 'h264',
      audio: 'aac',
      rotation: 90,
    });
    expect(Math.abs(item.durationMs! - 1_000)).toBeLessThan(300);
    const answer = await fetch(`${stage.url}${item.url}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.includes('CANARY') || bytes.includes('+30.25')).toBe(false);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(item.coverUrl === null).toBe(!ffmpeg);
  });

  test('is served in stretches', async () => {
    const { url, size } = await detail((await send(phone, '活动.mp4')).fileId!);
    const ask = (range: string) => fetch(`${stage.url}${url}`, { headers: { range } });
    const stretch = await ask('bytes=4-7');
    expect([stretch.status, stretch.headers.get('content-range'), await stretch.text()]).toEqual([
      206,
      `bytes 4-7/${size}`,
      'ftyp',
    ]);
    expect((await (await ask('bytes=-5')).arrayBuffer()).byteLength).toBe(5);
    expect((await ask(`bytes=${size}-`)).status).toBe(416);
    expect((await ask('bytes=1-2,4-5')).status).toBe(200);
  });

  test('the same file again is recognised, before a byte is sent where its hash is known', async () => {
    const first = await send(phone, '一.mp4');
    const again = await send(phone, '二.mp4');
    expect([first.state, again.wasThere, again.fileId]).toEqual(['done', true, first.fileId]);
    const body = { name: '三', size: phone.length, fingerprint: '三', sha256: sha256Hex(phone) };
    const { upload, existing } = await editor.call(beginUpload, { body });
    expect([upload, existing?.id]).toEqual([null, first.fileId]);
    // The same pictures in another container are the same file once both are written anew.
    const other = await send(film, '四.mov');
    expect([other.state, other.fileId]).toEqual(ffmpeg ? ['done', first.fileId] : ['failed', null]);
  });

  test('without ffmpeg is read by its boxes and blanked, and MOV is asked for as MP4', async () => {
    const plain = await buildInstallation({ ffmpeg: null });
    try {
      const client = await plain.as('bianji');
      const upload = await uploadWhole(plain.url, client, phone, '活动.mp4');
      const item = await client.call(getMedia, { params: { fileId: upload.fileId! } });
      expect(item.facts).toMatchObject({ source: 'boxes', metadata: 'blanked', rotation: 90 });
      const bytes = Buffer.from(await (await fetch(`${plain.url}${item.url}`)).arrayBuffer());
      expect([bytes.length, bytes.includes('CANARY')]).toEqual([phone.length, false]);
      expect(await uploadWhole(plain.url, client, film, 'a.mov')).toMatchObject({ state: 'failed' });
    } finally {
      await plain.close();
    }
  });
});

describe('the library', () => {
  test('shows kinds and finds by name and description', async () => {
    const { fileId } = await send(await drawing(8).png().toBuffer(), '大厅.png');
    await editor.call(describeMedia, {
      params: { fileId: fileId! },
      body: { name: '大厅', alt: '窗口前的群众' },
    });
    const find = async (query: { search?: string; kind?: 'video' }) =>
      (await editor.call(listMedia, { query })).rows.map((row) => row.id);
    expect(await find({ search: '窗口前' })).toEqual([fileId]);
    expect(await find({ search: '窗口前', kind: 'video' })).toEqual([]);
    expect(await find({ search: '100%' })).toEqual([]);
  });

  test('knows a picture that was made smaller and compressed, and not one that is another', async () => {
    const one = await send(await drawing(9).jpeg({ quality: 95 }).toBuffer(), '原图.jpg');
    const other = await send(await drawing(10).jpeg().toBuffer(), '别的.jpg');
    const small = await send(await drawing(9, 400, 300).jpeg({ quality: 40 }).toBuffer(), '转发.jpg');
    const { similar } = await detail(small.fileId!);
    expect(similar.map((item) => item.id)).toContain(one.fileId);
    expect(similar.map((item) => item.id)).not.toContain(other.fileId);
  });

  test('cuts a picture into a file of its own that knows its parent', async () => {
    const { fileId } = await send(await drawing(11).jpeg().toBuffer(), '横.jpg');
    const crop = { x: 100, y: 20, width: 300, height: 400 };
    const cut = await editor.call(cropMedia, { params: { fileId: fileId! }, body: { crop } });
    expect(cut).toMatchObject({ width: 300, height: 400, parentId: fileId });
    expect((await detail(fileId!)).crops.map((item) => item.id)).toEqual([cut.id]);
    const beyond = { ...crop, x: 400 };
    expect(
      (await editor.try(cropMedia, { params: { fileId: fileId! }, body: { crop: beyond } })).status,
    ).toBe(400);
    const { error } = await editor.try(deleteMedia, { params: { fileId: fileId! } });
    expect(error?.code).toBe('file-in-use');
  });

  test('deletes what nothing uses after seven days, bytes a day later, and never what is used', async () => {
    const used = await send(await drawing(12).jpeg().toBuffer(), '用.jpg');
    const unused = await send(await drawing(13).jpeg().toBuffer(), '不用.jpg');
    const frozen = await buildDraft(stage, editor, { platforms: ['site'] });
    await approveThroughChain(stage, editor, frozen);
    const { id: articleId } = await editor.call(createArticle, { body: { title: '用图' } });
    const article = await editor.call(getArticle, { params: { articleId } });
    const save = (baseRevision: number, coverFileId: string | null) =>
      editor.call(saveWorkingCopy, {
        params: { articleId },
        body: { ...article, baseRevision, working: { ...article.working, coverFileId } },
      });
    await save(1, used.fileId);
    expect(await detail(used.fileId!)).toMatchObject({ uses: 1, deletedAt: null, usedIn: [{ articleId }] });
    const path = stage.app.files.pathOf(await hashOf(unused.fileId!));
    await age(8);
    await cleanMedia(stage.app);
    expect((await editor.try(getMedia, { params: { fileId: unused.fileId! } })).status).toBe(404);
    expect(await detail(used.fileId!)).toMatchObject({ uses: 1 });
    expect(await detail(frozen.working.coverFileId!)).toMatchObject({ deletedAt: null });
    expect((await stat(path)).size).toBeGreaterThan(0);
    await age(2);
    await cleanMedia(stage.app);
    await expect(stat(path)).rejects.toThrow('ENOENT');
    // Taken out of the article it has its seven days again.
    await save(2, null);
    expect((await detail(used.fileId!)).deletedAt).not.toBeNull();
    await cleanMedia(stage.app);
    expect(await detail(used.fileId!)).toMatchObject({ uses: 0 });
    expect((await editor.call(deleteMedia, { params: { fileId: used.fileId! } })).ok).toBe(true);
  });

  test('bytes that another row came to hold meanwhile stay', async () => {
    const bytes = await drawing(14).jpeg().toBuffer();
    const first = await send(bytes, '一.jpg');
    const path = stage.app.files.pathOf(await hashOf(first.fileId!));
    await editor.call(deleteMedia, { params: { fileId: first.fileId! } });
    const second = await send(bytes, '二.jpg');
    expect(second).toMatchObject({ state: 'done', wasThere: false });
    await age(2);
    await cleanMedia(stage.app);
    expect((await stat(path)).size).toBeGreaterThan(0);
  });

  test('uploads that were left behind are cleared away with their bytes', async () => {
    const upload = await begin(1_000_000, 'left');
    await part(upload.id, 0, phone);
    const orphan = join(stage.config.dataDir, 'uploads', 'orphan');
    await writeFile(orphan, 'x');
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(orphan, longAgo, longAgo);
    await cleanMedia(stage.app);
    expect(await begin(1_000_000, 'left')).toMatchObject({ id: upload.id });
    await age(4);
    await cleanMedia(stage.app);
    const left = await readdir(join(stage.config.dataDir, 'uploads'));
    expect(left.includes(upload.id) || left.includes('orphan')).toBe(false);
  });
});

async function hashOf(fileId: string): Promise<string> {
  return stage.app.database.withWorker(async (tx) => {
    const { rows } = await sql<{ sha256: string }>`select sha256 from files where id = ${fileId}`.execute(tx);
    return rows[0]!.sha256;
  });
}

/** Days pass for everything that is unused, removed or left behind. */
async function age(days: number): Promise<void> {
  const step = sql`make_interval(days => ${days})`;
  await stage.app.database.withWorker(async (tx) => {
    await sql`update files set unused_since = unused_since - ${step}`.execute(tx);
    await sql`update file_removals set since = since - ${step}`.execute(tx);
    await sql`update uploads set touched_at = touched_at - ${step}`.execute(tx);
  });
}
