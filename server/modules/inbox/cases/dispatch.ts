import type { Unit } from '#shared/people.ts';

/** The section that answers for the field; null where none does. */
export function chooseUnit(
  units: readonly Pick<Unit, 'id' | 'kind' | 'fields'>[],
  field: string | null,
): string | null {
  if (field === null) return null;
  return units.find((unit) => unit.kind === 'section' && unit.fields.includes(field))?.id ?? null;
}

/** The agent with the fewest open cases; among equals the first by id, so that the choice can be explained. */
export function chooseOwner(
  agentIds: readonly string[],
  openCases: ReadonlyMap<string, number>,
): string | null {
  const load = (id: string) => openCases.get(id) ?? 0;
  return agentIds.toSorted((a, b) => load(a) - load(b) || (a < b ? -1 : 1))[0] ?? null;
}
