import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PublicationState, publicationStates } from '#shared/publication.ts';
import { nextState, type PublicationStep } from './machine.ts';

const steps: readonly PublicationStep[] = [
  'edit',
  'submit',
  'take-back',
  'approve',
  'return',
  'withdraw',
  'decline',
];

test('whatever happens, nothing is public that was not approved after its last change', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 40 }), (taken) => {
      let state: PublicationState = 'draft';
      let approvedSinceEdit = false;
      for (const step of taken) {
        const next = nextState(state, step);
        if (next === null) continue;
        if (step === 'edit') approvedSinceEdit = false;
        if (step === 'approve') approvedSinceEdit = true;
        state = next;
        expect(state === 'published' && !approvedSinceEdit).toBe(false);
      }
    }),
  );
});

test('a public answer is not edited in place, and only a public one comes down', () => {
  expect(nextState('published', 'edit')).toBeNull();
  expect(publicationStates.filter((state) => nextState(state, 'withdraw') !== null)).toEqual(['published']);
  expect(nextState('withdrawn', 'edit')).toBe('draft');
});
