import { describe, expect, test } from 'vitest';
import { connectors } from '#connectors/registry.ts';
import { cropRatios } from '#shared/media.ts';
import type { PackageMedia } from '#shared/package.ts';
import { keyOf, nameOf, planPictures } from './plan-pictures.ts';

const upright = { width: 3, height: 4 };
const square = { width: 1, height: 1 };
const swiped = { cover: [upright, square], body: [upright] };
const article = { cover: [{ width: 3, height: 2 }], body: [] };
const picture = (letter: string, size: Partial<PackageMedia> = {}): PackageMedia => ({
  ...{
    sha256: letter.repeat(64),
    mime: 'image/jpeg',
    width: 900,
    height: 600,
    size: 1,
    role: 'body',
    alt: '',
  },
  ...size,
});
const plan = (
  media: PackageMedia[],
  cuts: Parameters<typeof planPictures>[1] = swiped,
  crops: Parameters<typeof planPictures>[2] = new Map(),
) => planPictures(media, cuts, crops);

describe('the pictures of a pack', () => {
  test('are in the order of posting, the first as cover in every shape that is asked for', () => {
    const names = plan([picture('a'), picture('b')]).map((one) => nameOf(one, 'zh'));
    expect(names).toEqual(['01-封面-竖版3比4.jpg', '备选封面/01-封面-方形1比1.jpg', '02-图片-竖版3比4.jpg']);
  });

  test('are cut as large as the shape allows, and never enlarged', () => {
    expect(plan([picture('a')]).map(({ cut, by }) => [cut, by])).toEqual([
      [{ width: 450, height: 600 }, 'program'],
      [{ width: 600, height: 600 }, 'program'],
    ]);
  });

  test('stay whole where they have the shape already', () => {
    const [one] = plan([picture('a', { width: 900, height: 1210 })]);
    expect([one?.cut, one?.by]).toEqual([null, null]);
  });

  test('are cut where a person cut them last, if that has the shape', () => {
    const last = { x: 10, y: 0, width: 450, height: 600 };
    const crops = new Map([
      ['a'.repeat(64), [{ x: 0, y: 0, width: 600, height: 100 }, last, { ...last, x: 300 }]],
    ]);
    expect(plan([picture('a')], swiped, crops).map(({ cut, by }) => [cut, by])).toEqual([
      [{ crop: last }, 'person'],
      [{ width: 600, height: 600 }, 'program'],
    ]);
  });

  test('of an article stand as they are; its cover is the one marked, else the first, which keeps its place', () => {
    const names = (media: PackageMedia[]) => plan(media, article).map((one) => nameOf(one, 'en'));
    expect(names([picture('a'), picture('b')])).toEqual([
      '01-cover-wide-3x2.jpg',
      '01-picture.jpg',
      '02-picture.jpg',
    ]);
    expect(names([picture('a', { role: 'cover' }), picture('b')])).toEqual([
      '01-cover-wide-3x2.jpg',
      '02-picture.jpg',
    ]);
  });

  test('that move are left alone, and videos are no pictures', () => {
    const [moving, ...more] = plan([
      picture('a', { mime: 'image/gif' }),
      picture('b', { role: 'video', mime: 'video/mp4' }),
    ]);
    expect([moving?.cut, moving && nameOf(moving, 'zh'), more]).toEqual([null, '01-封面.gif', []]);
  });

  test('each have an address of their own', () => {
    const keys = plan([picture('a'), picture('b', { mime: 'image/png' })]).map(keyOf);
    expect(keys).toEqual(['1-cover-3x4.jpg', '1-cover-1x1.jpg', '2-body-3x4.png']);
  });
});

test('every shape that a platform asks for can be cut by hand in the library', () => {
  const asked = [...connectors.values()].flatMap(({ publish }) =>
    publish.kind === 'hand-off' ? [...publish.cuts.cover, ...publish.cuts.body] : [],
  );
  expect(asked.length).toBeGreaterThan(0);
  for (const { width, height } of asked) expect(cropRatios).toContain(`${width}:${height}`);
});
