import { expect, test } from 'vitest';
import type { Unit } from '#shared/people.ts';
import { findOpenFields, layOutUnits } from './unit-tree.ts';

const unit = (id: string, parentId: string | null, fields: string[] = []): Unit => ({
  id,
  parentId,
  kind: 'section',
  name: id,
  shortName: id,
  fields,
});

test('units stand below their parents, in the order they came', () => {
  const lines = layOutUnits([
    unit('bureau', null),
    unit('a', 'bureau'),
    unit('b', 'bureau'),
    unit('a1', 'a'),
  ]);
  expect(lines.map(({ unit: { id }, depth }) => `${depth} ${id}`)).toEqual([
    '0 bureau',
    '1 a',
    '2 a1',
    '1 b',
  ]);
});

test('a unit whose parent is not shown is not lost', () => {
  expect(layOutUnits([unit('lost', 'elsewhere')])).toHaveLength(1);
});

test('the fields that nobody answers for are told', () => {
  const open = findOpenFields([unit('a', null, ['就业创业', '培训']), unit('b', null, ['社会保险'])]);
  expect(open).toContain('考试');
  expect(open).not.toContain('培训');
  expect(open).toHaveLength(7);
});
