import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseOwner, chooseUnit } from './dispatch.ts';

const units = [
  { id: 'bureau', kind: 'bureau', fields: ['社会保险'] },
  { id: 'insurance', kind: 'section', fields: ['社会保险', '社保卡'] },
  { id: 'jobs', kind: 'section', fields: ['就业创业'] },
] as const;

test('a case goes to the section that answers for its field', () => {
  const list = units.map((unit) => ({ ...unit, fields: [...unit.fields] }));
  expect(chooseUnit(list, '社保卡')).toBe('insurance');
  expect(chooseUnit(list, '就业创业')).toBe('jobs');
  expect(chooseUnit(list, '考试')).toBeNull();
  expect(chooseUnit(list, null)).toBeNull();
});

test('an agent with the fewest open cases owns it, whatever the order of the list', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1 }), fc.func(fc.nat(20)), (ids, load) => {
      const open = new Map(ids.map((id) => [id, load(id)]));
      const owner = chooseOwner(ids, open)!;
      expect(open.get(owner)).toBe(Math.min(...open.values()));
      expect(chooseOwner(ids.toReversed(), open)).toBe(owner);
    }),
  );
  expect(chooseOwner([], new Map())).toBeNull();
});
