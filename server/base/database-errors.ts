/** What an error says of those beside it: whether another try, another row or another transaction can do better. */
import { AppError } from './app-error.ts';

/** What a person is told as "no database just now". */
const unavailable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08003',
  '53300',
  '53100',
  '25006',
  // A deadlock undid all of it: the same again will go through.
  '40P01',
]);

/** What the driver says without a code: cut in a query, cut before the rollback, no connection to be had. */
const unavailableWords = /Connection terminated|not queryable|timeout exceeded when trying to connect/;

/** By name: `ERR_…` is what Node calls a mistake in our own code, and that is the same at every try. */
const networkCodes = new Set([
  ...['ECONNABORTED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
]);

/**
 * SQLSTATE classes of the server and of the transaction as a whole: connection, transaction state, rollback, resources,
 * operator, system. The others speak of one statement.
 */
const wholeClasses = /^(?:08|25|40|53|57|58)[0-9A-Z]{3}$/;

const codeOf = (error: unknown): string | null => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
};

export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  return (
    (code !== null && unavailable.has(code)) ||
    (error instanceof Error && unavailableWords.test(error.message))
  );
}

/** The database or the way to it, and nobody's own fault: the transaction is lost, and the whole of it is done again. */
export function isOutage(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'database-unavailable';
  const code = codeOf(error);
  return isUnavailable(error) || (code !== null && (networkCodes.has(code) || wholeClasses.test(code)));
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint): the row's own fault, the same at every try. */
export const isDataError = (error: unknown): boolean => /^2[23][0-9A-Z]{3}$/.test(codeOf(error) ?? '');

/** PostgreSQL chose this transaction to end, so that two which waited for each other could go on. */
export function isDeadlock(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return [error, cause].some((one) => codeOf(one) === '40P01');
}
