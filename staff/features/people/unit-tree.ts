import { caseFields } from '#shared/inbox.ts';
import type { Unit } from '#shared/people.ts';

export type UnitLine = { unit: Unit; depth: number };

/** Units under their parents; a unit whose parent is not in the list stands at the top. */
export function layOutUnits(units: readonly Unit[]): UnitLine[] {
  const ids = new Set(units.map((unit) => unit.id));
  const below = (parentId: string | null, depth: number): UnitLine[] =>
    units
      .filter((unit) => (unit.parentId && ids.has(unit.parentId) ? unit.parentId : null) === parentId)
      .flatMap((unit) => [{ unit, depth }, ...below(unit.id, depth + 1)]);
  return below(null, 0);
}

/** Fields that no section answers for: their cases would reach nobody. */
export function findOpenFields(units: readonly Unit[]): string[] {
  const taken = new Set(units.flatMap((unit) => unit.fields));
  return caseFields.filter((field) => !taken.has(field));
}
