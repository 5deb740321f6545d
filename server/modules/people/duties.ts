import type { Duty } from '#shared/people.ts';

/** 等保 is the default; the relaxed profile is for demonstrations and says so on every page. */
export type Policy = 'dengbao' | 'relaxed';

/** What the profile asks of a person before anything else, in this order. */
export function dutiesOf(policy: Policy, person: { passwordChosen: boolean; secondFactor: boolean }): Duty[] {
  if (policy === 'relaxed') return [];
  const duties: Duty[] = [];
  if (!person.passwordChosen) duties.push('change-password');
  if (!person.secondFactor) duties.push('set-up-second-factor');
  return duties;
}
