/** Sends a file in parts over real HTTP, as the desk does. */
import { randomUUID } from 'node:crypto';
import { beginUpload, finishUpload, getUpload, putUploadPart, type Upload } from '#shared/media.ts';
import { addressOf, type Client } from './client.ts';
import { until } from './wait.ts';

export async function sendPart(
  url: string,
  client: Client,
  uploadId: string,
  offset: number,
  bytes: Buffer,
  key: string = randomUUID(),
): Promise<{ status: number; body: { received?: number; code?: string } }> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), 'part');
  const input = { params: { uploadId }, query: { offset } };
  const response = await fetch(addressOf(url, putUploadPart, input), {
    method: 'PUT',
    headers: { cookie: client.cookie, 'idempotency-key': key },
    body: form,
  });
  return { status: response.status, body: (await response.json()) as { received?: number; code?: string } };
}

export async function uploadWhole(
  url: string,
  client: Client,
  bytes: Buffer,
  name: string,
  partBytes = 1_500,
): Promise<Upload> {
  const body = { name, size: bytes.length, fingerprint: `${name} ${randomUUID()}` };
  const { upload } = await client.call(beginUpload, { body });
  const params = { uploadId: upload!.id };
  for (let at = 0; at < bytes.length; at += partBytes) {
    const answer = await sendPart(url, client, upload!.id, at, bytes.subarray(at, at + partBytes));
    if (answer.status !== 200) throw new Error(`part at ${at}: ${JSON.stringify(answer)}`);
  }
  await client.call(finishUpload, { params });
  return untilLookedAt(client, params.uploadId);
}

export function untilLookedAt(client: Client, uploadId: string): Promise<Upload> {
  return until(
    async () => {
      const upload = await client.call(getUpload, { params: { uploadId } });
      return ['done', 'failed'].includes(upload.state) && upload;
    },
    { what: 'the upload is looked at' },
  );
}
