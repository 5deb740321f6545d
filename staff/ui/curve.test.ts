import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CurvePoint, layOut, ticksOf } from './curve.ts';

const box = { width: 320, height: 160, left: 40, right: 10, top: 10, bottom: 20 };

describe('the steps of the axis', () => {
  test('are round, few, and hold everything between them', () => {
    expect(ticksOf(0, 340)).toEqual([0, 100, 200, 300, 400]);
    expect(ticksOf(1_190, 1_240)).toEqual([1_180, 1_200, 1_220, 1_240]);
    expect(ticksOf(0, 0)).toEqual([0, 1]);
    expect(ticksOf(7, 7)).toEqual([7, 8]);
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const ticks = ticksOf(low, high);
        expect(ticks[0]).toBeLessThanOrEqual(low);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe('the points', () => {
  const point = (day: number, value: number): CurvePoint => ({
    at: new Date(Date.UTC(2026, 8, day)).toISOString(),
    value,
  });

  test('lie by their time, not by their number', () => {
    const { dots } = layOut([point(1, 0), point(2, 0), point(5, 0)], box, true);
    expect(dots.map(({ x }) => x)).toEqual([40, 107.5, 310]);
  });

  test('begin at zero only where that is asked for', () => {
    const points = [point(1, 1_200), point(2, 1_240)];
    expect(layOut(points, box, true).ticks[0]?.value).toBe(0);
    expect(layOut(points, box, false).ticks[0]?.value).toBe(1_200);
  });

  test('stay inside the box, and the more there is the higher they are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 1, maxLength: 30 }), fc.boolean(), (values, zero) => {
        const { dots, line } = layOut(
          values.map((value, day) => point(day, value)),
          box,
          zero,
        );
        for (const { x, y } of dots) {
          expect(x).toBeGreaterThanOrEqual(box.left);
          expect(x).toBeLessThanOrEqual(box.width - box.right);
          expect(y).toBeGreaterThanOrEqual(box.top);
          expect(y).toBeLessThanOrEqual(box.height - box.bottom);
        }
        expect(line.split('L')).toHaveLength(values.length);
        const sorted = dots.toSorted((a, b) => a.value - b.value).map(({ y }) => y);
        expect(sorted).toEqual(sorted.toSorted((a, b) => b - a));
      }),
    );
  });
});
