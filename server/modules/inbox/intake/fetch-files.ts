/**
 * Fetches what people sent in private messages before the platform forgets it. Repeatable: a lost answer is asked for again, and
 * the file is there with the row that says so, or not at all.
 */
import type { FileFetch, InboundAttachment, MessagesCapability } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now, wallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { type NotNow, obeyFailure, openForCall, takeOneCall } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { type KeepSent, readSentFile } from '#server/modules/content/index.ts';
import type { SentFileState } from '#shared/sent-files.ts';
import { insertCaseFiles } from '../cases/note-store.ts';
import { attachmentName } from '../cases/take-in.ts';
import {
  changeFetch,
  claimDueFetches,
  type FetchRef,
  type FetchRow,
  findWaitingFetch,
} from './fetch-store.ts';

const atOnce = 4;
const leaseSeconds = 180;
const againMs = 60_000;
const againAtMostMs = 3_600_000;
/** While nobody knows what the platform says: none keeps it longer. */
const longestKeptMs = 3 * 86_400_000;

type Ready = { row: FetchRow; keptForMs: number; call: () => Promise<FileFetch> };
type Ended = { state: Exclude<SentFileState, 'waiting'>; failure: string | null };

/** Whether bytes lie on the platform that can be had. */
export const isFetchable = (
  messages: MessagesCapability | undefined,
  attachment: InboundAttachment | null,
): boolean => attachment !== null && (messages?.files?.types.includes(attachment.type) ?? false);

/** @returns how many were tried */
export async function fetchFiles(app: App): Promise<number> {
  const due = await app.database.withWorker((tx) => claimDueFetches(tx, atOnce, leaseSeconds));
  await Promise.all(
    due.map((ref) =>
      fetchOne(app, ref)
        // Counted like any other failure, or a file that trips our own program would be asked for without end.
        .catch((error: Error) => noteFault(app, ref, error))
        .catch((error: Error) => {
          // The lease brings it back.
          log.warn(
            { messageId: ref.messageId, error: error.message },
            'a file was not fetched; trying again',
          );
        }),
    ),
  );
  return due.length;
}

async function fetchOne(app: App, ref: FetchRef): Promise<void> {
  const ready = await app.database.withWorker((tx) => prepare(app, tx, ref));
  if (!ready) return;
  const answer = await ready.call();
  if ('failure' in answer)
    return app.database.withWorker((tx) => settleFailure(app, tx, ref, ready, answer.failure));
  const read = await readSentFile(app, answer.bytes).catch((error: unknown) => {
    if (error instanceof AppError && error.code !== 'storage-full') return error;
    throw error;
  });
  await app.database.withWorker(async (tx) => {
    const row = await findWaitingFetch(tx, ref);
    if (!row) return;
    if (read instanceof AppError) return end(app, tx, ref, row, { state: 'refused', failure: read.code });
    await keep(tx, ref, row, read);
    await end(app, tx, ref, row, { state: 'kept', failure: null });
  });
}

async function noteFault(app: App, ref: FetchRef, error: Error): Promise<void> {
  log.warn({ messageId: ref.messageId, error: error.message }, 'a file was not kept; trying again later');
  const failure = error instanceof AppError ? error.code : 'fault';
  await app.database.withWorker(async (tx) => {
    const row = await findWaitingFetch(tx, ref);
    if (row) await waitOrEnd(app, tx, ref, row, { keptForMs: longestKeptMs, least: 0, failure });
  });
}

async function keep(tx: Tx, { bureauId, messageId }: FetchRef, row: FetchRow, read: KeepSent): Promise<void> {
  const name = `${attachmentName(row.attachment.type)} ${wallTime(row.sentAt)}`;
  const file = await read(tx, { bureauId, personId: null, name });
  await insertCaseFiles(tx, bureauId, { messageId }, [file.id]);
}

async function settleFailure(
  app: App,
  tx: Tx,
  ref: FetchRef,
  ready: Ready,
  failure: Extract<FileFetch, { failure: unknown }>['failure'],
): Promise<void> {
  const row = await findWaitingFetch(tx, ref);
  if (!row) return;
  await obeyFailure(app, tx, { bureauId: ref.bureauId, accountId: row.accountId }, failure);
  if (failure.kind === 'rejected') return end(app, tx, ref, row, { state: 'lost', failure: failure.code });
  const least = failure.kind === 'retry-later' ? failure.afterMs : 0;
  await waitOrEnd(app, tx, ref, row, { keptForMs: ready.keptForMs, least, failure: failure.code });
}

/** Tried again at growing distances, for as long as the platform keeps it. */
async function waitOrEnd(
  app: App,
  tx: Tx,
  ref: FetchRef,
  row: FetchRow,
  { keptForMs, least, failure }: { keptForMs: number; least: number; failure: string },
): Promise<void> {
  if (now().getTime() - row.sentAt.getTime() > keptForMs)
    return end(app, tx, ref, row, { state: 'lost', failure });
  const wakeInMs = Math.max(least, Math.min(againMs * 2 ** row.tries, againAtMostMs));
  await changeFetch(tx, ref, { state: 'waiting', failure, tries: row.tries + 1, wakeInMs });
}

async function end(app: App, tx: Tx, ref: FetchRef, row: FetchRow, { state, failure }: Ended): Promise<void> {
  await changeFetch(tx, ref, { state, failure, tries: row.tries + 1, wakeInMs: null });
  const subject = { kind: 'conversation', id: row.conversationId };
  const detail = { messageId: ref.messageId, type: row.attachment.type, state, code: failure };
  await record(tx, systemActor(ref.bureauId), 'message.file-fetched', subject, detail);
  app.live.changed(tx, ref.bureauId, 'cases');
}

/** Null when nothing is to be called now; then the row says what comes next. */
async function prepare(app: App, tx: Tx, ref: FetchRef): Promise<Ready | null> {
  const row = await findWaitingFetch(tx, ref);
  if (!row) return null;
  const opened = await openForCall(app, tx, { bureauId: ref.bureauId, accountId: row.accountId });
  const lose = async (failure: string) => {
    await end(app, tx, ref, row, { state: 'lost', failure });
    return null;
  };
  if (!opened) return lose('account-closed');
  const wait = async ({ until, why }: NotNow) => {
    const least = until.getTime() - now().getTime();
    await waitOrEnd(app, tx, ref, row, { keptForMs: longestKeptMs, least, failure: why });
    return null;
  };
  if ('until' in opened) return wait(opened);
  const { connector, session } = opened;
  const files = connector.messages?.files;
  if (!files) return lose('not-offered');
  const limited = await takeOneCall(app, tx, opened, 'read');
  if (limited) return wait(limited);
  return { row, keptForMs: files.keptForMs, call: () => files.load(session, row.attachment) };
}
