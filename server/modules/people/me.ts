import { type Actor, allows } from '#server/base/actor.ts';
import type { Tx } from '#server/base/database.ts';
import { type Me, permissions, type Role } from '#shared/people.ts';
import { dutiesOf, type Policy } from './duties.ts';
import { findBureau, findStanding, listMembershipsOf } from './store.ts';

export async function describeMe(
  tx: Tx,
  who: Pick<Actor, 'personId' | 'name' | 'bureauId' | 'unitId' | 'token'>,
): Promise<Me> {
  const memberships = await listMembershipsOf(tx, who.personId);
  const here = memberships.filter((row) => row.bureau_id === who.bureauId && row.unit_id === who.unitId);
  const roles = here.map((row) => row.role as Role);
  const bureau = await findBureau(tx, who.bureauId);
  const person = await findStanding(tx, who.personId);
  const actor: Actor = { ...who, unitPath: here[0]?.unit_path ?? '', roles };
  return {
    personId: who.personId,
    name: who.name,
    login: person.login,
    roles,
    permissions: permissions.filter((permission) => allows(actor, permission)),
    unit: { id: who.unitId, name: here[0]?.unit_name ?? '' },
    bureau: { id: bureau.id, name: bureau.name, shortName: bureau.short_name, slug: bureau.slug },
    demonstration: bureau.policy === 'relaxed',
    duties: who.token ? [] : dutiesOf(bureau.policy as Policy, person),
    memberships: memberships
      .filter((row) => row.bureau_id === who.bureauId)
      .map((row) => ({ id: row.id, unitName: row.unit_name, role: row.role as Role })),
  };
}
