import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAutosave, decideOnOpening, type LocalCopy, type SaveState, sendAfter } from './autosave.ts';

const same = (a: string, b: string) => a === b;
const localCopy = (content: string, baseRevision: number): LocalCopy<string> => ({
  content,
  baseRevision,
  changedAt: '2026-10-08T01:00:00.000Z',
});

describe('on opening', () => {
  test('without a local copy, or with the same text, the server is right', () => {
    expect(decideOnOpening(null, { revision: 3, content: 'a' }, same)).toBe('use-server');
    expect(decideOnOpening(localCopy('a', 1), { revision: 3, content: 'a' }, same)).toBe('use-server');
  });
  test('a local copy that builds on what the server has is restored', () => {
    expect(decideOnOpening(localCopy('b', 3), { revision: 3, content: 'a' }, same)).toBe('restore-local');
  });
  test('a local copy that the server has overtaken is put beside it', () => {
    expect(decideOnOpening(localCopy('b', 2), { revision: 3, content: 'a' }, same)).toBe('compare');
  });
});

/** A server in memory with one text, and what a browser would keep. */
function desk(start = 'start') {
  const server = { revision: 1, content: start };
  const world = {
    online: true,
    loseAnswer: false,
    refuse: false,
    kept: null as LocalCopy<string> | null,
    sent: [] as string[],
  };
  const saver = createAutosave<string>(
    { ...server, savedAt: null },
    {
      keep: (copy) => {
        world.kept = copy;
        return true;
      },
      forget: () => {
        world.kept = null;
      },
      send: async (content, baseRevision) => {
        world.sent.push(content);
        if (!world.online) throw new Error('offline');
        if (world.refuse) throw new Error('refused');
        if (baseRevision !== server.revision) throw new Error('conflict');
        server.revision += 1;
        server.content = content;
        if (world.loseAnswer) {
          world.loseAnswer = false;
          throw new Error('offline');
        }
        return { revision: server.revision, savedAt: '2026-10-08T01:00:00.000Z' };
      },
      readTheirs: async () => {
        if (!world.online) throw new Error('offline');
        return { ...server };
      },
      same,
      meaning: (error) => {
        const message = (error as Error).message;
        return message === 'conflict' ? 'conflict' : message === 'refused' ? 'refused' : 'offline';
      },
      now: () => new Date('2026-10-08T01:00:00.000Z'),
    },
  );
  return { server, world, saver, kind: () => saver.state().kind };
}

describe('while writing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('every change is kept here at once and sent a moment after the last one', async () => {
    const { server, world, saver, kind } = desk();
    saver.change('a');
    saver.change('ab');
    expect(world.kept?.content).toBe('ab');
    expect(world.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(sendAfter);
    expect(world.sent).toEqual(['ab']);
    expect(server.content).toBe('ab');
    expect(kind()).toBe('saved');
    expect(world.kept).toBeNull();
  });

  test('what is written during sending is sent after it, on the new revision', async () => {
    const { server, world, saver } = desk();
    saver.change('a');
    const sending = saver.flush();
    saver.change('ab');
    expect(await sending).toBe(3);
    expect(world.sent).toEqual(['a', 'ab']);
    expect(server).toEqual({ revision: 3, content: 'ab' });
  });

  test('a lost network keeps the text here, says so, and sends it when the network is back', async () => {
    const { server, world, saver } = desk();
    world.online = false;
    saver.change('a');
    await expect(saver.flush()).rejects.toThrow('offline');
    expect(saver.state()).toEqual({ kind: 'offline', kept: true });
    expect(world.kept?.content).toBe('a');
    world.online = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.content).toBe('a');
    expect(saver.state().kind).toBe('saved');
  });

  test('an answer lost after saving is not mistaken for somebody else’s change', async () => {
    const { server, world, saver, kind } = desk();
    world.loseAnswer = true;
    saver.change('a');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(kind()).toBe('saved');
    expect(server).toEqual({ revision: 2, content: 'a' });
  });

  test('a refusal keeps the text here and does not send the same again', async () => {
    const { world, saver, kind } = desk();
    world.refuse = true;
    saver.change('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kind()).toBe('refused');
    expect(world.sent).toEqual(['a']);
    expect(world.kept?.content).toBe('a');
  });

  test('typing and taking it back sends nothing', async () => {
    const { world, saver, kind } = desk();
    saver.change('a');
    saver.change('start');
    await vi.advanceTimersByTimeAsync(sendAfter);
    expect(world.sent).toEqual([]);
    expect(kind()).toBe('saved');
    expect(world.kept).toBeNull();
  });

  test('after it was stopped it makes one last attempt and then rests', async () => {
    const { world, saver } = desk();
    world.online = false;
    saver.change('a');
    saver.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.sent).toEqual(['a']);
    expect(world.kept?.content).toBe('a');
  });
});

describe('two people', () => {
  async function conflict() {
    const it = desk();
    it.server.revision = 5;
    it.server.content = 'theirs';
    it.saver.change('mine');
    await expect(it.saver.flush()).rejects.toThrow('conflict');
    return it;
  }

  test('see both texts, and nothing is overwritten before one is chosen', async () => {
    const { server, saver } = await conflict();
    const state = saver.state() as Extract<SaveState<string>, { kind: 'conflict' }>;
    expect(state).toMatchObject({ kind: 'conflict', mine: 'mine', theirs: 'theirs', theirRevision: 5 });
    saver.change('mine, longer');
    expect(server.content).toBe('theirs');
    expect(saver.state()).toMatchObject({ kind: 'conflict', mine: 'mine, longer' });
    saver.stop();
  });

  test('choosing mine saves it on top of theirs', async () => {
    const { server, saver } = await conflict();
    saver.resolve('mine');
    expect(await saver.flush()).toBe(6);
    expect(server.content).toBe('mine');
  });

  test('choosing theirs shows it and sends nothing', async () => {
    const { world, saver } = await conflict();
    const before = world.sent.length;
    saver.resolve('theirs');
    expect(saver.content()).toBe('theirs');
    expect(await saver.flush()).toBe(5);
    expect(world.sent).toHaveLength(before);
    expect(world.kept).toBeNull();
  });

  test('a change of the other is taken over silently only while nothing is being written here', () => {
    const { saver } = desk();
    expect(saver.adopt({ revision: 2, content: 'theirs' })).toBe(true);
    expect(saver.content()).toBe('theirs');
    saver.change('mine');
    expect(saver.adopt({ revision: 3, content: 'theirs again' })).toBe(false);
    expect(saver.content()).toBe('mine');
    expect(saver.adopt({ revision: 1, content: 'old' })).toBe(false);
    saver.stop();
  });
});
