import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CropRatio, cropRatios } from '#shared/media.ts';
import { largestCrop, moveCrop, resizeCrop, shapeOf } from './crop-geometry.ts';

const size = { width: 1_200, height: 800 };

describe('a crop', () => {
  test('begins as the largest of its ratio, in the middle', () => {
    expect(largestCrop(size, shapeOf('1:1'))).toEqual({ x: 200, y: 0, width: 800, height: 800 });
    expect(largestCrop(size, shapeOf('2.35:1'))).toEqual({ x: 0, y: 145, width: 1_200, height: 511 });
    expect(largestCrop(size, null)).toEqual({ x: 0, y: 0, ...size });
  });

  test('stays in the picture and keeps its ratio, however it is pulled', () => {
    const pull = fc.tuple(
      fc.boolean(),
      fc.integer({ min: -2_000, max: 2_000 }),
      fc.integer({ min: -2_000, max: 2_000 }),
    );
    const edge = fc.integer({ min: 64, max: 3_000 });
    fc.assert(
      fc.property(
        edge,
        edge,
        fc.constantFrom<CropRatio>(...cropRatios),
        fc.array(pull, { maxLength: 12 }),
        (width, height, name, pulls) => {
          const [picture, ratio] = [{ width, height }, shapeOf(name)];
          let crop = largestCrop(picture, ratio);
          for (const [moves, dx, dy] of pulls)
            crop = moves ? moveCrop(crop, dx, dy, picture) : resizeCrop(crop, dx, dy, ratio, picture);
          expect(crop.x >= 0 && crop.y >= 0).toBe(true);
          expect(crop.x + crop.width <= width && crop.y + crop.height <= height).toBe(true);
          expect(Math.min(crop.width, crop.height)).toBeGreaterThanOrEqual(15);
          expect(Math.abs(crop.width - crop.height * ratio)).toBeLessThanOrEqual(1 + ratio);
        },
      ),
    );
  });
});
