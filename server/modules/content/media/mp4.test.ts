import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blankMetadata, readMp4 } from './mp4.ts';

const fixture = (name: string) => join('tests/fixtures/media', name);
const phone = await readFile(fixture('phone.mp4'));
const refusal = { code: 'video-unreadable' };

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huisheng-mp4-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Buffer) {
  const path = join(folder, 'x.mp4');
  await writeFile(path, bytes);
  return readMp4(path);
}

const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
};
const startOf = (bytes: Buffer, type: string) => bytes.indexOf(type, 0, 'latin1') - 4;

describe('a video', () => {
  test.each(['phone.mp4', 'phone.mov'])('%s is read by its boxes, as it is shown', async (name) => {
    const found = await readMp4(fixture(name));
    expect(found).toMatchObject({ width: 48, height: 64, rotation: 90, codec: 'h264', audio: 'aac' });
    expect(found.durationMs).toBeGreaterThan(900);
    expect(found.durationMs).toBeLessThan(1_300);
    expect(found.brand).toBe(name === 'phone.mov' ? 'qt  ' : 'isom');
  });

  test('without sound and with 64-bit sizes is read too', async () => {
    const at = startOf(phone, 'mdat');
    const size = phone.readUInt32BE(at);
    const long = Buffer.alloc(16);
    long.writeUInt32BE(1);
    long.write('mdat', 4, 'latin1');
    long.writeBigUInt64BE(BigInt(size + 8), 8);
    const silent = Buffer.from(phone.toString('latin1').replace('soun', 'none'), 'latin1');
    const bytes = Buffer.concat([silent.subarray(0, at), long, silent.subarray(at + 8)]);
    expect(await read(bytes)).toMatchObject({ codec: 'h264', audio: null });
  });

  test.each(['phone.mp4', 'phone.mov'])(
    '%s has title and position blanked in place, and nothing else moved',
    async (name) => {
      const path = join(folder, name);
      await cp(fixture(name), path);
      const before = await readFile(path);
      expect(before.includes('CANARY') && before.includes('+30.2500')).toBe(true);
      await blankMetadata(path);
      const after = await readFile(path);
      expect(after.length).toBe(before.length);
      expect(after.includes('CANARY') || after.includes('+30.2500')).toBe(false);
      expect(await readMp4(path)).toEqual(await readMp4(fixture(name)));
      const pictures = (bytes: Buffer) => {
        const at = startOf(bytes, 'mdat');
        return bytes.subarray(at, at + bytes.readUInt32BE(at));
      };
      expect(pictures(after)).toEqual(pictures(before));
    },
  );

  test('cut anywhere is refused', async () => {
    for (let cut = 8; cut < phone.length; cut += 97)
      await expect(read(phone.subarray(0, phone.length - cut)), `${cut} bytes less`).rejects.toMatchObject(
        refusal,
      );
  });

  test('with anything behind it is refused', async () => {
    const archive = Buffer.from(zipSync({ 'CANARY.class': new Uint8Array(50) }));
    for (const tail of [
      Buffer.from('<html><script>alert(1)</script>'),
      archive,
      Buffer.from('%PDF-1.7'),
      Buffer.alloc(3),
    ])
      await expect(read(Buffer.concat([phone, tail]))).rejects.toMatchObject(refusal);
  });

  test.each<[string, () => Buffer]>([
    ['nothing', () => Buffer.alloc(0)],
    ['a page', () => Buffer.from('<!doctype html><video></video>')],
    [
      'a box that says it is smaller than its head',
      () => Buffer.concat([phone, Buffer.from('00000004free0000')]),
    ],
    [
      'a film whose header is compressed',
      () => Buffer.concat([box('ftyp', Buffer.from('qt  ')), box('moov', box('cmov')), box('mdat')]),
    ],
    ['sound alone', () => Buffer.from(phone.toString('latin1').replaceAll('vide', 'text'), 'latin1')],
    [
      'a thousand tracks',
      () =>
        Buffer.concat([
          box('ftyp', Buffer.from('isom')),
          box('moov', ...Array.from({ length: 1_000 }, () => box('trak'))),
          box('mdat'),
        ]),
    ],
    [
      'a header that claims two gigabytes',
      () => {
        const head = Buffer.alloc(8);
        head.writeUInt32BE(0x7fffffff);
        head.write('moov', 4, 'latin1');
        return Buffer.concat([box('ftyp', Buffer.from('isom')), head]);
      },
    ],
  ])('%s is refused', async (_name, make) => {
    await expect(read(make())).rejects.toMatchObject(refusal);
  });

  test('with any byte of its header changed is read or refused, and never breaks the program', async () => {
    const at = startOf(phone, 'moov');
    const end = at + phone.readUInt32BE(at);
    for (let place = at; place < end; place += 7) {
      const bytes = Buffer.from(phone);
      bytes[place] = bytes[place]! ^ 0xff;
      const found = await read(bytes).catch((error: { code?: string }) => error.code);
      if (typeof found === 'string') expect(found).toBe('video-unreadable');
      else expect(found?.width).toBeGreaterThan(0);
    }
  });
});
