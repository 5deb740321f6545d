import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TaskState, taskStates } from '#shared/tasks.ts';
import { mayMoveTask, openTaskStates } from './state.ts';

describe('the life of a task done by hand', () => {
  test('what is over stays over', () => {
    for (const state of ['verified', 'expired', 'cancelled'] as const)
      expect(taskStates.filter((to) => mayMoveTask(state, to))).toEqual([]);
  });

  test('what a person says is done never expires, and only a check ends or returns it', () => {
    expect(taskStates.filter((to) => mayMoveTask('claimed', to))).toEqual([
      'verified',
      'returned',
      'cancelled',
    ]);
  });

  test('every open state can still be verified or cancelled, and no walk leaves a finished one', () => {
    for (const state of openTaskStates) {
      expect(mayMoveTask(state, 'verified')).toBe(true);
      expect(mayMoveTask(state, 'cancelled')).toBe(true);
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...taskStates), { maxLength: 30 }), (wishes) => {
        let state: TaskState = 'pending';
        for (const wish of wishes) {
          if (!mayMoveTask(state, wish)) continue;
          expect(openTaskStates as readonly string[]).toContain(state);
          state = wish;
        }
      }),
    );
  });
});
