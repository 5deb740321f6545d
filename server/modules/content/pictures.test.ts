import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePicture } from './pictures.ts';

const plain = (width = 120, height = 80) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 60, b: 60 } } });

const refusal = { code: 'file-type-refused' };

describe('a picture that is taken in', () => {
  test('loses EXIF, position, camera and comments', async () => {
    const secret = 'CANARY-13800138000';
    const original = await plain()
      .withExif({
        IFD0: { Make: secret, Copyright: secret, ImageDescription: secret },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 15/1 30/1', GPSLongitudeRef: 'E' },
      })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${secret}</a></x:xmpmeta>`)
      .jpeg()
      .toBuffer();
    expect(original.includes(secret)).toBe(true);
    expect((await sharp(original).metadata()).exif).toBeDefined();
    const { bytes, mime } = await encodePicture(original);
    const metadata = await sharp(bytes).metadata();
    expect([mime, metadata.exif, metadata.xmp, metadata.iptc, metadata.icc]).toEqual([
      'image/jpeg',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(bytes.includes(secret)).toBe(false);
  });

  test('is turned as its orientation says', async () => {
    const lying = await plain(120, 80).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { width, height, bytes } = await encodePicture(lying);
    expect([width, height]).toEqual([80, 120]);
    expect((await sharp(bytes).metadata()).orientation).toBeUndefined();
  });

  test('of other formats becomes one of three, by what it needs', async () => {
    const transparent = sharp({
      create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    });
    const moving = sharp(
      await Promise.all(
        ['red', 'blue'].map((background) =>
          sharp({ create: { width: 40, height: 40, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      ),
      { join: { animated: true } },
    );
    const mimes = await Promise.all(
      [
        plain().webp().toBuffer(),
        plain().png().toBuffer(),
        transparent.clone().webp().toBuffer(),
        transparent.clone().png().toBuffer(),
        moving.gif().toBuffer(),
      ].map(async (bytes) => (await encodePicture(await bytes)).mime),
    );
    expect(mimes).toEqual(['image/jpeg', 'image/jpeg', 'image/png', 'image/png', 'image/gif']);
  });

  test('wider than any platform shows is scaled down, a small one is left as it is', async () => {
    const { width, height } = await encodePicture(await plain(5_120, 100).jpeg().toBuffer());
    expect([width, height]).toEqual([2_560, 50]);
    const small = await encodePicture(await plain(10, 10).png().toBuffer());
    expect([small.width, small.height]).toEqual([10, 10]);
  });

  test('carries nothing that was hidden behind it', async () => {
    const page = Buffer.from('<html><script>alert("CANARY")</script></html>');
    const archive = Buffer.from(zipSync({ 'CANARY.class': new Uint8Array(200).fill(65) }, { level: 0 }));
    for (const tail of [page, archive]) {
      for (const image of [await plain().jpeg().toBuffer(), await plain().png().toBuffer()]) {
        const taken = await encodePicture(Buffer.concat([image, tail])).catch(() => null);
        // Refused or cleaned: either way nothing of the tail is served.
        if (taken) expect(taken.bytes.includes('CANARY')).toBe(false);
      }
    }
  });
});

/** A PNG that says how large it is without holding the pixels. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('what is no picture for us', () => {
  test.each<[string, () => Promise<Buffer> | Buffer]>([
    [
      'an SVG with a script',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    ],
    [
      'an SVG in disguise',
      () =>
        Buffer.from(
          '<?xml version="1.0"?><!-- \xff\xd8\xff --><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
          'latin1',
        ),
    ],
    ['a web page', () => Buffer.from('<!doctype html><html></html>')],
    ['a page that begins like a GIF', () => Buffer.from('GIF89a/*<script>alert(1)</script>*/=1;')],
    ['a PDF', () => Buffer.from('%PDF-1.7\n1 0 obj\n')],
    ['a TIFF', () => plain().tiff().toBuffer()],
    ['an AVIF', () => plain().avif().toBuffer()],
    ['a JPEG cut in the middle', async () => (await plain(800, 800).jpeg().toBuffer()).subarray(0, 900)],
    ['nothing', () => Buffer.alloc(0)],
    ['a bomb of 2,500 megapixels', () => pngOf(50_000, 50_000)],
    ['a picture a little over the limit', () => plain(8_001, 5_000).png().toBuffer()],
  ])('%s is refused', async (_name, make) => {
    await expect(encodePicture(await make())).rejects.toMatchObject(refusal);
  });
});
