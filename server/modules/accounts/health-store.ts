import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import type { AccountAbility, Grant } from '#shared/abilities.ts';

type Ids = { bureauId: string; accountId: string };

export async function insertHealth(tx: Tx, { bureauId, accountId }: Ids): Promise<void> {
  await tx.insertInto('account_health').values({ bureau_id: bureauId, account_id: accountId }).execute();
}

export async function listHealth(tx: Tx, bureauId: string) {
  return tx.selectFrom('account_health').selectAll().where('bureau_id', '=', bureauId).execute();
}

/**
 * One at a time over an account's grant, across processes: whoever renews or stores a new grant holds this row to its commit.
 * @param wait false: null when another holds it
 */
export async function lockHealth(tx: Tx, { bureauId, accountId }: Ids, wait: boolean) {
  let query = tx
    .selectFrom('account_health')
    .selectAll()
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .forUpdate();
  if (!wait) query = query.skipLocked();
  return (await query.executeTakeFirst()) ?? null;
}

/** A good probe replaces what was known; a bad one leaves it and says why. */
export async function saveProbe(
  tx: Tx,
  { bureauId, accountId }: Ids,
  probe:
    | { result: 'ok'; grants: Partial<Record<AccountAbility, Grant>>; notes: readonly string[] }
    | { result: string; code: string | null },
  nextMs: number,
): Promise<void> {
  const learned =
    'grants' in probe
      ? { grants: JSON.stringify(probe.grants), notes: [...probe.notes], probe_code: null }
      : { probe_code: probe.code };
  await tx
    .updateTable('account_health')
    .set({
      ...learned,
      probe_result: probe.result,
      probed_at: sql<Date>`clock_timestamp()`,
      next_probe_at: sql<Date>`clock_timestamp() + make_interval(secs => ${nextMs / 1_000})`,
    })
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .execute();
}

/** Takes accounts whose daily probe is due; another process leaves them alone for a quarter of an hour. */
export async function claimProbes(tx: Tx, limit: number): Promise<Ids[]> {
  const { rows } = await sql<{ bureau_id: string; account_id: string }>`
    update account_health h set next_probe_at = clock_timestamp() + interval '15 minutes'
    from (
      select d.bureau_id, d.account_id from account_health d
      join accounts a on a.bureau_id = d.bureau_id and a.id = d.account_id
      where d.next_probe_at <= clock_timestamp() and a.state in ('active', 'sign-in-again')
      order by d.next_probe_at
      limit ${limit}
      for update of d skip locked) due
    where h.bureau_id = due.bureau_id and h.account_id = due.account_id
    returning h.bureau_id, h.account_id`.execute(tx);
  return rows.map((row) => ({ bureauId: row.bureau_id, accountId: row.account_id }));
}

/** Probes an account soon, unless it was probed since the given moment or is about to be. */
export async function hastenProbe(tx: Tx, { bureauId, accountId }: Ids, since: Date): Promise<void> {
  await sql`
    update account_health set next_probe_at = clock_timestamp()
    where bureau_id = ${bureauId} and account_id = ${accountId}
      and (probed_at is null or probed_at < ${since}) and next_probe_at > clock_timestamp() + interval '15 minutes'`.execute(
    tx,
  );
}

/** Active accounts whose grant has an end within the horizon, or could be renewed; with all that decides about it. */
export async function listEnding(tx: Tx, horizonMs: number, bureauId: string | null) {
  const { rows } = await sql<{
    bureau_id: string;
    account_id: string;
    name: string;
    platform: string;
    expires_at: Date;
    renewable_until: Date | null;
    renew_tries: number;
    next_renew_at: Date | null;
  }>`
    select a.bureau_id, a.id as account_id, a.name, a.platform, s.expires_at,
           h.renewable_until, h.renew_tries, h.next_renew_at
    from accounts a
    join account_health h on h.bureau_id = a.bureau_id and h.account_id = a.id
    join lateral (
      select min(expires_at) as expires_at from account_secrets s
      where s.bureau_id = a.bureau_id and s.account_id = a.id and s.name not like 'token:%') s on s.expires_at is not null
    where a.state = 'active' and (${bureauId}::uuid is null or a.bureau_id = ${bureauId}::uuid)
      and least(s.expires_at, h.renewable_until) <= clock_timestamp() + make_interval(secs => ${horizonMs / 1_000})`.execute(
    tx,
  );
  return rows;
}

export async function saveRenewal(
  tx: Tx,
  { bureauId, accountId }: Ids,
  renewableUntil: Date | null,
): Promise<void> {
  await tx
    .updateTable('account_health')
    .set({
      renewable_until: renewableUntil,
      renewed_at: sql<Date>`clock_timestamp()`,
      renew_tries: 0,
      renew_error: null,
      next_renew_at: null,
    })
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .execute();
}

/** It says nothing of the grant: tried again later. */
export async function postponeRenewal(
  tx: Tx,
  { bureauId, accountId }: Ids,
  error: string,
  afterMs: number,
): Promise<void> {
  await tx
    .updateTable('account_health')
    .set({
      renew_tries: sql<number>`renew_tries + 1`,
      renew_error: error,
      next_renew_at: sql<Date>`clock_timestamp() + make_interval(secs => ${afterMs / 1_000})`,
    })
    .where('bureau_id', '=', bureauId)
    .where('account_id', '=', accountId)
    .execute();
}
