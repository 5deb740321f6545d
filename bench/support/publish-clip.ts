/** A short video for the platforms that take nothing else; only its beginning looks like one. */
import type { PackageMedia } from '#shared/package.ts';

export const clip: Buffer = Buffer.alloc(64 * 1024, 7);
clip.write('\0\0\0\x18ftypmp42', 0, 'latin1');

export const describeClip = (sha256: string): PackageMedia => ({
  ...{ sha256, mime: 'video/mp4', width: 1080, height: 1920, size: clip.length, role: 'video' },
  ...{ durationMs: 15_000, alt: '办事讲解' },
});
