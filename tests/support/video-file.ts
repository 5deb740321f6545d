/** Files that begin like an MP4: enough for platforms that look no further. */
import { createHash } from 'node:crypto';
import type { PackageMedia } from '#shared/package.ts';

export function buildVideo(bytes: number): { media: PackageMedia; file: Buffer } {
  const file = Buffer.alloc(bytes, 7);
  file.write('\0\0\0\x18ftypmp42', 0, 'latin1');
  file.writeUInt32BE(bytes, 16);
  return {
    file,
    media: {
      sha256: createHash('sha256').update(file).digest('hex'),
      mime: 'video/mp4',
      width: 1080,
      height: 1920,
      size: bytes,
      role: 'video',
      durationMs: 42_000,
      alt: '办事讲解',
    },
  };
}
