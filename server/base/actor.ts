import { type Duty, may, type Permission, type Role } from '#shared/people.ts';
import { AppError } from './app-error.ts';

/** Who acts, as the session or API token says; made once a request. */
export type Actor = {
  personId: string;
  /** As the audit log shows it; a token's actor carries the token's name too. */
  name: string;
  bureauId: string;
  unitId: string;
  unitPath: string;
  roles: readonly Role[];
  /** What this person must do before anything else (policy profile); absent: nothing. */
  duties?: readonly Duty[];
  /** Set when a program acts by an API token: it may do what its scopes and its maker's roles both allow. */
  token?: { id: string; scopes: readonly Permission[] };
};

/** Who is written in the audit log for work nobody clicked. */
export type SystemActor = { personId: null; name: string; bureauId: string };

export const systemActor = (bureauId: string): SystemActor => ({ personId: null, name: '系统', bureauId });

/** Ask this, not the roles alone: a token's scopes narrow them. */
export function allows(actor: Actor, permission: Permission): boolean {
  return may(actor.roles, permission) && (actor.token?.scopes.includes(permission) ?? true);
}

/** @throws {AppError} password-change-needed, second-factor-setup-needed */
export function demandNoDuties(actor: Actor): void {
  if (actor.duties?.includes('change-password')) throw new AppError('password-change-needed');
  if (actor.duties?.includes('set-up-second-factor')) throw new AppError('second-factor-setup-needed');
}

/** @throws {AppError} forbidden; password-change-needed, second-factor-setup-needed while a duty is open */
export function demand(actor: Actor, permission: Permission): void {
  demandNoDuties(actor);
  if (!allows(actor, permission)) throw new AppError('forbidden', { permission });
}
