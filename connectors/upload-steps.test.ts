import { describe, expect, test } from 'vitest';
import type { OnceStep, PlatformIds } from './contract-ground.ts';
import { type PartedUpload, partsOf, UploadLost, uploadInParts } from './upload-steps.ts';

function stage(change: Partial<PartedUpload> = {}) {
  const saved = new Map<string, PlatformIds>();
  const once: OnceStep = async (name, step) => {
    const ids = saved.get(name) ?? (await step());
    saved.set(name, ids);
    return ids;
  };
  const log: string[] = [];
  let clock = 0;
  let begun = 0;
  const upload: PartedUpload = {
    once,
    name: 'video',
    now: () => new Date(clock),
    lifeMs: 1000,
    bytes: 25,
    partBytes: 10,
    async begin() {
      begun += 1;
      log.push(`begin ${begun}`);
      return { id: String(begun) };
    },
    async part({ id }, at, from, to) {
      log.push(`part ${id}.${at} ${from}-${to}`);
    },
    async complete({ id }, parts) {
      log.push(`complete ${id} of ${parts}`);
      return { video: `v${id}` };
    },
    ...change,
  };
  const pass = (ms: number) => {
    clock += ms;
  };
  return { upload, log, pass };
}

test('parts cover the file, and a last one that is too small joins the one before', () => {
  expect(partsOf({ bytes: 25, partBytes: 10 }).map(({ from, to }) => to - from)).toEqual([10, 10, 5]);
  expect(partsOf({ bytes: 25, partBytes: 10, smallestPart: 6 })).toEqual([
    { from: 0, to: 10 },
    { from: 10, to: 25 },
  ]);
  expect(partsOf({ bytes: 3, partBytes: 10, smallestPart: 6 })).toEqual([{ from: 0, to: 3 }]);
});

describe('an upload in parts', () => {
  test('goes on at the part that failed', async () => {
    let failures = 1;
    const { upload, log } = stage();
    const { part } = upload;
    upload.part = async (begun, at, from, to) => {
      if (at === 1 && failures-- > 0) throw new Error('network');
      await part(begun, at, from, to);
    };
    await expect(uploadInParts(upload)).rejects.toThrow('network');
    expect(await uploadInParts(upload)).toEqual({ video: 'v1' });
    expect(log).toEqual(['begin 1', 'part 1.0 0-10', 'part 1.1 10-20', 'part 1.2 20-25', 'complete 1 of 3']);
    expect(await uploadInParts(upload)).toEqual({ video: 'v1' });
    expect(log).toHaveLength(5);
  });

  test('begins anew when it is too old, lost or used up', async () => {
    const { upload, log, pass } = stage();
    expect(await uploadInParts(upload)).toEqual({ video: 'v1' });
    pass(1000);
    expect(await uploadInParts(upload)).toEqual({ video: 'v2' });
    upload.isUsable = async ({ video }) => video !== 'v2';
    expect(await uploadInParts(upload)).toEqual({ video: 'v3' });
    expect(log.filter((line) => line.startsWith('begin'))).toHaveLength(3);
  });

  test('of which the platform knows nothing is begun once more, and then given up', async () => {
    const { upload, log } = stage({
      complete: async ({ id }) => {
        if (id === '1') throw new UploadLost();
        return { video: `v${id}` };
      },
    });
    expect(await uploadInParts(upload)).toEqual({ video: 'v2' });
    expect(log.filter((line) => line.startsWith('part 2'))).toHaveLength(3);
    const lost = stage({ part: () => Promise.reject(new UploadLost()) });
    await expect(uploadInParts(lost.upload)).rejects.toThrow(UploadLost);
    expect(lost.log).toEqual(['begin 1', 'begin 2']);
  });
});
