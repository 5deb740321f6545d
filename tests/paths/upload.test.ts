/** A large upload over a server that is killed in the middle: the sender goes on where the disk stands. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demonstration } from '#server/seed/demonstration.ts';
import { beginUpload, finishUpload, getMedia } from '#shared/media.ts';
import { findFreePort } from '#tests/journeys/support/free-port.ts';
import { type Client, signInClient } from '#tests/support/client.ts';
import { type Program, startProgram } from '#tests/support/program.ts';
import { sendPart, untilLookedAt } from '#tests/support/upload.ts';

const partBytes = 1024 * 1024;

let dataDir: string;
let port: string;
let running: Program | undefined;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'huisheng-upload-'));
  port = String(await findFreePort());
});
afterAll(async () => {
  running?.signal('SIGTERM');
  await running?.ended;
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<{ url: string; editor: Client }> {
  running = startProgram({ HUISHENG_DATA_DIR: dataDir, PORT: port });
  const { address } = await running.ready;
  const text = await readFile(join(dataDir, 'demonstration.json'), 'utf8');
  const { signIns } = JSON.parse(text) as Demonstration;
  const { password } = signIns.find((one) => one.login === 'bianji')!;
  return { url: address, editor: await signInClient(address, 'bianji', password) };
}

/** A film with a long free stretch of noise: larger than one part, and quick to make. */
async function makeFilm(): Promise<Buffer> {
  const film = await readFile('tests/fixtures/media/phone.mp4');
  const noise = randomBytes(5 * partBytes + 1_234);
  noise.writeUInt32BE(noise.length);
  noise.write('mdat', 4, 'latin1');
  return Buffer.concat([film, noise]);
}

test('an upload survives kill -9 of the server between and within its parts', async () => {
  const bytes = await makeFilm();
  const body = { name: '活动.mp4', size: bytes.length, fingerprint: '活动.mp4 1' };
  const first = await start();
  const { upload } = await first.editor.call(beginUpload, { body });
  const uploadId = upload!.id;
  const send = (stage: { url: string; editor: Client }, at: number) =>
    sendPart(stage.url, stage.editor, uploadId, at, bytes.subarray(at, at + partBytes));
  await send(first, 0);
  await send(first, partBytes);
  const cut = send(first, 2 * partBytes).catch(() => null);
  running!.signal('SIGKILL');
  await Promise.all([running!.ended, cut]);

  const second = await start();
  const again = await second.editor.call(beginUpload, { body });
  expect(again.upload!.id).toBe(uploadId);
  expect([2 * partBytes, 3 * partBytes]).toContain(again.upload!.received);
  for (let at = again.upload!.received; at < bytes.length; at += partBytes) {
    expect(await send(second, at)).toMatchObject({ status: 200 });
  }
  await second.editor.call(finishUpload, { params: { uploadId } });
  const done = await untilLookedAt(second.editor, uploadId);
  expect(done).toMatchObject({ state: 'done', received: bytes.length });
  const item = await second.editor.call(getMedia, { params: { fileId: done.fileId! } });
  expect(item).toMatchObject({ kind: 'video', width: 48, height: 64 });
}, 120_000);
