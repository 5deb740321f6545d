/** Files beside cases, over real HTTP: what is taken, who sees them, and how they stay apart from the library. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCaseNote } from '#shared/case-steps.ts';
import { getCase } from '#shared/inbox.ts';
import { takeInCase, uploadCaseFile } from '#shared/inbox-intake.ts';
import { beginUpload, describeMedia, getMedia, listMedia } from '#shared/media.ts';
import type { CaseFile } from '#shared/sent-files.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import type { Client } from '#tests/support/client.ts';
import { uploadWhole } from '#tests/support/upload.ts';

let stage: TestInstallation;
let agent: Client;
let editor: Client;
beforeAll(async () => {
  stage = await buildInstallation();
  agent = await stage.as('liuyan');
  editor = await stage.as('bianji');
});
afterAll(() => stage?.close());

const paper = (more = '') =>
  Buffer.from(`%PDF-1.4\n1 0 obj\n<< /Type /Catalog ${more} >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n`);
const picture = (background: string) =>
  sharp({ create: { width: 120, height: 80, channels: 3, background } })
    .png()
    .toBuffer();

async function send(bytes: Buffer, name: string, client = agent) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const response = await fetch(`${stage.url}${uploadCaseFile.path}`, {
    method: 'POST',
    headers: { cookie: client.cookie, 'idempotency-key': randomUUID() },
    body: form,
  });
  return {
    status: response.status,
    body: (await response.json()) as CaseFile & { code?: string; message?: { zh: string } },
  };
}

async function openCase(): Promise<string> {
  const body = { channel: 'visit' as const, text: '来窗口问社保卡怎么补办' };
  return (await agent.call(takeInCase, { body })).caseId;
}

const rowOf = (fileId: string) =>
  stage.app.database.withWorker((tx) =>
    tx
      .selectFrom('files')
      .select(['token', 'original_sha256'])
      .where('id', '=', fileId)
      .executeTakeFirstOrThrow(),
  );

describe('a file for a note', () => {
  test('may be a PDF, is read by colleagues and only ever saved by a browser', async () => {
    const { status, body } = await send(paper(), '劳动合同.pdf');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { mime: 'application/pdf', name: '劳动合同.pdf' },
    });
    const caseId = await openCase();
    await agent.call(addCaseNote, { params: { caseId }, body: { text: '对方交来合同', fileIds: [body.id] } });
    const { notes } = await agent.call(getCase, { params: { caseId } });
    expect(notes[0]!.files).toMatchObject([{ id: body.id, name: '劳动合同.pdf', size: paper().length }]);
    const answer = await fetch(`${stage.url}${notes[0]!.files[0]!.url}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect(answer.headers.get('cache-control')).toContain('private');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(paper());
  });

  test.each([
    ['a PDF with a script', paper('/OpenAction << /S /JavaScript /JS (app.alert(1)) >>'), 'pdf-active'],
    ['a locked PDF', Buffer.concat([paper(), Buffer.from('/Encrypt 3 0 R')]), 'pdf-locked'],
    ['a page', Buffer.from('<html><script>alert(1)</script></html>'), 'sent-file-type-refused'],
    [
      'a picture that is none',
      Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(40)]),
      'file-type-refused',
    ],
  ])('that is %s is refused, and says what to do', async (_what, bytes, code) => {
    const { status, body } = await send(bytes, '附件.pdf');
    expect(status).toBe(415);
    expect(body.code).toBe(code);
    expect(body.message!.zh).toMatch(/请用/);
  });
});

describe('a file beside a case', () => {
  test('has no public address, and one that ends for colleagues', async () => {
    const { body } = await send(await picture('#a03020'), '现场.png');
    const { token } = await rowOf(body.id);
    expect((await fetch(`${stage.url}/files/${token}`)).status).toBe(404);
    const [, , , bureauId, fileId, until, signature] = body.url.split('/');
    const ask = (parts: readonly (string | undefined)[]) =>
      fetch(`${stage.url}/files/held/${parts.join('/')}`);
    expect((await ask([bureauId, fileId, until, signature])).headers.get('content-type')).toBe('image/jpeg');
    const later = (Number.parseInt(until!, 36) + 86_400).toString(36);
    const other = await send(await picture('#20a030'), '另一张.png');
    for (const wrong of [
      [bureauId, fileId, later, signature],
      [bureauId, other.body.id, until, signature],
      [bureauId, fileId, until, `${signature!.slice(0, -1)}_`],
      [bureauId, fileId, until, 'short'],
      ['x', fileId, until, signature],
    ])
      expect((await ask(wrong)).status).toBe(404);
  });

  test('stands in no library until somebody puts it there', async () => {
    const bytes = await picture('#3050c0');
    const { body } = await send(bytes, '来信照片.png');
    const params = { fileId: body.id };
    const listed = async () => (await editor.call(listMedia, { query: {} })).rows.map(({ id }) => id);
    expect(await listed()).not.toContain(body.id);
    expect((await editor.try(getMedia, { params })).status).toBe(404);
    const words = { name: '照片', alt: '' };
    expect((await editor.try(describeMedia, { params, body: words })).status).toBe(404);
    // Not even by its bytes: whoever has them may put them in, and then it is the library's.
    const begun = await editor.call(beginUpload, {
      body: {
        name: '照片.png',
        size: bytes.length,
        fingerprint: 'x',
        sha256: (await rowOf(body.id)).original_sha256!,
      },
    });
    expect(begun.existing).toBeNull();
    const upload = await uploadWhole(stage.url, editor, bytes, '照片.png');
    expect(upload).toMatchObject({ state: 'done', fileId: body.id });
    expect(await listed()).toContain(body.id);
    expect((await send(bytes, '再来一次.png')).body.id).toBe(body.id);
    expect(await listed()).toContain(body.id);
  });
});
