/** What strangers may make the program hold. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import { until } from '#tests/support/wait.ts';

let stage: TestInstallation;
beforeAll(async () => {
  stage = await buildInstallation();
});
afterAll(() => stage?.close());

test('unfinished forms with files hold a bounded memory all together, and others are served meanwhile', async () => {
  const url = new URL(stage.url);
  const picture = Buffer.alloc(9_900_000, 65);
  const head = (name: number) =>
    Buffer.from(
      `--xx\r\ncontent-disposition: form-data; name="pictures"; filename="${name}.png"\r\ncontent-type: image/png\r\n\r\n`,
    );
  const body = [
    head(1),
    picture,
    Buffer.from('\r\n'),
    head(2),
    picture,
    Buffer.from('\r\n'),
    head(3),
    picture,
  ];
  const length = body.reduce((sum, part) => sum + part.length, 0) + 100;
  const answered: number[] = [];
  const open = Array.from({ length: 12 }, () => {
    const headers = {
      origin: stage.url,
      'content-type': 'multipart/form-data; boundary=xx',
      'content-length': String(length),
    };
    const sending = httpRequest({
      host: url.hostname,
      port: url.port,
      method: 'POST',
      path: '/ask/send',
      headers,
    });
    sending.on('error', () => undefined);
    sending.on('response', (response) => {
      answered.push(response.statusCode ?? 0);
      response.resume();
    });
    for (const part of body) sending.write(part);
    return sending;
  });
  await until(async () => answered.length >= 6, { what: 'those beyond the bound are refused' });
  expect(new Set(answered)).toEqual(new Set([429]));
  expect((await fetch(`${stage.url}/ask`)).status).toBe(200);
  for (const sending of open) sending.destroy();
  const form = new FormData();
  form.set('text', '社保卡在哪里补办');
  form.set('pictures', new Blob([new Uint8Array(9_000_000)]), 'a.png');
  const send = () =>
    fetch(`${stage.url}/ask/send`, { method: 'POST', body: form, headers: { origin: stage.url } });
  // A file that is no picture, and no longer a want of room.
  await until(async () => (await send()).status === 415, { what: 'what was held is free again' });
});
