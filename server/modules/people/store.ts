import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { Colleague, Role, Unit } from '#shared/people.ts';

export async function findPersonByLogin(tx: Tx, login: string) {
  return tx.selectFrom('people').selectAll().where('login', '=', login).executeTakeFirst();
}

/** How a person stands with the policy profile. */
export async function findStanding(
  tx: Tx,
  personId: string,
): Promise<{
  login: string;
  passwordChosen: boolean;
  secondFactor: boolean;
}> {
  const row = await tx
    .selectFrom('people')
    .leftJoin('second_factors', 'second_factors.person_id', 'people.id')
    .select(['login', 'password_chosen_at', 'confirmed_at'])
    .where('people.id', '=', personId)
    .executeTakeFirstOrThrow();
  return {
    login: row.login,
    passwordChosen: row.password_chosen_at !== null,
    secondFactor: row.confirmed_at !== null,
  };
}

/** Memberships in force now, the earliest first. */
export async function listMembershipsOf(tx: Tx, personId: string) {
  return tx
    .selectFrom('memberships')
    .innerJoin('units', (join) =>
      join
        .onRef('units.bureau_id', '=', 'memberships.bureau_id')
        .onRef('units.id', '=', 'memberships.unit_id'),
    )
    .select([
      'memberships.id',
      'memberships.bureau_id',
      'memberships.role',
      'memberships.unit_id',
      'units.name as unit_name',
      'units.path as unit_path',
    ])
    .where('person_id', '=', personId)
    .where('starts_at', '<=', sql<Date>`now()`)
    .where((or) => or.or([or('ends_at', 'is', null), or('ends_at', '>', sql<Date>`now()`)]))
    .orderBy('memberships.starts_at')
    .orderBy('memberships.id')
    .execute();
}

export async function findSession(tx: Tx, tokenHash: Buffer) {
  return tx
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person_id')
    .innerJoin('memberships', (join) =>
      join
        .onRef('memberships.bureau_id', '=', 'sessions.bureau_id')
        .onRef('memberships.id', '=', 'sessions.membership_id'),
    )
    .innerJoin('units', (join) =>
      join
        .onRef('units.bureau_id', '=', 'memberships.bureau_id')
        .onRef('units.id', '=', 'memberships.unit_id'),
    )
    .innerJoin('bureau_settings', 'bureau_settings.bureau_id', 'sessions.bureau_id')
    .leftJoin('second_factors', 'second_factors.person_id', 'sessions.person_id')
    .select([
      'sessions.person_id',
      'sessions.bureau_id',
      'sessions.membership_id',
      'sessions.last_seen_at',
      'bureau_settings.policy',
      'people.name',
      'people.password_chosen_at',
      'second_factors.confirmed_at as second_factor_at',
      'memberships.unit_id',
      'units.path as unit_path',
      sql<string[]>`array(
        select m.role from memberships m
        where m.bureau_id = sessions.bureau_id and m.person_id = sessions.person_id and m.unit_id = memberships.unit_id
          and m.starts_at <= now() and (m.ends_at is null or m.ends_at > now()))`.as('roles'),
    ])
    .where('token_hash', '=', tokenHash)
    .where('sessions.expires_at', '>', sql<Date>`now()`)
    .where('people.disabled_at', 'is', null)
    .where((or) =>
      or.or([or('memberships.ends_at', 'is', null), or('memberships.ends_at', '>', sql<Date>`now()`)]),
    )
    .executeTakeFirst();
}

export async function touchSession(tx: Tx, tokenHash: Buffer, idleMinutes: number): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({
      last_seen_at: sql<Date>`now()`,
      // The idle limit moves with use; the absolute limit of twelve hours does not.
      expires_at: sql<Date>`least(now() + make_interval(mins => ${idleMinutes}), created_at + interval '12 hours')`,
    })
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** A token that is neither revoked nor expired, of a person who is not disabled. */
export async function findToken(tx: Tx, tokenHash: Buffer) {
  return tx
    .selectFrom('api_tokens')
    .innerJoin('people', 'people.id', 'api_tokens.created_by')
    .select([
      'api_tokens.bureau_id',
      'api_tokens.id',
      'api_tokens.name',
      'api_tokens.scopes',
      'api_tokens.created_by',
      'people.name as person_name',
    ])
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .where((or) => or.or([or('expires_at', 'is', null), or('expires_at', '>', sql<Date>`now()`)]))
    .where('people.disabled_at', 'is', null)
    .executeTakeFirst();
}

/** Writes at most once a minute: a program may call many times a second. */
export async function touchToken(tx: Tx, token: { bureau_id: string; id: string }): Promise<void> {
  const aMinuteAgo = sql<Date>`now() - interval '1 minute'`;
  await tx
    .updateTable('api_tokens')
    .set({ last_used_at: sql<Date>`now()` })
    .where('bureau_id', '=', token.bureau_id)
    .where('id', '=', token.id)
    .where((or) => or.or([or('last_used_at', 'is', null), or('last_used_at', '<', aMinuteAgo)]))
    .execute();
}

export async function listOpenSessions(tx: Tx, personId: string) {
  return tx
    .selectFrom('sessions')
    .select(['token_hash', 'created_at', 'last_seen_at', 'address', 'agent'])
    .where('person_id', '=', personId)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('last_seen_at', 'desc')
    .execute();
}

export async function findBureau(tx: Tx, bureauId: string) {
  return tx
    .selectFrom('units')
    .innerJoin('bureau_settings', 'bureau_settings.bureau_id', 'units.id')
    .select(['units.id', 'units.name', 'units.short_name', 'bureau_settings.slug', 'bureau_settings.policy'])
    .where('units.bureau_id', '=', bureauId)
    .where('units.id', '=', bureauId)
    .executeTakeFirstOrThrow();
}

/** Every bureau; the worker's role asks. */
export async function listBureauIds(tx: Tx): Promise<string[]> {
  const rows = await tx.selectFrom('bureau_settings').select('bureau_id').orderBy('bureau_id').execute();
  return rows.map((row) => row.bureau_id);
}

export async function listUnitsOf(tx: Tx, bureauId: string): Promise<Unit[]> {
  const rows = await tx
    .selectFrom('units')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .orderBy('path')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    parentId: row.parent_id,
    kind: row.kind as Unit['kind'],
    name: row.name,
    shortName: row.short_name,
    fields: row.fields,
  }));
}

/** The person's bureaus now. */
export async function listBureausOf(tx: Tx, personId: string): Promise<string[]> {
  return [...new Set((await listMembershipsOf(tx, personId)).map((row) => row.bureau_id))];
}

/**
 * @param chosen by its owner; else the program made it
 * @param expected the hash it replaces, where it must not have changed meanwhile
 * @returns whether it was replaced
 */
export async function setPassword(
  tx: Tx,
  personId: string,
  hash: string,
  { chosen, expected }: { chosen: boolean; expected?: string },
): Promise<boolean> {
  let update = tx
    .updateTable('people')
    .set({ password_hash: hash, password_chosen_at: chosen ? sql<Date>`now()` : null })
    .where('id', '=', personId);
  if (expected !== undefined) update = update.where('password_hash', '=', expected);
  return (await update.executeTakeFirst()).numUpdatedRows === 1n;
}

export async function getPerson(tx: Tx, personId: string) {
  return tx.selectFrom('people').selectAll().where('id', '=', personId).executeTakeFirstOrThrow();
}

export async function listColleaguesOf(tx: Tx, bureauId: string): Promise<Colleague[]> {
  const rows = await tx
    .selectFrom('memberships')
    .innerJoin('people', 'people.id', 'memberships.person_id')
    .innerJoin('units', (join) =>
      join
        .onRef('units.bureau_id', '=', 'memberships.bureau_id')
        .onRef('units.id', '=', 'memberships.unit_id'),
    )
    .select([
      'people.id',
      'people.name',
      'people.login',
      'people.disabled_at',
      'memberships.unit_id',
      'memberships.role',
      'units.name as unit_name',
    ])
    .where('memberships.bureau_id', '=', bureauId)
    .where((or) => or.or([or('ends_at', 'is', null), or('ends_at', '>', sql<Date>`now()`)]))
    .orderBy('people.login')
    .execute();
  const people = new Map<string, Colleague>();
  for (const row of rows) {
    const person = people.get(row.id) ?? {
      id: row.id,
      name: row.name,
      login: row.login,
      disabled: row.disabled_at !== null,
      memberships: [],
    };
    person.memberships.push({ unitId: row.unit_id, unitName: row.unit_name, role: row.role as Role });
    people.set(row.id, person);
  }
  return [...people.values()];
}

export async function findPeopleNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('people')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** People who hold a role in the bureau now. */
export async function listHoldersOf(
  tx: Tx,
  bureauId: string,
  role: Role,
): Promise<{ id: string; name: string }[]> {
  return peopleNow(tx, bureauId).where('memberships.role', '=', role).execute();
}

/** People who work in a unit now; not those of the units below it. */
export async function listMembersOf(
  tx: Tx,
  bureauId: string,
  unitId: string,
): Promise<{ id: string; name: string }[]> {
  return peopleNow(tx, bureauId).where('memberships.unit_id', '=', unitId).execute();
}

/** Of these people those who work in the bureau now: who has left, or may no longer sign in, is not among them. */
export async function listWorkingOf(
  tx: Tx,
  bureauId: string,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return [];
  return peopleNow(tx, bureauId)
    .where('people.id', 'in', [...new Set(ids)])
    .execute();
}

/** Everybody who may work and has a membership that has not ended, by name. */
const peopleNow = (tx: Tx, bureauId: string) =>
  tx
    .selectFrom('memberships')
    .innerJoin('people', 'people.id', 'memberships.person_id')
    .select(['people.id', 'people.name'])
    .distinct()
    .where('memberships.bureau_id', '=', bureauId)
    .where('people.disabled_at', 'is', null)
    .where((or) => or.or([or('ends_at', 'is', null), or('ends_at', '>', sql<Date>`now()`)]))
    .orderBy('people.name');
