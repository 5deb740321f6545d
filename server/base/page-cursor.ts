/** Lists page after page: a page ends at its last row's exact time and id, and the next one begins behind it. */
import { type RawBuilder, sql } from 'kysely';
import { AppError } from './app-error.ts';

export type PageEnd = { at: string; id: string };

const shape = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** @throws {AppError} input-invalid for anything that no page ever gave */
export function readCursor(cursor: string | undefined): PageEnd | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id] = shape.exec(cursor) ?? [];
  if (!at || !id)
    throw new AppError('input-invalid', { problem: '翻页位置无效 / the cursor is not one of ours' });
  return { at, id };
}

/** @param rows each with `exact` by `exactMoment`; null: the list ends here */
export function nextCursor(rows: readonly { exact: string; id: string }[], pageSize: number): string | null {
  const last = rows.at(-1);
  return rows.length === pageSize && last ? `${last.exact}_${last.id}` : null;
}

/** With the microseconds that JavaScript's Date would cut off: two rows of one millisecond must not be mixed up. */
export const exactMoment = (column: string): RawBuilder<string> =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** For lists with the newest first. */
export const isBefore = (end: PageEnd, column: string, id: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(column)}, ${sql.ref(id)}) < (${end.at}::timestamptz, ${end.id}::uuid)`;
