/** Finds out what stored pushes mean. The sealed row is the truth: whatever fails here can be done again from it. */
import type { PushedEvent } from '#connectors/contract.ts';
import { tryRow } from '#server/base/apart.ts';
import type { App } from '#server/base/app.ts';
import { now } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { isDataError, isOutage } from '#server/base/database-errors.ts';
import { log } from '#server/base/log.ts';
import { withoutNul } from '#server/base/text/without-nul.ts';
import { loadPushTarget, type PushTarget, revokeGrant } from '#server/modules/accounts/index.ts';
import { applyPushedOutcome } from '#server/modules/publishing/index.ts';
import { chooseForMenu } from '../automatic/choose.ts';
import { tellReopened } from '../cases/rate.ts';
import { loadSettings } from '../settings/store.ts';
import { closeWindows } from '../threads/store.ts';
import { isFetchable } from './fetch-files.ts';
import { insertFetch } from './fetch-store.ts';
import { recordMention } from './poll-mentions.ts';
import { recordInbound } from './record-inbound.ts';
import { finishPush, listWaitingPushes, lockProcessing, postponePush, pushPlace } from './store.ts';

const batchSize = 50;
/** A receipt may come before our own commit of the call it answers: it is matched again for this long. */
const parkForMs = 10 * 60_000;
const parkStepSeconds = 5;
const faultStepSeconds = 60;
const faultStepAtMost = 3_600;

type Row = Awaited<ReturnType<typeof listWaitingPushes>>[number];
/**
 * What became of one push: done, wait for the post it speaks of, why nothing can ever come of it, or what our own program could not
 * do with it: that is tried again, ever more seldom, until somebody has mended it.
 */
type Verdict =
  | { kind: 'done' }
  | { kind: 'park' }
  | { kind: 'failed'; failure: string }
  | { kind: 'fault'; failure: string };
type Read = { row: Row } & ({ target: PushTarget; event: PushedEvent } | { verdict: Verdict });

/**
 * Works through one batch in one transaction.
 * @returns how many pushes were looked at; less than a full batch means that nothing more waits
 */
export async function processPushes(app: App): Promise<{ count: number; more: boolean }> {
  return app.database.withWorker(async (tx) => {
    if (!(await lockProcessing(tx))) return { count: 0, more: false };
    const rows = await listWaitingPushes(tx, batchSize);
    const reads: Read[] = [];
    for (const row of rows) reads.push(await readPush(app, row));
    // By the platform's time, so that of two words pushed out of order the earlier opens the case.
    for (const read of reads.toSorted((a, b) => timeOf(a) - timeOf(b))) {
      await settle(tx, read.row, await applySafely(app, tx, read));
    }
    return { count: rows.length, more: rows.length === batchSize };
  });
}

const timeOf = (read: Read): number =>
  'event' in read && 'at' in read.event ? read.event.at.getTime() : read.row.received_at.getTime();

async function readPush(app: App, row: Row): Promise<Read> {
  let target: PushTarget | null;
  try {
    target = await loadPushTarget(app, row.account_id);
  } catch (error) {
    if (isOutage(error)) throw error;
    // An account whose connector this version does not have, or whose secrets do not open: mended, its pushes are read.
    return { row, verdict: fault(row.account_id, error as Error) };
  }
  if (!target?.connector.push) return { row, verdict: { kind: 'failed', failure: 'account-gone' } };
  try {
    const place = pushPlace({
      bureauId: row.bureau_id,
      accountId: row.account_id,
      dedupKey: row.dedup_key,
    });
    const clear = app.sealer.open(place, row.sealed);
    return { row, target, event: withoutNul(target.connector.push.parse(clear, row.dedup_key)) };
  } catch (error) {
    // The name only: a parser's message may quote what a citizen wrote.
    return { row, verdict: { kind: 'failed', failure: `unreadable: ${(error as Error).name}` } };
  }
}

/** One that the database refuses takes no other with it. */
async function applySafely(app: App, tx: Tx, read: Read): Promise<Verdict> {
  if ('verdict' in read) return read.verdict;
  const { target, event } = read;
  const tried = await tryRow(tx, () => apply(app, tx, target, event));
  if ('done' in tried) return tried.done;
  const { error } = tried;
  if (isDataError(error))
    return { kind: 'failed', failure: `refused: ${(error as unknown as { code: string }).code}` };
  // One bureau's odd settings or a case that we cannot reckon must not stop the pushes of everybody.
  return fault(target.accountId, error);
}

function fault(accountId: string, error: Error): Verdict {
  log.error({ accountId, error: error.message }, 'a stored push failed; trying again later');
  return { kind: 'fault', failure: `fault: ${error.name}` };
}

async function apply(app: App, tx: Tx, target: PushTarget, event: PushedEvent): Promise<Verdict> {
  const { bureauId, accountId, connector } = target;
  const answersAtOnce = connector.push?.answer !== undefined;
  if (event.kind === 'message' && !(answersAtOnce && (await isAnsweredKey(tx, bureauId, event)))) {
    const isNew = await recordInbound(tx, {
      bureauId,
      accountId,
      kind: 'message',
      threadKey: event.person.key,
      deliveryId: null,
      platformId: event.dedupKey,
      person: event.person,
      text: event.text,
      attachment: event.attachment,
      at: event.at,
      window: offersMessages(target) ? (connector.messages?.window ?? null) : null,
    });
    if (isNew) app.live.changed(tx, bureauId, 'cases');
    if (isNew && isFetchable(connector.messages, event.attachment))
      await insertFetch(tx, { bureauId, messageId: isNew.messageId, accountId });
    if (isNew?.unsatisfied) await tellReopened(app, tx, bureauId, isNew.caseId);
  }
  if (event.kind === 'delivery') {
    const { ids, outcome } = event;
    const matched = await applyPushedOutcome(app, tx, { bureauId, accountId, ids, outcome });
    if (!matched) return { kind: 'park' };
  }
  if (event.kind === 'mention') {
    const isNew = await recordMention(tx, { bureauId, accountId }, event);
    if (isNew) app.live.changed(tx, bureauId, 'cases');
  }
  if (event.kind === 'revoked') await revokeGrant(app, tx, { bureauId, accountId }, event.at);
  if (event.kind === 'unfollow') await closeWindows(tx, bureauId, accountId, event.person.key);
  return { kind: 'done' };
}

/** Clear settings are among the credentials. */
const offersMessages = ({ connector, credentials }: PushTarget): boolean =>
  connector.messages?.offered?.(credentials) ?? true;

/** A button of the menu whose words were said in the response to the push: nobody wrote anything. */
async function isAnsweredKey(
  tx: Tx,
  bureauId: string,
  event: Extract<PushedEvent, { kind: 'message' }>,
): Promise<boolean> {
  if (event.attachment?.type !== 'menu') return false;
  return chooseForMenu((await loadSettings(tx, bureauId)).settings, event.text) !== null;
}

async function settle(tx: Tx, row: Row, verdict: Verdict): Promise<void> {
  if (verdict.kind === 'park') {
    const age = now().getTime() - row.received_at.getTime();
    if (age < parkForMs) return postponePush(tx, row, parkStepSeconds);
    return finishPush(tx, row, 'unmatched');
  }
  if (verdict.kind === 'done') return finishPush(tx, row, null);
  if (verdict.kind === 'fault') {
    const age = (now().getTime() - row.received_at.getTime()) / 1_000;
    return postponePush(tx, row, Math.min(Math.max(age, faultStepSeconds), faultStepAtMost), verdict.failure);
  }
  log.warn({ accountId: row.account_id, failure: verdict.failure }, 'a stored push could not be processed');
  return finishPush(tx, row, verdict.failure);
}
