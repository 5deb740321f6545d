import { randomUUID } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorBody } from '#shared/errors.ts';
import type { FileView } from '#shared/media.ts';
import { buildInstallation, type TestInstallation } from '#tests/support/build-app.ts';
import type { Client } from '#tests/support/client.ts';

let installation: TestInstallation;
let editor: Client;
beforeAll(async () => {
  installation = await buildInstallation({ roles: ['web'] });
  editor = await installation.as('bianji');
});
afterAll(() => installation?.close());

const namespaces =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"';

const run = (text: string) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;
const styled = (style: string, text: string) =>
  `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr>${run(text)}</w:p>`;
const item = (text: string) =>
  `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>${run(text)}</w:p>`;
const drawing = (id: string) =>
  `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="1" name="p" descr="办事大厅"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip r:embed="${id}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;

/** The smallest .docx with the styles, the numbering and the pictures that a real one has. */
function buildDocx(
  body: string,
  media: Record<string, Uint8Array> = {},
  links: Record<string, string> = {},
  doctype = '',
): Buffer {
  const relations = [
    '<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>',
    '<Relationship Id="rIdN" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/>',
    ...Object.keys(media).map(
      (name, at) =>
        `<Relationship Id="rId${at + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/${name}"/>`,
    ),
    ...Object.entries(links).map(
      ([id, target]) =>
        `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${target.startsWith('file:') ? 'image' : 'hyperlink'}" Target="${target}" TargetMode="External"/>`,
    ),
  ];
  const style = (id: string, name: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`;
  return Buffer.from(
    zipSync({
      '[Content_Types].xml': strToU8(
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="emf" ContentType="image/x-emf"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
      ),
      '_rels/.rels': strToU8(
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
      ),
      'word/_rels/document.xml.rels': strToU8(
        `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.join('')}</Relationships>`,
      ),
      'word/styles.xml': strToU8(
        `<?xml version="1.0"?><w:styles ${namespaces}>${style('T', 'Title')}${style('1', 'heading 1')}${style('3', 'heading 3')}</w:styles>`,
      ),
      'word/numbering.xml': strToU8(
        `<?xml version="1.0"?><w:numbering ${namespaces}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
      ),
      'word/document.xml': strToU8(
        `<?xml version="1.0"?>${doctype}<w:document ${namespaces}><w:body>${body}</w:body></w:document>`,
      ),
      ...Object.fromEntries(Object.entries(media).map(([name, bytes]) => [`word/media/${name}`, bytes])),
    }),
  );
}

type Imported = { title: string; html: string; files: FileView[]; notes: string[] };

async function upload(bytes: Buffer, path = '/api/files/word', client: Client = editor) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), '退休一件事.docx');
  const answer = await fetch(`${installation.url}${path}`, {
    method: 'POST',
    headers: { cookie: client.cookie, 'idempotency-key': randomUUID() },
    body: form,
  });
  return { status: answer.status, body: (await answer.json()) as Imported & ErrorBody };
}

const picture = () =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: 'green' } })
    .withExif({ IFD0: { Make: 'CANARY' } })
    .png()
    .toBuffer();

describe('a Word document', () => {
  test('comes in with its title, headings, paragraphs and lists', async () => {
    const { status, body } = await upload(
      buildDocx(
        styled('T', '职工退休“一件事” &amp; 常见问题') +
          styled('1', '谁可以办') +
          `<w:p>${run('到龄前三个月申请，')}<w:r><w:rPr><w:b/></w:rPr><w:t>一次办好</w:t></w:r></w:p>` +
          styled('3', '材料') +
          item('身份证') +
          item('社保卡'),
      ),
    );
    expect(status).toBe(200);
    expect(body.title).toBe('职工退休“一件事” & 常见问题');
    expect(body.html).toBe(
      '<h2>谁可以办</h2><p>到龄前三个月申请，<strong>一次办好</strong></p><h3>材料</h3><ol><li>身份证</li><li>社保卡</li></ol>',
    );
    expect([body.files, body.notes]).toEqual([[], []]);
  });

  test('brings its pictures: stored, re-encoded, served by their own address', async () => {
    const { body } = await upload(buildDocx(drawing('rId1'), { 'image1.png': await picture() }));
    expect(body.files).toHaveLength(1);
    const [file] = body.files;
    expect(file).toMatchObject({ mime: 'image/jpeg', width: 60, height: 40 });
    expect(body.html).toContain(`data-file-id="${file!.id}"`);
    const served = await fetch(`${installation.url}${file!.url}`);
    const bytes = Buffer.from(await served.arrayBuffer());
    expect([served.status, bytes.includes('CANARY')]).toEqual([200, false]);
  });

  test('with a picture that no browser shows says so and keeps the rest', async () => {
    const { status, body } = await upload(
      buildDocx(`<w:p>${run('前')}</w:p>${drawing('rId1')}<w:p>${run('后')}</w:p>`, {
        'image1.emf': strToU8('not a picture'),
      }),
    );
    expect(status).toBe(200);
    expect(body.notes).toHaveLength(1);
    expect(body.html).toContain('<p>前</p>');
    expect(body.html).toContain('<p>后</p>');
    expect(body.html).not.toContain('<img');
  });

  test('that points at a file of the server gets nothing from it', async () => {
    const { body } = await upload(
      buildDocx(drawing('rIdX').replace('r:embed', 'r:link'), {}, { rIdX: 'file:///etc/hostname' }),
    );
    expect([body.files ?? [], JSON.stringify(body).includes('data:')]).toEqual([[], false]);
  });

  test('with hostile words has them as words', async () => {
    const { body } = await upload(
      buildDocx(`${styled('T', '&lt;script&gt;')}<w:p>${run('&lt;img onerror=x&gt;')}</w:p>`),
    );
    expect(body.title).toBe('<script>');
    expect(body.html).toBe('<p>&lt;img onerror=x&gt;</p>');
  });
});

describe('what is no Word document', () => {
  test('is refused without signing in, and from those who don’t write', async () => {
    const docx = buildDocx(styled('T', '题'));
    const nobody = { ...editor, cookie: '' };
    expect((await upload(docx, undefined, nobody)).status).toBe(401);
    expect((await upload(docx, undefined, await installation.as('lingdao'))).status).toBe(403);
  });

  test.each<[string, () => Buffer]>([
    ['a text', () => Buffer.from('你好')],
    ['an old .doc', () => Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['another archive', () => Buffer.from(zipSync({ 'a.txt': strToU8('x') }))],
    ['a document cut in the middle', () => buildDocx(styled('T', '题')).subarray(0, 400)],
    ['a bomb', () => buildDocx('', { 'image1.png': new Uint8Array(210 * 1024 * 1024) })],
  ])('%s is refused with the words for it', async (_name, make) => {
    const { status, body } = await upload(make());
    expect([status, body.code]).toEqual([415, 'file-type-refused']);
  });

  test('a file over twenty megabytes is refused as too large, here and among the pictures', async () => {
    const large = Buffer.alloc(21 * 1024 * 1024, 1);
    for (const path of ['/api/files/word', '/api/files']) {
      const { status, body } = await upload(large, path);
      expect([status, body.code]).toEqual([413, 'file-too-large']);
    }
  });

  test('an entity bomb inside the XML is refused quickly', async () => {
    const entities = Array.from(
      { length: 9 },
      (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
    ).join('');
    const bomb = buildDocx(
      `<w:p>${run('&e9;')}</w:p>`,
      {},
      {},
      `<!DOCTYPE d [<!ENTITY e0 "ha">${entities}]>`,
    );
    expect((await upload(buildDocx(`<w:p>${run('ha')}</w:p>`))).status).toBe(200);
    const started = performance.now();
    const { status } = await upload(bomb);
    expect([status, performance.now() - started < 5_000]).toEqual([415, true]);
  });
});
