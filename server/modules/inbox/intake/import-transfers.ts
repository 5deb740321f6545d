import type { z } from 'zod';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { fromWallTime, now, wallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import type { SheetRow } from '#server/base/sheets.ts';
import { record } from '#server/modules/audit/index.ts';
import { listHeldFiles } from '#server/modules/content/index.ts';
import { addDays, loadCalendar } from '#server/modules/planning/index.ts';
import type { importCases, takeInCase } from '#shared/inbox-intake.ts';
import type { RouteReply } from '#shared/route.ts';
import { calendarRange, workingDayAfter } from '../cases/deadline.ts';
import { deriveAnew } from '../cases/merging.ts';
import { insertEvent } from '../cases/store.ts';
import { readTransfer, type TransferRow } from './read-transfer.ts';
import { takeOwnWords } from './take-own.ts';

/**
 * All rows or none: with any problem nothing is taken in. A number that is here already is passed over, so that the same
 * list may come again with more rows.
 * @throws {AppError} sheet-unreadable, sheet-too-large
 */
export async function importTransfersIn(
  app: App,
  tx: Tx,
  actor: Actor,
  sheet: readonly SheetRow[],
): Promise<RouteReply<typeof importCases>> {
  const { rows, problems } = readTransfer(sheet);
  if (problems.length > 0) return { imported: 0, known: [], problems: problems.slice(0, 200) };
  const known: string[] = [];
  // The earliest first, so that their cases are numbered in the order they came.
  for (const row of rows.toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime())) {
    const { source, number, text, kind, contact, due, receivedAt: at } = row;
    const taken = await takeOwnWords(app, tx, {
      ...{ bureauId: actor.bureauId, channel: 'transfer', text, kind, contact, at },
      key: `${source}:${number}`,
      facts: { source, sourceNumber: number },
    });
    if (!taken) known.push(number);
    else if (due)
      await noteGiven(tx, { bureauId: actor.bureauId, caseId: taken.caseId }, { source, at, due });
  }
  const imported = rows.length - known.length;
  const detail = { imported, known: known.length };
  await record(tx, actor, 'cases.imported', { kind: 'case', id: newId() }, detail);
  return { imported, known, problems: [] };
}

/** What the hotline counts by stands in the log of the case, so that its deadline follows from the log alone. */
async function noteGiven(
  tx: Tx,
  caseRef: { bureauId: string; caseId: string },
  { source, at, due }: { source: string; at: Date; due: NonNullable<TransferRow['due']> },
): Promise<void> {
  const { from, to } = calendarRange(at);
  const dueAt =
    due instanceof Date
      ? due
      : workingDayAfter(at, due.workingDays, await loadCalendar(tx, caseRef.bureauId, from, addDays(to, 90)));
  const detail = { dueAt: dueAt.toISOString(), note: `${source}：${wallTime(dueAt)}` };
  await insertEvent(tx, caseRef, 'deadline-given', { at, detail });
  await deriveAnew(tx, caseRef);
}

/** @throws {AppError} not-found when a file is not of this bureau; input-invalid */
export async function takeInCaseIn(
  app: App,
  tx: Tx,
  actor: Actor,
  given: z.output<(typeof takeInCase)['body']>,
): Promise<{ caseId: string }> {
  const { channel, text, kind, name, phone, address, fileIds } = given;
  const at = given.receivedWall === null ? now() : fromWallTime(given.receivedWall);
  if (at > now()) throw new AppError('input-invalid', { problem: '时间在将来 / it lies in the future' });
  const files = await listHeldFiles(app, tx, actor.bureauId, fileIds);
  if (fileIds.some((id) => !files.has(id))) throw new AppError('not-found');
  const taken = await takeOwnWords(app, tx, {
    ...{ bureauId: actor.bureauId, channel, text, kind, at, key: null, fileIds },
    contact: { name, phone, address },
  });
  if (!taken) throw new Error('words without a key are always new');
  await record(tx, actor, 'case.taken-in', { kind: 'case', id: taken.caseId }, { channel });
  return { caseId: taken.caseId };
}
