/** One file to the server in parts. What was acknowledged is never sent again, whatever happens between. */
import type { Upload } from '#shared/media.ts';

export type SendState =
  | { kind: 'sending' | 'paused'; received: number }
  | { kind: 'looking' }
  | { kind: 'done'; fileId: string; wasThere: boolean }
  | { kind: 'failed'; zh: string; en: string };

export type SendSteps = {
  begin(): Promise<{ upload: Upload | null; existing: { id: string } | null }>;
  put(uploadId: string, offset: number, bytes: Blob): Promise<{ received: number }>;
  ask(uploadId: string): Promise<Upload>;
  finish(uploadId: string): Promise<Upload>;
  /** The server may forget what it has: it was refused, or the person gave it up. */
  drop(uploadId: string): Promise<unknown>;
  /** `again`: the network or the server is away; `received`: the server has another count; null: it is refused. */
  meaning(error: unknown): 'again' | { received: number } | null;
  /** Resolves when it is worth trying again. */
  wait(milliseconds: number): Promise<void>;
  now(): number;
};

/** A part should take a few seconds: long ones are lost with the line, short ones cost a round each. */
const parts = { least: 256 * 1024, first: 1024 * 1024, most: 8 * 1024 * 1024 };
const goodMs = 2_000;
const slowMs = 15_000;

/** @returns null when it was cancelled. @throws what was refused */
export async function sendFile(
  file: Blob,
  steps: SendSteps,
  report: (state: SendState) => void,
  signal: AbortSignal,
): Promise<{ fileId: string; wasThere: boolean } | null> {
  const keepTrying = async <T>(step: () => Promise<T>, received: number): Promise<T | null> => {
    for (let pause = 1_000; !signal.aborted; pause = Math.min(pause * 2, 15_000)) {
      try {
        return await step();
      } catch (error) {
        if (steps.meaning(error) !== 'again') throw error;
        report({ kind: 'paused', received });
        await steps.wait(pause);
      }
    }
    return null;
  };
  const begun = await keepTrying(steps.begin, 0);
  if (!begun) return null;
  if (begun.existing) return { fileId: begun.existing.id, wasThere: true };
  const { id, received: first } = begun.upload!;
  let received = first;
  let size = parts.first;
  while (received < file.size && !signal.aborted) {
    report({ kind: 'sending', received });
    const from = received;
    const began = steps.now();
    try {
      received = (await steps.put(id, from, file.slice(from, from + size))).received;
      const took = steps.now() - began;
      if (took < goodMs) size = Math.min(size * 2, parts.most);
      else if (took > slowMs) size = Math.max(size / 2, parts.least);
    } catch (error) {
      const meaning = steps.meaning(error);
      if (meaning === null) {
        await steps.drop(id).catch(() => undefined);
        throw error;
      }
      size = Math.max(size / 2, parts.least);
      if (meaning !== 'again') received = meaning.received;
      else {
        report({ kind: 'paused', received });
        await steps.wait(1_000);
        received = (await keepTrying(() => steps.ask(id), received))?.received ?? received;
      }
    }
  }
  if (signal.aborted) {
    await steps.drop(id).catch(() => undefined);
    return null;
  }
  report({ kind: 'looking' });
  return untilLookedAt(id, steps, keepTrying, signal);
}

async function untilLookedAt(
  id: string,
  steps: SendSteps,
  keepTrying: <T>(step: () => Promise<T>, received: number) => Promise<T | null>,
  signal: AbortSignal,
): Promise<{ fileId: string; wasThere: boolean } | null> {
  let upload = await keepTrying(() => steps.finish(id), 0);
  while (upload && !signal.aborted) {
    if (upload.state === 'done' && upload.fileId) return { fileId: upload.fileId, wasThere: upload.wasThere };
    if (upload.state === 'failed')
      throw new UploadRefused(upload.problem ?? { zh: '上传失败', en: 'It failed' });
    await steps.wait(700);
    upload = await keepTrying(() => steps.ask(id), 0);
  }
  return null;
}

/** The server looked at the file and does not take it. */
export class UploadRefused extends Error {
  readonly text: { zh: string; en: string };
  constructor(text: { zh: string; en: string }) {
    super(text.en);
    this.name = 'UploadRefused';
    this.text = text;
  }
}
