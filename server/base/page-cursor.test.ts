import { expect, test } from 'vitest';
import { nextCursor, readCursor } from './page-cursor.ts';

const row = { exact: '2026-09-10T01:02:03.456789Z', id: '01a220b8-31cd-7000-a378-c3945419da98' };

test('a full page names where the next begins, and that is read back as it was', () => {
  const cursor = nextCursor([row, row], 2);
  expect(readCursor(cursor ?? undefined)).toEqual({ at: row.exact, id: row.id });
});

test('a page that is not full is the last', () => {
  expect(nextCursor([row], 2)).toBeNull();
  expect(nextCursor([], 2)).toBeNull();
});

test('without a cursor the list begins at its head; anything foreign is refused, not passed on to the database', () => {
  expect(readCursor(undefined)).toBeUndefined();
  for (const foreign of [
    '',
    'x',
    `${row.exact}`,
    `now_${row.id}`,
    `${row.exact}_1`,
    `${row.exact}_${row.id} `,
  ])
    expect(() => readCursor(foreign), foreign).toThrow(expect.objectContaining({ code: 'input-invalid' }));
});
