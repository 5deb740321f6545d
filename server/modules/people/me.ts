import type { Actor } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import { type Me, type Permission, type Role, rolePermissions } from '#shared/people.ts';
import { findBureau, listMembershipsOf } from './store.ts';

export async function describeMe(
  tx: Tx,
  who: Pick<Actor, 'personId' | 'name' | 'bureauId' | 'unitId'>,
): Promise<Me> {
  const memberships = await listMembershipsOf(tx, who.personId);
  const here = memberships.filter((row) => row.bureau_id === who.bureauId && row.unit_id === who.unitId);
  const roles = here.map((row) => row.role as Role);
  const bureau = await findBureau(tx, who.bureauId);
  const person = await tx
    .selectFrom('people')
    .select('login')
    .where('id', '=', who.personId)
    .executeTakeFirstOrThrow();
  const permissions = new Set<Permission>(roles.flatMap((role) => rolePermissions[role]));
  return {
    personId: who.personId,
    name: who.name,
    login: person.login,
    roles,
    permissions: [...permissions],
    unit: { id: who.unitId, name: here[0]?.unit_name ?? '' },
    bureau: { id: bureau.id, name: bureau.name, shortName: bureau.short_name, slug: bureau.slug },
    demonstration: bureau.policy === 'relaxed',
    memberships: memberships
      .filter((row) => row.bureau_id === who.bureauId)
      .map((row) => ({ id: row.id, unitName: row.unit_name, role: row.role as Role })),
  };
}
