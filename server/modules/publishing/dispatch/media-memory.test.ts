import { expect, test } from 'vitest';
import { readerOf } from '#tests/support/media-reader.ts';
import { rememberMedia } from './media-memory.ts';

const mebibyte = 1024 * 1024;

function stage(bytes: number) {
  const read: string[] = [];
  const media = rememberMedia(
    readerOf(async (sha256) => {
      read.push(sha256);
      return Buffer.alloc(bytes, sha256);
    }),
  );
  return { media, read };
}

test('a picture is read once for all platforms of an article', async () => {
  const { media, read } = stage(1_000);
  expect(await media('aa')).toEqual(await media('aa'));
  expect(read).toEqual(['aa']);
});

test('what does not fit any more is forgotten, the oldest first', async () => {
  const { media, read } = stage(4 * mebibyte);
  for (const name of ['aa', 'bb', 'cc', 'dd', 'ee', 'ee', 'aa']) await media(name);
  expect(read).toEqual(['aa', 'bb', 'cc', 'dd', 'ee', 'aa']);
});

test('a huge file is not remembered, and a failure neither', async () => {
  const { media, read } = stage(5 * mebibyte);
  await media('aa');
  await media('aa');
  expect(read).toEqual(['aa', 'aa']);
  const failing = rememberMedia(readerOf(() => Promise.reject(new Error('gone'))));
  await expect(failing('bb')).rejects.toThrow('gone');
  await expect(failing('bb')).rejects.toThrow('gone');
});
