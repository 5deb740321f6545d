import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KnowledgeState, knowledgeStates } from '#shared/knowledge.ts';
import { lacksBasis, mayMove, monthsAfter, staleOn } from './rules.ts';

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
  const later = '2027-01-01';
  expect(staleOn('2026-11-28', 'in-use', { validTo: '2026-11-28', reviewOn: later })).toBeNull();
  expect(staleOn('2026-11-29', 'in-use', { validTo: '2026-11-28', reviewOn: later })).toBe('valid-to');
  expect(staleOn('2026-11-28', 'in-use', { validTo: null, reviewOn: '2026-11-28' })).toBe('review-on');
});

test('what has no day of review says so while it is in use, and what has no basis until it is retired', () => {
  const none = { validTo: null, reviewOn: null };
  expect(staleOn('2026-11-28', 'in-use', none)).toBe('no-review');
  expect(staleOn('2026-11-28', 'draft', none)).toBeNull();
  expect(lacksBasis('in-use', { basis: ' ' })).toBe(true);
  expect(lacksBasis('in-use', { basis: '《社会保险法》第十六条' })).toBe(false);
  expect(lacksBasis('retired', { basis: '' })).toBe(false);
});

test('months on it is the same day, or the last of a shorter month', () => {
  expect(monthsAfter('2026-11-28', 6)).toBe('2027-05-28');
  expect(monthsAfter('2026-08-31', 6)).toBe('2027-02-28');
  expect(monthsAfter('2027-08-31', 6)).toBe('2028-02-29');
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
