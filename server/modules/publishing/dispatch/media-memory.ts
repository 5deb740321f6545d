import type { MediaReader } from '#connectors/contract.ts';

/** An article's pictures go to several platforms within seconds; together this much stays in memory. */
const memoryBytes = 16 * 1024 * 1024;

/** Reads each file once for a while. The name is the hash of the content, so what is remembered is never out of date. */
export function rememberMedia(read: MediaReader): MediaReader {
  const remembered = new Map<string, Buffer>();
  let size = 0;
  const readOnce = async (sha256: string) => {
    const known = remembered.get(sha256);
    if (known) return known;
    const bytes = await read(sha256);
    if (remembered.has(sha256) || bytes.length > memoryBytes / 4) return bytes;
    remembered.set(sha256, bytes);
    size += bytes.length;
    for (const [oldest, { length }] of remembered) {
      if (size <= memoryBytes) break;
      remembered.delete(oldest);
      size -= length;
    }
    return bytes;
  };
  // Parts are of large files and are each sent once.
  return Object.assign(readOnce, { range: read.range });
}
