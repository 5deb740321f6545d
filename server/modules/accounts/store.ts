import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';

export type Hold = { until: Date; reason: string };

export async function listAccountRows(tx: Tx, bureauId: string) {
  return tx
    .selectFrom('accounts')
    .innerJoin('units', (join) =>
      join.onRef('units.bureau_id', '=', 'accounts.bureau_id').onRef('units.id', '=', 'accounts.unit_id'),
    )
    .selectAll('accounts')
    .select('units.name as unit_name')
    .where('accounts.bureau_id', '=', bureauId)
    .orderBy('accounts.created_at')
    .orderBy('accounts.id')
    .execute();
}

/** For work that comes from outside with nothing but an account id (pushes). Worker scope. */
export async function findAccountAnywhere(tx: Tx, accountId: string) {
  return tx.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst();
}

/** Of all bureaus. Worker scope. */
export async function listActiveAccounts(tx: Tx, platforms: readonly string[]) {
  const rows = await tx
    .selectFrom('accounts')
    .select(['bureau_id', 'id'])
    .where('state', '=', 'active')
    .where('platform', '=', sql<string>`any(${platforms}::text[])`)
    .execute();
  return rows.map(({ bureau_id, id }) => ({ bureauId: bureau_id, accountId: id }));
}

export async function findAccount(tx: Tx, bureauId: string, accountId: string) {
  return tx
    .selectFrom('accounts')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('id', '=', accountId)
    .executeTakeFirst();
}

/**
 * Accounts and all that is sealed for them, in one round trip: every call to a platform begins with it. In any order;
 * an account that does not exist is left out.
 */
export async function findAccountsWithSecrets(
  tx: Tx,
  asked: readonly { bureauId: string; accountId: string }[],
) {
  const rows = await tx
    .selectFrom('accounts')
    .selectAll()
    .select(
      sql<{ name: string; sealed: string; expires_at: string | null }[]>`(
        select coalesce(json_agg(json_build_object(
                 'name', s.name, 'sealed', encode(s.sealed, 'hex'), 'expires_at', s.expires_at)), '[]')
        from account_secrets s
        where s.bureau_id = accounts.bureau_id and s.account_id = accounts.id)`.as('secrets'),
    )
    .where(
      sql<boolean>`(bureau_id, id) in (
        select * from unnest(${asked.map((one) => one.bureauId)}::uuid[], ${asked.map((one) => one.accountId)}::uuid[]))`,
    )
    .execute();
  return rows.map(({ secrets, ...account }) => ({
    account,
    secrets: secrets.map(({ name, sealed, expires_at }) => ({
      name,
      sealed: Buffer.from(sealed, 'hex'),
      expires_at: expires_at === null ? null : new Date(expires_at),
    })),
  }));
}

export async function insertAccount(
  tx: Tx,
  row: {
    bureau_id: string;
    id: string;
    unit_id: string;
    platform: string;
    name: string;
    settings: Record<string, string>;
  },
): Promise<void> {
  await tx
    .insertInto('accounts')
    .values({ ...row, settings: JSON.stringify(row.settings) })
    .execute();
}

export async function updateAccountRow(
  tx: Tx,
  bureauId: string,
  accountId: string,
  change: { name?: string; state?: string; state_reason?: string | null; settings?: string },
  /** Only when the account is in this state. */
  from?: string,
): Promise<void> {
  await tx
    .updateTable('accounts')
    .set(change)
    .where('bureau_id', '=', bureauId)
    .where('id', '=', accountId)
    .$if(from !== undefined, (query) => query.where('state', '=', from!))
    .execute();
}

export async function listSecrets(tx: Tx, bureauId: string, accountId: string) {
  return tx
    .selectFrom('account_secrets')
    .select(['name', 'sealed', 'expires_at'])
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .execute();
}

export async function listSecretNames(tx: Tx, bureauId: string) {
  return tx
    .selectFrom('account_secrets')
    .select(['account_id', 'name', 'expires_at'])
    .where('bureau_id', '=', bureauId)
    .execute();
}

export async function putSecret(
  tx: Tx,
  row: { bureau_id: string; account_id: string; name: string; sealed: Buffer; expires_at: Date | null },
): Promise<void> {
  await tx
    .insertInto('account_secrets')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['bureau_id', 'account_id', 'name'])
        .doUpdateSet({ sealed: row.sealed, expires_at: row.expires_at, updated_at: sql<Date>`now()` }),
    )
    .execute();
}

export async function deleteSecret(
  tx: Tx,
  bureauId: string,
  accountId: string,
  name: string,
  sealed: Buffer,
): Promise<void> {
  await tx
    .deleteFrom('account_secrets')
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .where('name', '=', name)
    .where('sealed', '=', sealed)
    .execute();
}

/**
 * By the database's clock: holds that are still running, and subjects whose failures are being counted (their breaker
 * is half open, or open).
 */
export async function findHolds(
  tx: Tx,
  subjects: readonly string[],
): Promise<{ holds: Map<string, Hold>; failing: Set<string> }> {
  const rows = await tx
    .selectFrom('call_holds')
    .select(['subject', 'until', 'reason', 'failures'])
    .select(sql<boolean>`until > clock_timestamp()`.as('running'))
    .where('subject', '=', sql<string>`any(${subjects}::text[])`)
    .execute();
  const running = rows.filter((row) => row.running);
  return {
    holds: new Map(running.map(({ subject, until, reason }) => [subject, { until, reason }])),
    failing: new Set(rows.filter((row) => row.failures > 0).map((row) => row.subject)),
  };
}

/** The longest hold over any of the subjects that is still running, by the database's clock. */
export async function findHold(tx: Tx, subjects: readonly string[]): Promise<Hold | null> {
  const { holds } = await findHolds(tx, subjects);
  return [...holds.values()].toSorted((a, b) => b.until.getTime() - a.until.getTime())[0] ?? null;
}

/** Calls of this subject wait; a longer hold is never shortened. */
export async function holdCalls(
  tx: Tx,
  subject: string,
  milliseconds: number,
  reason: string,
): Promise<void> {
  await sql`
    insert into call_holds as h (subject, until, reason)
    values (${subject}, clock_timestamp() + make_interval(secs => ${milliseconds / 1000}), ${reason})
    on conflict (subject) do update set
      until = greatest(h.until, excluded.until), reason = excluded.reason, updated_at = now()`.execute(tx);
}

/**
 * The circuit breaker: counts consecutive failures of a subject and holds its calls from the third on, 60 s, doubling
 * to 10 minutes. One success closes it.
 */
export async function countCallFailure(tx: Tx, subject: string, reason: string): Promise<void> {
  await sql`
    insert into call_holds as h (subject, until, reason, failures) values (${subject}, 'epoch', ${reason}, 1)
    on conflict (subject) do update set
      failures = h.failures + 1,
      reason = excluded.reason,
      until = case when h.failures + 1 >= 3
        then greatest(h.until, clock_timestamp() + least(interval '10 minutes', interval '60 seconds' * power(2, least(h.failures - 2, 6))))
        else h.until end,
      updated_at = now()`.execute(tx);
}

export async function countCallSuccess(tx: Tx, ...subjects: string[]): Promise<void> {
  await tx
    .updateTable('call_holds')
    .set({ failures: 0 })
    .where('subject', 'in', subjects)
    .where('failures', '>', 0)
    .execute();
}
