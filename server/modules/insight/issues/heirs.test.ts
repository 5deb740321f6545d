import { describe, expect, test } from 'vitest';
import { findHeirs } from './heirs.ts';

const earlier = (id: string, ...messageIds: string[]) => ({ id, messageIds, mergedInto: null });

describe('what people decided', () => {
  test('goes to the issue that holds half of the same messages', () => {
    const [first, second] = findHeirs(
      [{ messageIds: ['a', 'b', 'x', 'y'] }, { messageIds: ['z', 'c'] }],
      [earlier('A', 'a', 'b', 'q'), earlier('C', 'c', 'd', 'e', 'f', 'g')],
    );
    expect([first?.id, second?.id]).toEqual(['A', 'C']);
  });

  test('is lost when too little is shared', () => {
    expect(findHeirs([{ messageIds: ['a', 'x', 'y'] }], [earlier('A', 'a', 'b', 'c')])).toEqual([null]);
  });

  test('comes from the one that shares most', () => {
    const [found] = findHeirs([{ messageIds: ['a', 'b', 'c'] }], [earlier('A', 'a'), earlier('B', 'b', 'c')]);
    expect(found?.id).toBe('B');
  });
});
