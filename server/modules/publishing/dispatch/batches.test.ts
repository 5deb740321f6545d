import { describe, expect, test } from 'vitest';
import { AppError } from '#server/base/app-error.ts';
import { createBatches } from './batches.ts';

/** Runs are held until the test lets them go on, so that what comes meanwhile must wait. */
function stage(options: { atMost?: number; spoilt?: string; refused?: string } = {}) {
  const runs: string[][] = [];
  const gates: (() => void)[] = [];
  const add = createBatches<string, string>({
    atMost: options.atMost ?? 10,
    besideEachOther: 1,
    async run(items) {
      runs.push([...items]);
      if (gates.length === 0) await new Promise<void>((resolve) => gates.push(resolve));
      if (options.spoilt && items.includes(options.spoilt)) throw new Error(`${options.spoilt} is spoilt`);
      return items.map((item) =>
        item === options.refused ? new AppError('state-conflict', {}) : item.toUpperCase(),
      );
    },
  });
  const begun = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { add, runs, begun, open: () => gates[0]!() };
}

describe('work that comes at the same time', () => {
  test('shares a run, and what comes meanwhile shares the next', async () => {
    const { add, runs, begun, open } = stage();
    const first = [add('a'), add('b')];
    await begun();
    const second = [add('c'), add('d')];
    open();
    expect(await Promise.all([...first, ...second])).toEqual(['A', 'B', 'C', 'D']);
    expect(runs).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('is parted where it would be too much at once', async () => {
    const { add, runs, begun, open } = stage({ atMost: 2 });
    const all = ['a', 'b', 'c'].map(add);
    await begun();
    open();
    await Promise.all(all);
    expect(runs).toEqual([['a', 'b'], ['c']]);
  });

  test('of which one is refused: the others succeed', async () => {
    const { add, begun, open } = stage({ refused: 'b' });
    const all = Promise.allSettled(['a', 'b', 'c'].map(add));
    await begun();
    open();
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('of which one fails the whole run is done again one by one', async () => {
    const { add, runs, begun, open } = stage({ spoilt: 'b' });
    const all = Promise.allSettled(['a', 'b', 'c'].map(add));
    await begun();
    open();
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(runs).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });
});
