import { expect, test } from 'vitest';
import { AppError } from './app-error.ts';
import { isDataError, isOutage } from './database-errors.ts';

const withCode = (code: string, error = new Error('no words')) => Object.assign(error, { code });

test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])(
  'the network’s %s is an outage',
  (code) => expect(isOutage(withCode(code))).toBe(true),
);
test.each(['08006', '40P01', '40001', '53300', '57P01', '57014', '25P02'])(
  'what PostgreSQL says of all (%s) is an outage',
  (code) => expect(isOutage(withCode(code))).toBe(true),
);

test.each([
  ['a mistake of ours in a call of Node', withCode('ERR_INVALID_ARG_TYPE', new TypeError())],
  ['a file that is not there', withCode('ENOENT')],
  [
    'words about a connection alone',
    new TypeError("Cannot read properties of undefined (reading 'connection')"),
  ],
  ['a trigger that refuses one row', withCode('P0001')],
  ['a column that is not there', withCode('42703')],
  ['a value that does not fit', withCode('22021')],
  ['a refusal of our own', new AppError('not-found')],
])('%s is none: it is the same at every try', (_what, error) => expect(isOutage(error)).toBe(false));

test('without a code it goes by the driver’s words, and in our words it stays what it was', () => {
  expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isOutage(new AppError('database-unavailable'))).toBe(true);
});

test('data errors are those of one row', () => {
  expect([withCode('22021'), withCode('23505')].map(isDataError)).toEqual([true, true]);
  expect([withCode('2'), withCode('40P01'), new Error('x'), null].map(isDataError)).toEqual(
    Array(4).fill(false),
  );
});
