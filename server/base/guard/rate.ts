/**
 * How often something may be done from outside: one row a subject, one statement a try, so that any number of processes
 * count together. A subject never holds an address in the clear.
 */
import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { networkOf } from '../addresses.ts';
import type { App } from '../app.ts';
import { AppError } from '../app-error.ts';
import { now, wallDate } from '../clock.ts';
import type { Tx } from '../database.ts';

export type Allowance = { purpose: string; limit: number; windowMs: number };

/**
 * What stands for an address in the table of rates: it changes with the day and with the installation, so that nobody can
 * follow a person by it. An IPv6 address counts by its /64, which one subscriber has for themselves.
 */
export function maskAddress(app: Pick<App, 'sealer'>, address: string): string {
  return createHmac('sha256', app.sealer.derive('public rates'))
    .update(`${wallDate(now())} ${networkOf(address)}`)
    .digest('base64url');
}

/**
 * Uses one of the allowance up. The window begins with the first use and slides by whole windows.
 * @throws {AppError} too-many-tries, with the minutes to wait
 */
export async function spend(tx: Tx, subject: string, { purpose, limit, windowMs }: Allowance): Promise<void> {
  const { rows } = await sql<{ used: number; wait: number }>`
    insert into public_rates as r (subject, window_start, used)
    values (${`${purpose}:${subject}`}, clock_timestamp(), 1)
    on conflict (subject) do update set
      used = case when r.window_start + make_interval(secs => ${windowMs / 1000}) <= clock_timestamp() then 1 else r.used + 1 end,
      window_start = case when r.window_start + make_interval(secs => ${windowMs / 1000}) <= clock_timestamp()
        then clock_timestamp() else r.window_start end
    returning used, ceil(extract(epoch from window_start + make_interval(secs => ${windowMs / 1000}) - clock_timestamp()))::int as wait`.execute(
    tx,
  );
  const { used, wait } = rows[0]!;
  if (used > limit) throw new AppError('too-many-tries', { minutes: Math.max(1, Math.ceil(wait / 60)) });
}

/** Whether something of the allowance is left, without using it. */
export async function hasLeft(
  tx: Tx,
  subject: string,
  { purpose, limit, windowMs }: Allowance,
): Promise<boolean> {
  const { rows } = await sql<{ over: boolean }>`
    select used >= ${limit} as over from public_rates
    where subject = ${`${purpose}:${subject}`}
      and window_start + make_interval(secs => ${windowMs / 1000}) > clock_timestamp()`.execute(tx);
  return !(rows[0]?.over ?? false);
}

/** Rates of past days and proofs that no longer count. */
export async function forgetOldGuards(tx: Tx): Promise<void> {
  await sql`delete from public_rates where window_start < clock_timestamp() - interval '2 days'`.execute(tx);
  await sql`delete from spent_proofs where expires_at < clock_timestamp()`.execute(tx);
}
