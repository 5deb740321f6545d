/** Where a new case goes, by the bureau's rules first and by the sections' fields then. Pure, so that it can be explained. */
import type { CaseChannel, CaseKind } from '#shared/inbox.ts';
import type { DispatchRule } from '#shared/inbox-settings.ts';
import type { Unit } from '#shared/people.ts';
import type { CaseField } from './words.ts';

export type Incoming = {
  text: string;
  field: CaseField | null;
  kind: CaseKind;
  channel: CaseChannel;
  accountId: string | null;
};

export type Ruling = { rule: DispatchRule; words: string[] };

/** The first rule whose every condition holds; a rule without any condition would take everything and is passed over. */
export function findRule(rules: readonly DispatchRule[], incoming: Incoming): Ruling | null {
  const plain = incoming.text.replaceAll(/\s+/g, '');
  for (const rule of rules) {
    const { fields, kinds, words, via, accountIds } = rule.when;
    const found = words.filter((word) => plain.includes(word.replaceAll(/\s+/g, '')));
    const conditions: (boolean | null)[] = [
      fields.length === 0 ? null : incoming.field !== null && fields.includes(incoming.field),
      kinds.length === 0 ? null : kinds.includes(incoming.kind),
      words.length === 0 ? null : found.length > 0,
      via.length === 0 ? null : via.includes(incoming.channel),
      accountIds.length === 0 ? null : incoming.accountId !== null && accountIds.includes(incoming.accountId),
    ];
    const set = conditions.filter((one) => one !== null);
    if (set.length > 0 && set.every(Boolean)) return { rule, words: found };
  }
  return null;
}

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

/** Who is on duty on a day: the day's own entry, else the weekday's. */
export function findOnDuty(
  duty: { weekdays: readonly (string | null)[]; days: readonly { day: string; personId: string }[] },
  day: string,
): string | null {
  const own = duty.days.find((one) => one.day === day);
  // The list begins with Monday, as people write it; JavaScript's week with Sunday.
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return own?.personId ?? duty.weekdays[weekday] ?? null;
}
