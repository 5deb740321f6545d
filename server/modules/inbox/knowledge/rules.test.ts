import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KnowledgeState, knowledgeStates } from '#shared/knowledge.ts';
import { mayMove, staleOn } from './rules.ts';

const day = fc
  .date({ min: new Date('2025-01-01T00:00:00Z'), max: new Date('2028-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const dates = fc.record({ validTo: fc.option(day), reviewOn: fc.option(day) });

test('what is out of date stays so until somebody changes it, and only what is in use can be', () => {
  fc.assert(
    fc.property(dates, day, day, fc.constantFrom(...knowledgeStates), (given, one, other, state) => {
      const [earlier, later] = [one, other].toSorted();
      if (staleOn(earlier!, state, given) !== null) expect(staleOn(later!, state, given)).not.toBeNull();
      if (state !== 'in-use') expect(staleOn(later!, state, given)).toBeNull();
    }),
  );
});

test('the last day of validity still counts, and the day of review is already due', () => {
  expect(staleOn('2026-11-28', 'in-use', { validTo: '2026-11-28', reviewOn: null })).toBeNull();
  expect(staleOn('2026-11-29', 'in-use', { validTo: '2026-11-28', reviewOn: null })).toBe('valid-to');
  expect(staleOn('2026-11-28', 'in-use', { validTo: null, reviewOn: '2026-11-28' })).toBe('review-on');
});

test('no step leads back to a draft, and none changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('in-use' as const, 'retired' as const)), (steps) => {
      let state: KnowledgeState = 'draft';
      for (const to of steps) {
        if (mayMove(state, to)) {
          expect(state).not.toBe(to);
          state = to;
        }
        if (state !== 'draft') expect(mayMove(state, state)).toBe(false);
      }
    }),
  );
});
