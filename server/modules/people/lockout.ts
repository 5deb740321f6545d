import { sql } from 'kysely';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';

/** 等保 default: five failures within fifteen minutes lock for fifteen minutes; an address gets ten times as many. */
const limits = { login: 5, address: 50 } as const;
const windowMinutes = 15;

export type LockSubject = { kind: keyof typeof limits; value: string };

const keyOf = (subject: LockSubject) => `${subject.kind}:${subject.value}`;

/**
 * Counts the attempt as failed before the password is looked at; `forgiveAttempt` takes it back after a right one.
 * Counting, locking and the question whether it is locked are one statement on one row, so that of many guesses sent at
 * once no more than the limit are ever checked.
 * @throws {AppError} sign-in-locked
 */
export async function countAttempt(tx: Tx, subject: LockSubject): Promise<void> {
  const fresh = sql<boolean>`f.window_start >= now() - make_interval(mins => ${windowMinutes})`;
  const { rows } = await sql`
    insert into sign_in_failures as f (subject, failures, window_start)
    values (${keyOf(subject)}, 1, now())
    on conflict (subject) do update set
      failures = case when ${fresh} then f.failures + 1 else 1 end,
      window_start = case when ${fresh} then f.window_start else now() end,
      locked_until = case when ${fresh} and f.failures + 1 >= ${limits[subject.kind]}
        then now() + make_interval(mins => ${windowMinutes}) else f.locked_until end
    where f.locked_until is null or f.locked_until <= now()
    returning f.subject`.execute(tx);
  if (rows.length === 0) throw await describeLock(tx, subject);
}

async function describeLock(tx: Tx, subject: LockSubject): Promise<AppError> {
  const row = await tx
    .selectFrom('sign_in_failures')
    .select(sql<number>`extract(epoch from locked_until - now())`.as('seconds'))
    .where('subject', '=', keyOf(subject))
    .executeTakeFirst();
  const seconds = Math.max(1, Math.ceil(Number(row?.seconds ?? 1)));
  return new AppError('sign-in-locked', { minutes: Math.ceil(seconds / 60), seconds });
}

/** Signed in: the login's count is forgotten, the address gets back this one attempt. */
export async function forgiveAttempt(tx: Tx, login: LockSubject, address: LockSubject): Promise<void> {
  await forgetFailures(tx, login);
  await takeBackAttempt(tx, address);
}

export async function forgetFailures(tx: Tx, subject: LockSubject): Promise<void> {
  await tx.deleteFrom('sign_in_failures').where('subject', '=', keyOf(subject)).execute();
}

/**
 * This one attempt was no failure, those before it stay counted: a right password must not wash away wrong codes, or codes
 * could be guessed without end.
 */
export async function takeBackAttempt(tx: Tx, subject: LockSubject): Promise<void> {
  await sql`
    update sign_in_failures set
      failures = greatest(failures - 1, 0),
      locked_until = case when failures - 1 < ${limits[subject.kind]} then null else locked_until end
    where subject = ${keyOf(subject)}`.execute(tx);
}
