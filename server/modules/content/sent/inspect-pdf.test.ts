import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inspectPdf } from './inspect-pdf.ts';

/** A PDF of these objects; a stream's bytes are given as they lie in the file. */
function pdf(
  objects: readonly (string | { dictionary: string; bytes: Buffer })[],
  trailer = '/Root 1 0 R',
): Buffer {
  const parts = objects.map((object, at) => {
    const head = `${at + 1} 0 obj\n`;
    if (typeof object === 'string') return Buffer.from(`${head}${object}\nendobj\n`);
    const { dictionary, bytes } = object;
    return Buffer.concat([
      Buffer.from(`${head}<< ${dictionary} /Length ${bytes.length} >>\nstream\n`),
      bytes,
      Buffer.from('\nendstream\nendobj\n'),
    ]);
  });
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    ...parts,
    Buffer.from(`trailer\n<< ${trailer} >>\nstartxref\n9\n%%EOF\n`),
  ]);
}

const catalogue = '<< /Type /Catalog /Pages 2 0 R >>';
const pages = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const page =
  '<< /Type /Page /Parent 2 0 R /Annots [<< /Subtype /Link /A << /S /URI /URI (https://a.example) >> >>] >>';
const words = {
  dictionary: '/Filter /FlateDecode',
  bytes: deflateSync(Buffer.from('BT (JavaScript /JS) Tj ET')),
};
const packed = (objects: string, more = '') => ({
  dictionary: `/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode ${more}`,
  bytes: deflateSync(Buffer.from(objects)),
});
const script = '5 0 << /S /JavaScript /JS (app.alert(1)) >>';

function adler(...parts: readonly (Buffer | string)[]): Buffer {
  let [low, high] = [1, 0];
  for (const byte of Buffer.concat(parts.map((part) => Buffer.from(part)))) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return Buffer.from([high >> 8, high & 255, low >> 8, low & 255]);
}

describe('a PDF', () => {
  test('of pages, words, links and packed objects is taken', () => {
    expect(inspectPdf(pdf([catalogue, pages, page, words, packed('5 0 << /Title (好) >>')]))).toBeNull();
  });

  test.each([
    ['opens with a script', '<< /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>'],
    ['writes its name with a hash', '<< /OpenAction << /S /J#61vaScript /JS (app.alert(1)) >> >>'],
    ['starts a program', '<< /A << /S /Launch /F (calc.exe) >> >>'],
    ['carries a file', '<< /Names << /EmbeddedFiles 5 0 R >> >>'],
    ['sends a form', '<< /A << /S /SubmitForm /F (https://a.example) >> >>'],
    ['holds an XFA form', '<< /AcroForm << /XFA 5 0 R >> >>'],
  ])('that %s is refused', (_what, object) => {
    expect(inspectPdf(pdf([object, pages, page]))).toBe('pdf-active');
  });

  test('that hides a script in packed objects is refused', () => {
    expect(inspectPdf(pdf([catalogue, pages, page, packed(script)]))).toBe('pdf-active');
    const twice = deflateSync(deflateSync(Buffer.from(script)));
    const dictionary = '/N 1 /First 4 /Filter [/FlateDecode /FlateDecode]';
    expect(inspectPdf(pdf([catalogue, { dictionary, bytes: twice }]))).toBe('pdf-active');
    // Readers take an object stream without its type.
    const untyped = { ...packed(script), dictionary: '/N 1 /First 4 /Filter /FlateDecode' };
    expect(inspectPdf(pdf([catalogue, untyped]))).toBe('pdf-active');
    const cut = { ...untyped, bytes: untyped.bytes.subarray(0, -4) };
    expect(inspectPdf(pdf([catalogue, cut]))).toBe('pdf-unreadable');
  });

  test('that lies inside another stream is refused all the same', () => {
    const bytes = Buffer.from(`9 0 obj\n${script}\nendobj`);
    expect(inspectPdf(pdf([catalogue, { dictionary: '', bytes }]))).toBe('pdf-active');
  });

  test('that cannot be looked through is refused', () => {
    expect(inspectPdf(pdf([catalogue], '/Root 1 0 R /Encrypt 4 0 R'))).toBe('pdf-locked');
    expect(inspectPdf(pdf([catalogue, packed('5 0 <<>>', '/DecodeParms << /Predictor 12 >>')]))).toBe(
      'pdf-unreadable',
    );
    const odd = {
      dictionary: '/N 1 /First 4 /Filter /ASCII85Decode',
      bytes: Buffer.from('87cURD]i,"Ebo80~>'),
    };
    expect(inspectPdf(pdf([catalogue, odd]))).toBe('pdf-unreadable');
    const broken = packed(script);
    broken.bytes[broken.bytes.length - 1]! ^= 0xff;
    expect(inspectPdf(pdf([catalogue, broken]))).toBe('pdf-unreadable');
  });

  test('that hides its packed objects from a hasty look is refused', () => {
    const whole = pdf([catalogue, packed(script)]);
    const writtenAs = (word: string) =>
      Buffer.from(whole.toString('latin1').replace('\nstream\n', word), 'latin1');
    expect(inspectPdf(writtenAs('\nstream \n'))).toBe('pdf-active');
    expect(inspectPdf(writtenAs(' % endstream\nstream\n'))).toBe('pdf-active');
    // A stored block that holds the word which seems to end the stream.
    const filler = Buffer.from('% endstream \n');
    const stored = Buffer.from([0, filler.length, 0, ~filler.length & 0xff, 0xff]);
    const body = deflateRawSync(Buffer.from(script), { strategy: constants.Z_FIXED });
    const bytes = Buffer.concat([Buffer.from([0x78, 0x9c]), stored, filler, body, adler(filler, script)]);
    expect(inspectPdf(pdf([catalogue, { ...packed(script), bytes }]))).toBe('pdf-active');
    const predicted = packed('5 0 <<>>', '/DecodeParms << /Predictor 12 >>');
    const decoy = pdf([catalogue, predicted])
      .toString('latin1')
      .replace('\nstream\n', ' % endstream\nstream\n');
    expect(inspectPdf(Buffer.from(decoy, 'latin1'))).toBe('pdf-unreadable');
    // The names of the filters themselves in packed objects.
    const names = packed('9 0 [ /ASCIIHexDecode /FlateDecode ]');
    expect(inspectPdf(pdf([catalogue, names]))).toBe('pdf-unreadable');
  });

  test('that unpacks to more than a page can hold is refused before it fills the memory', () => {
    const bomb = deflateSync(Buffer.alloc(200 * 1024 * 1024));
    expect(inspectPdf(pdf([catalogue, { dictionary: '/Filter /FlateDecode', bytes: bomb }]))).toBe(
      'pdf-unreadable',
    );
  });

  test('is one from its first byte to its end', () => {
    expect(inspectPdf(Buffer.from('<html>%PDF-1.7 %%EOF'))).toBe('sent-file-damaged');
    expect(inspectPdf(pdf([catalogue]).subarray(0, 40))).toBe('sent-file-damaged');
  });
});
