/**
 * An upload in parts that goes on where it stopped. Every part is a step of its own, so that a crash or a lost network
 * costs one part. When the platform has forgotten the upload, or used it up, everything begins anew as the next round.
 */
import type { OnceStep, PlatformIds } from './contract-ground.ts';

/** Thrown by a part or the completion: the platform does not know this upload any more. */
export class UploadLost extends Error {
  override readonly name = 'UploadLost';
}

/** Carries "nothing saved" out of a step that is only looked at. */
class NotSaved extends Error {
  override readonly name = 'NotSaved';
}

/** What an earlier run saved under the name; null when there is nothing. Makes no call. */
async function savedStep(once: OnceStep, name: string): Promise<PlatformIds | null> {
  try {
    return await once(name, () => Promise.reject(new NotSaved()));
  } catch (error) {
    if (error instanceof NotSaved) return null;
    throw error;
  }
}

export type PartedUpload = {
  once: OnceStep;
  /** Tells apart several uploads of one delivery. */
  name: string;
  now(): Date;
  /** How long an upload that was begun may be gone on with, and its result be used. */
  lifeMs: number;
  bytes: number;
  partBytes: number;
  /** A last part that is smaller is joined to the one before it. */
  smallestPart?: number;
  begin(): Promise<PlatformIds>;
  /** @param at from 0; `to` is exclusive */
  part(begun: PlatformIds, at: number, from: number, to: number): Promise<void>;
  complete(begun: PlatformIds, parts: number): Promise<PlatformIds>;
  /** False when the result was handed in before and is worth nothing any more. */
  isUsable?(completed: PlatformIds): Promise<boolean>;
};

/** Lost twice in one run is a platform that fails, not an upload that is old. */
const ROUNDS_A_RUN = 2;

/** @throws {UploadLost} when the platform loses fresh uploads too */
export async function uploadInParts(upload: PartedUpload): Promise<PlatformIds> {
  const { once } = upload;
  for (let round = 0, begunNow = 0; ; round += 1) {
    const name = `${upload.name}:${round}`;
    const known = await savedStep(once, `${name}:begin`);
    if (known && (await isOver(upload, name, known))) continue;
    if (!known) begunNow += 1;
    try {
      return await runRound(upload, name);
    } catch (error) {
      if (!(error instanceof UploadLost)) throw error;
      await once(`${name}:lost`, async () => ({ lost: 'true' }));
      if (begunNow >= ROUNDS_A_RUN) throw error;
    }
  }
}

async function isOver(upload: PartedUpload, name: string, begun: PlatformIds): Promise<boolean> {
  if (Date.parse(begun.until ?? '') <= upload.now().getTime()) return true;
  if (await savedStep(upload.once, `${name}:lost`)) return true;
  const completed = await savedStep(upload.once, `${name}:complete`);
  return completed !== null && (await upload.isUsable?.(completed)) === false;
}

async function runRound(upload: PartedUpload, name: string): Promise<PlatformIds> {
  const { once } = upload;
  const begun = await once(`${name}:begin`, async () => {
    const until = new Date(upload.now().getTime() + upload.lifeMs).toISOString();
    return { ...(await upload.begin()), until };
  });
  const ranges = partsOf(upload);
  for (const [at, { from, to }] of ranges.entries()) {
    await once(`${name}:part:${at}`, async () => {
      await upload.part(begun, at, from, to);
      return { bytes: String(to - from) };
    });
  }
  return once(`${name}:complete`, () => upload.complete(begun, ranges.length));
}

export function partsOf(
  upload: Pick<PartedUpload, 'bytes' | 'partBytes' | 'smallestPart'>,
): { from: number; to: number }[] {
  const { bytes, partBytes, smallestPart = 1 } = upload;
  const parts: { from: number; to: number }[] = [];
  for (let from = 0; from < bytes; from += partBytes) {
    const last = parts.at(-1);
    if (last && bytes - from < smallestPart) last.to = bytes;
    else parts.push({ from, to: Math.min(bytes, from + partBytes) });
  }
  return parts;
}
