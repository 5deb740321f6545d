import { describe, expect, test } from 'vitest';
import { noFailpoints, readFailpoints } from './failpoints.ts';

/** True when the point lets the program go on. */
async function passes(points: { hit(name: string): Promise<void> }, name: string): Promise<boolean> {
  const stuck = Symbol('stuck');
  const turn = new Promise((resolve) => setImmediate(() => resolve(stuck)));
  return (await Promise.race([points.hit(name), turn])) !== stuck;
}

describe('failpoints', () => {
  test('are none in earnest', () => {
    expect(readFailpoints('')).toBe(noFailpoints);
  });

  test('pause at the named point and nowhere else', async () => {
    const points = readFailpoints('submit.committed=pause');
    expect(await passes(points, 'submit.answered')).toBe(true);
    expect(await passes(points, 'submit.committed')).toBe(false);
  });

  test('pause at the n-th hit only', async () => {
    const points = readFailpoints('prepare.step=pause@3, check.begun=pause');
    expect([
      await passes(points, 'prepare.step'),
      await passes(points, 'prepare.step'),
      await passes(points, 'prepare.step'),
      await passes(points, 'prepare.step'),
      await passes(points, 'check.begun'),
    ]).toEqual([true, true, false, true, false]);
  });

  test.each(['submit', 'submit=explode', 'submit=kill@x', 'a=kill,,b=kill', '=kill'])(
    '%j is refused at the start, so that no fault test runs without its fault',
    (text) => expect(() => readFailpoints(text)).toThrow('bad failpoint'),
  );
});
