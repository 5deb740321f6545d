import { describe, expect, test } from 'vitest';
import type { Upload } from '#shared/media.ts';
import { type SendState, type SendSteps, sendFile } from './send-file.ts';

const megabyte = 1024 * 1024;
const file = new Blob([new Uint8Array(5 * megabyte)]);

/** A server that keeps what it acknowledged; `cuts` says before or after which calls the line is cut. */
function server(cuts: readonly ('before' | 'after' | null)[] = []) {
  const upload: Upload = {
    ...{ id: 'u', name: 'x', size: file.size, received: 0, state: 'open', problem: null },
    ...{ fileId: null, wasThere: false, fingerprint: 'x' },
  };
  const sent: [number, number][] = [];
  let calls = 0;
  const cut = new Error('cut');
  const steps: SendSteps = {
    begin: async () => ({ upload: { ...upload }, existing: null }),
    async put(_id, offset, bytes) {
      const what = cuts[calls++] ?? null;
      if (what === 'before') throw cut;
      if (offset !== upload.received) throw { received: upload.received };
      sent.push([offset, offset + bytes.size]);
      upload.received += bytes.size;
      if (what === 'after') throw cut;
      return { received: upload.received };
    },
    ask: async () => ({ ...upload }),
    async finish() {
      upload.state = 'done';
      upload.fileId = 'f';
      return { ...upload, state: 'received' };
    },
    async drop() {
      upload.state = 'failed';
    },
    meaning: (error) =>
      error === cut ? 'again' : 'received' in Object(error) ? (error as { received: number }) : null,
    wait: async () => undefined,
    now: () => 0,
  };
  return { upload, sent, steps };
}

const run = (steps: SendSteps, signal = new AbortController().signal) => {
  const states: SendState['kind'][] = [];
  return { states, result: sendFile(file, steps, (state) => states.push(state.kind), signal) };
};

describe('a file in parts', () => {
  test('goes up in growing parts and ends with its id', async () => {
    const { steps, sent } = server();
    const { states, result } = run(steps);
    expect(await result).toEqual({ fileId: 'f', wasThere: false });
    expect(sent).toEqual([
      [0, megabyte],
      [megabyte, 3 * megabyte],
      [3 * megabyte, 5 * megabyte],
    ]);
    expect(states.at(-1)).toBe('looking');
  });

  test('cut before and after parts arrive, sends every byte exactly once', async () => {
    const { steps, sent } = server(['before', 'after', null, 'after', 'before', 'before']);
    const { states, result } = run(steps);
    expect(await result).toMatchObject({ fileId: 'f' });
    expect(sent.map(([from]) => from)).toEqual([0, ...sent.slice(0, -1).map(([, to]) => to)]);
    expect(sent.at(-1)![1]).toBe(file.size);
    expect(states).toContain('paused');
  });

  test('goes on where the server stands, also when that is elsewhere than it said', async () => {
    const { steps, sent, upload } = server();
    upload.received = 2 * megabyte;
    const begin = steps.begin;
    steps.begin = async () => {
      const begun = await begin();
      upload.received = megabyte;
      return begun;
    };
    expect(await run(steps).result).toMatchObject({ fileId: 'f' });
    expect(sent[0]![0]).toBe(megabyte);
  });

  test('known by its hash sends nothing', async () => {
    const { steps, sent } = server();
    steps.begin = async () => ({ upload: null, existing: { id: 'old' } });
    expect(await run(steps).result).toEqual({ fileId: 'old', wasThere: true });
    expect(sent).toEqual([]);
  });

  test('refused is thrown, and cancelled ends quietly', async () => {
    const refused = server();
    refused.steps.put = async () => Promise.reject(new Error('no'));
    await expect(run(refused.steps).result).rejects.toThrow('no');
    expect(refused.upload.state).toBe('failed');
    const { steps, sent, upload } = server();
    const end = new AbortController();
    const put = steps.put;
    steps.put = async (...args) => {
      end.abort();
      return put(...args);
    };
    expect(await run(steps, end.signal).result).toBeNull();
    expect([sent.length, upload.state]).toEqual([1, 'failed']);
  });
});
