import { sql } from 'kysely';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';

/** 等保 default: five failures within fifteen minutes lock for fifteen minutes; an address gets ten times as many. */
const limits = { login: 5, address: 50 } as const;
const windowMinutes = 15;

export type LockSubject = { kind: keyof typeof limits; value: string };

const keyOf = (subject: LockSubject) => `${subject.kind}:${subject.value}`;

/** @throws {AppError} sign-in-locked */
export async function refuseLocked(tx: Tx, subjects: readonly LockSubject[]): Promise<void> {
  const row = await tx
    .selectFrom('sign_in_failures')
    .select(sql<number>`extract(epoch from max(locked_until) - now())`.as('seconds'))
    .where('subject', 'in', subjects.map(keyOf))
    .where('locked_until', '>', sql<Date>`now()`)
    .executeTakeFirst();
  const seconds = Math.ceil(Number(row?.seconds ?? 0));
  if (seconds > 0) throw new AppError('sign-in-locked', { minutes: Math.ceil(seconds / 60), seconds });
}

/** Counts one failure; the counting and the locking are one statement, so that parallel guesses can't slip through. */
export async function countFailure(tx: Tx, subject: LockSubject): Promise<void> {
  await sql`
    insert into sign_in_failures as f (subject, failures, window_start)
    values (${keyOf(subject)}, 1, now())
    on conflict (subject) do update set
      failures = case when f.window_start < now() - make_interval(mins => ${windowMinutes}) then 1 else f.failures + 1 end,
      window_start = case when f.window_start < now() - make_interval(mins => ${windowMinutes}) then now() else f.window_start end,
      locked_until = case
        when f.window_start >= now() - make_interval(mins => ${windowMinutes}) and f.failures + 1 >= ${limits[subject.kind]}
        then now() + make_interval(mins => ${windowMinutes}) else f.locked_until end
  `.execute(tx);
}

export async function forgetFailures(tx: Tx, subject: LockSubject): Promise<void> {
  await tx.deleteFrom('sign_in_failures').where('subject', '=', keyOf(subject)).execute();
}
