import { may, type Permission, type Role } from '#shared/people.ts';
import { AppError } from './app-error.ts';

/** Who acts, as the session or API token says; made once a request. */
export type Actor = {
  personId: string;
  name: string;
  bureauId: string;
  unitId: string;
  unitPath: string;
  roles: readonly Role[];
};

/** Who is written in the audit log for work nobody clicked. */
export type SystemActor = { personId: null; name: string; bureauId: string };

export const systemActor = (bureauId: string): SystemActor => ({ personId: null, name: '系统', bureauId });

/** @throws {AppError} forbidden */
export function demand(actor: Actor, permission: Permission): void {
  if (!may(actor.roles, permission)) throw new AppError('forbidden', { permission });
}
