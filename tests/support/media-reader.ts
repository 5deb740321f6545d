import type { MediaReader } from '#connectors/contract.ts';

/** A reader of files that are held in memory, by their hash. */
export function memoryMedia(files: Readonly<Record<string, Buffer>>): MediaReader {
  return readerOf(async (sha256) => {
    const bytes = files[sha256];
    if (!bytes) throw new Error(`no file ${sha256}`);
    return bytes;
  });
}

/** A reader whose parts are cut from whole files. */
export function readerOf(read: (sha256: string) => Promise<Buffer>): MediaReader {
  return Object.assign((sha256: string) => read(sha256), {
    range: async (sha256: string, from: number, to: number) => (await read(sha256)).subarray(from, to),
  });
}
