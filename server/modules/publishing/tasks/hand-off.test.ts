import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cropMedia } from '#shared/media.ts';
import { getDelivery, holdDelivery } from '#shared/publishing.ts';
import { getHandOff, proveHandOff } from '#shared/tasks.ts';
import { type Client, createClient } from '#tests/support/client.ts';
import { buildDesk, type Desk } from '../test-support.ts';

let desk: Desk;
let phone: Client;
beforeAll(async () => {
  desk = await buildDesk();
  // The phone is not signed in: the token in the address is its only key.
  phone = createClient(desk.installation.url, '');
});
afterAll(() => desk?.close());

async function task(title = '职工退休一件事怎么办'): Promise<{ id: string; token: string }> {
  const { id } = await desk.approveOn('xiaohongshu', { title });
  await desk.step(id);
  const view = await desk.editor.call(getDelivery, { params: { deliveryId: id } });
  return { id, token: view.handoffUrl!.slice(-22) };
}

const shareText = (link: string) =>
  `退休一件事怎么办？一次讲清楚 云溪人社小课堂 发布了一篇小红书笔记，快来看吧！ ${link}，复制本条信息，打开【小红书】App查看精彩内容！`;
const link = 'https://www.xiaohongshu.com/explore/66f1a2b3000000001e03c4d5';

describe('the task page', () => {
  test('is nothing without its token', async () => {
    const answer = await phone.try(getHandOff, { params: { token: 'A'.repeat(22) } });
    expect([answer.status, answer.error?.code]).toEqual([404, 'not-found']);
    const malformed = await phone.try(getHandOff, { params: { token: 'x' } });
    expect(malformed.status).toBe(400);
  });

  test('gives the copy-ready texts, the pictures and the steps', async () => {
    const { token } = await task();
    const view = await phone.call(getHandOff, { params: { token } });
    expect([view.kind, view.state, view.takesLink]).toEqual(['publish', 'pending', true]);
    expect(view.copy.find((one) => one.field === 'title')?.text).toContain('退休');
    const body = view.copy.find((one) => one.field === 'body')?.text ?? '';
    expect(body).toContain('到龄前三个月就可以申请');
    expect(body).not.toMatch(/<[a-z]/);
    expect(view.instructions.length).toBeGreaterThan(0);
    for (const picture of view.media) {
      const answer = await fetch(`${desk.installation.url}${picture.url}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      await answer.body?.cancel();
    }
  });

  test('shows cut pictures in order, each with its original, and nothing but what is planned', async () => {
    const { token } = await task();
    const { media } = await phone.call(getHandOff, { params: { token } });
    expect(media.map(({ role, ratio, cutBy, spare }) => [role, ratio, cutBy, spare])).toEqual([
      ['cover', '3:4', 'program', false],
      ['cover', '1:1', 'program', true],
      ['cover', '4:3', 'program', true],
      ['body', '3:4', 'program', false],
    ]);
    const bytes = await fetch(`${desk.installation.url}${media[0]?.url}`).then((one) => one.arrayBuffer());
    const { width, height } = await sharp(Buffer.from(bytes)).metadata();
    expect(width! / height!).toBeCloseTo(3 / 4, 2);
    const other = await fetch(`${desk.installation.url}/hand-off/${token}/pictures/9-body-3x4.jpg`);
    expect(other.status).toBe(404);
  });

  test('says how full each field is, counted as the platform counts', async () => {
    const { token } = await task();
    const { copy } = await phone.call(getHandOff, { params: { token } });
    const [title, body] = [
      copy.find(({ field }) => field === 'title'),
      copy.find(({ field }) => field === 'body'),
    ];
    expect(title?.fit).toEqual({ text: title?.text, used: 10, limit: 20, unit: 'characters' });
    expect(body?.fit).toMatchObject({ text: body?.text, limit: 1_000 });
  });

  test('takes a colleague’s own cut of the picture before the program’s', async () => {
    const { id, token } = await task();
    const { media } = await phone.call(getHandOff, { params: { token } });
    const { rows } = await desk.tamper('select f.id, f.width, f.height from files f where f.token = $1', [
      media[0]?.originalUrl.slice('/files/'.length),
    ]);
    const [picture] = rows as { id: string; width: number; height: number }[];
    const height = picture!.height;
    const crop = {
      x: picture!.width - Math.round((height * 3) / 4),
      y: 0,
      width: Math.round((height * 3) / 4),
      height,
    };
    await desk.editor.call(cropMedia, { params: { fileId: picture!.id }, body: { crop, name: '竖版' } });
    const after = await phone.call(getHandOff, { params: { token } });
    expect(after.media.filter(({ cutBy }) => cutBy === 'person').map(({ ratio }) => ratio)).toEqual([
      '3:4',
      '3:4',
    ]);
    expect((await desk.find(id)).state).toBe('handed-off');
  });

  test('the media pack holds the texts and every picture, each of them readable', async () => {
    const { token } = await task();
    const view = await phone.call(getHandOff, { params: { token } });
    const answer = await fetch(`${desk.installation.url}${view.mediaPackUrl}`);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    const names = Object.keys(files).toSorted();
    expect(names).toContain('文字.txt');
    expect(new TextDecoder().decode(files['文字.txt'])).toContain('到龄前三个月就可以申请');
    expect(new TextDecoder().decode(files['说明.txt'])).toContain('标题 10/20 字');
    const pictures = names.filter((name) => name.endsWith('.jpg'));
    expect(pictures).toEqual([
      '01-封面-竖版3比4.jpg',
      '02-图片-竖版3比4.jpg',
      '原图/01-封面.jpg',
      '原图/02-图片.jpg',
      '备选封面/01-封面-方形1比1.jpg',
      '备选封面/01-封面-横版4比3.jpg',
    ]);
    for (const name of pictures) expect((await sharp(files[name]).metadata()).format).toBe('jpeg');
  });
});

describe('the media pack', () => {
  const get = (path: string) => fetch(`${desk.installation.url}/hand-off/${path}`);

  test('speaks English to who reads English', async () => {
    const { token } = await task();
    const answer = await get(`${token}/media.zip?lang=en`);
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    expect(Object.keys(files).filter((name) => /\p{Script=Han}/u.test(name))).toEqual([]);
    expect(new TextDecoder().decode(files['READ-ME.txt'])).toContain('Title 10 of 20 characters');
  });

  test('and its pictures are nothing without the token, nor after their time', async () => {
    const { id, token } = await task();
    const paths = (key: string) => [`${key}/media.zip`, `${key}/pictures/1-cover-3x4.jpg`];
    const statuses = async (key: string) =>
      Promise.all(paths(key).map(async (path) => (await get(path)).status));
    expect(await statuses(token)).toEqual([200, 200]);
    expect(await statuses('A'.repeat(22))).toEqual([404, 404]);
    expect(await statuses('x')).toEqual([404, 404]);
    await desk.tamper(
      "update assisted_tasks set deadline = clock_timestamp() - interval '7 days 1 minute' where subject_id = $1",
      [id],
    );
    expect(await statuses(token)).toEqual([410, 410]);
  });
});

describe('the proof', () => {
  test('is the link inside the whole share text; the desk then shows it as published', async () => {
    const { id, token } = await task();
    const { url } = await phone.call(proveHandOff, {
      params: { token },
      body: { pasted: shareText(link) },
    });
    expect(url).toBe(link);
    const view = await desk.editor.call(getDelivery, { params: { deliveryId: id } });
    expect([view.state, view.url]).toEqual(['published', link]);
    expect((await desk.auditOf(id)).at(-1)).toMatchObject({
      action: 'delivery.published',
      detail: { url: link, by: 'hand-off' },
    });
  });

  test.each([
    ['another platform’s link', 'https://weibo.com/1900000001/N1abcdEFG'],
    ['a look-alike host', 'https://www.xiaohongshu.com.evil.example/explore/66f1a2b3000000001e03c4d5'],
    ['no link at all', '已经发好了'],
  ])('%s is refused, and the task stays open', async (_name, pasted) => {
    const { id, token } = await task();
    const answer = await phone.try(proveHandOff, { params: { token }, body: { pasted } });
    expect([answer.status, answer.error?.code]).toEqual([422, 'handoff-link-missing']);
    expect((await desk.find(id)).state).toBe('handed-off');
  });

  test('the same proof twice is one publication and the same answer', async () => {
    const { id, token } = await task();
    const prove = () =>
      phone.try(proveHandOff, { params: { token }, body: { pasted: shareText(link) } }, undefined);
    const answers = await Promise.all([prove(), prove(), prove()]);
    expect(answers.map((answer) => [answer.status, answer.body])).toEqual(
      answers.map(() => [200, { url: link }]),
    );
    const published = (await desk.auditOf(id)).filter((entry) => entry.action === 'delivery.published');
    expect(published).toHaveLength(1);
  });

  test('another link after the proof changes nothing', async () => {
    const { id, token } = await task();
    await phone.call(proveHandOff, { params: { token }, body: { pasted: link } });
    const other = 'https://www.xiaohongshu.com/explore/66f1a2b3000000001e03ffff';
    const answer = await phone.try(proveHandOff, { params: { token }, body: { pasted: other } });
    expect([answer.status, answer.error?.code]).toEqual([410, 'handoff-expired']);
    expect((await desk.find(id)).url).toBe(link);
  });

  test('a held task takes no proof', async () => {
    const { id, token } = await task();
    await desk.editor.call(holdDelivery, { params: { deliveryId: id }, body: { reason: '先别发' } });
    const answer = await phone.try(proveHandOff, { params: { token }, body: { pasted: link } });
    expect(answer.error?.code).toBe('handoff-expired');
    expect((await desk.find(id)).state).toBe('held');
  });

  test('a week after its deadline the address is dead', async () => {
    const { id, token } = await task();
    await desk.tamper(
      "update assisted_tasks set deadline = clock_timestamp() - interval '7 days 1 minute' where subject_id = $1",
      [id],
    );
    const seen = await phone.try(getHandOff, { params: { token } });
    const proof = await phone.try(proveHandOff, { params: { token }, body: { pasted: link } });
    expect([seen.error?.code, proof.error?.code]).toEqual(['handoff-expired', 'handoff-expired']);
  });
});
