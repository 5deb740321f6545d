import { type Actor, allows } from '#server/base/actor.ts';
import { AppError } from '#server/base/app-error.ts';
import { may } from '#shared/people.ts';

type Placed = { unit_id: string | null; owner_id: string | null };

/** Whoever distributes cases may handle any; a section its own. A section that helps writes notes. */
export function handles(actor: Pick<Actor, 'roles' | 'unitId' | 'personId'>, found: Placed): boolean {
  if (may(actor.roles, 'inbox.dispatch') || found.owner_id === actor.personId) return true;
  return found.unit_id !== null && found.unit_id === actor.unitId;
}

/**
 * Who learns what the person left to be reached by, their name included: whoever answers cases and handles this one, or whose
 * section helps with it. The form promises no less. A token needs the scope too.
 */
export function seesPerson(actor: Actor, found: Placed, helpers: readonly { unit_id: string }[]): boolean {
  if (!allows(actor, 'inbox.answer')) return false;
  return handles(actor, found) || helpers.some(({ unit_id }) => unit_id === actor.unitId);
}

/** Whoever works in the section that has the case. */
export const isOfSection = (actor: Pick<Actor, 'unitId'>, found: Placed): boolean =>
  found.unit_id !== null && found.unit_id === actor.unitId;

/** @throws {AppError} case-of-others */
export function demandHandler(actor: Pick<Actor, 'roles' | 'unitId' | 'personId'>, found: Placed): void {
  if (!handles(actor, found)) throw new AppError('case-of-others');
}
