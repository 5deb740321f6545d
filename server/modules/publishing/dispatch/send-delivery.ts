import { sql } from 'kysely';
import type { AccountSession, Exchange, Outcome, RemotePublish } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { OutboundError } from '#server/base/outbound-error.ts';
import { findAccount, findHold, holdSubjects, openAccountSession } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { combineHashes, findPackage, listPackages, openPackage } from '#server/modules/content/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import type { Reason } from '../reasons.ts';
import { beginAttempt, type DeliveryRecord, finishAttempt, moveDelivery } from '../store.ts';
import { settleOutcome } from './settle.ts';

type Sending = {
  session: AccountSession;
  payload: PackagePayload;
  exchanges: Exchange[];
  attemptId: string;
  fenced: DeliveryRecord;
};

/**
 * The irreversible call, at most once an attempt (DESIGN §5): all is checked again under lock, `submitting` is committed,
 * and only then the first byte leaves. Whatever happens to this process afterwards, the row says that the post may be out.
 */
export async function sendDelivery(app: App, claimed: DeliveryRecord, publish: RemotePublish): Promise<void> {
  const sending = await app.database
    .withWorker((tx) => beginSending(app, tx, claimed))
    .catch((error: unknown) => {
      // Another post of this account is under way; one at a time.
      if (isUniqueViolation(error, 'deliveries_one_in_flight')) return 'busy' as const;
      throw error;
    });
  if (sending === 'busy') {
    await app.database.withWorker((tx) => moveDelivery(tx, claimed, { wakeInMs: 500 }));
    return;
  }
  if (!sending) return;
  const { session, payload, exchanges, attemptId, fenced } = sending;
  await app.failpoints.hit('submit.committed');
  const outcome = await publish
    .submit(session, payload, claimed.platform_ids, (sha256) => app.files.get(sha256))
    .catch(judgeFailure);
  await app.failpoints.hit('submit.answered');
  await app.database.withWorker(async (tx) => {
    await finishAttempt(tx, fenced.bureau_id, attemptId, { exchanges, outcome });
    await settleOutcome(app, tx, fenced, outcome);
  });
  await app.failpoints.hit('submit.saved');
}

/** A failure that a connector let through. Only "provably nothing was written" may be tried again. */
export function judgeFailure(error: unknown): Outcome {
  if (error instanceof OutboundError && error.stage === 'before-write') {
    return { kind: 'retry-later', afterMs: 15_000, code: error.code, scope: 'platform' };
  }
  log.warn({ error: (error as Error).message }, 'the outcome of a post is unknown');
  return { kind: 'unknown', reason: error instanceof OutboundError ? error.code : (error as Error).message };
}

async function beginSending(app: App, tx: Tx, claimed: DeliveryRecord): Promise<Sending | null> {
  if (!(await mayGoOut(app, tx, claimed))) return null;
  const row = (await findPackage(tx, claimed.bureau_id, claimed.package_id))!;
  const payload = openPackage(row);
  const exchanges: Exchange[] = [];
  const { session } = await openAccountSession(
    app,
    tx,
    { bureauId: claimed.bureau_id, accountId: claimed.account_id },
    (exchange) => exchanges.push(exchange),
  );
  const attemptId = await beginAttempt(tx, claimed, 'submit');
  await moveDelivery(tx, claimed, { state: 'submitting', reason: null });
  const { submitted_at } = await tx
    .updateTable('deliveries')
    .set({ submitted_at: sql<Date>`clock_timestamp()` })
    .where('bureau_id', '=', claimed.bureau_id)
    .where('id', '=', claimed.id)
    .returning('submitted_at')
    .executeTakeFirstOrThrow();
  await record(
    tx,
    systemActor(claimed.bureau_id),
    'delivery.submitting',
    { kind: 'delivery', id: claimed.id },
    {
      fence: claimed.fence,
      hash: row.hash.toString('hex'),
    },
  );
  app.live.changed(tx, claimed.bureau_id, 'deliveries');
  return {
    session,
    payload,
    exchanges,
    attemptId,
    fenced: { ...claimed, state: 'submitting', submitted_at },
  };
}

/**
 * Checks again, under lock, that this very package may go out now; moves the delivery where it may not. Every way out
 * (API, own site, hand-off) asks here.
 */
export async function mayGoOut(app: App, tx: Tx, claimed: DeliveryRecord): Promise<boolean> {
  const refusal = await refuseSending(tx, claimed);
  if (!refusal) return true;
  await moveDelivery(tx, claimed, refusal.change);
  await record(
    tx,
    systemActor(claimed.bureau_id),
    'delivery.not-sent',
    { kind: 'delivery', id: claimed.id },
    { reason: refusal.reason },
  );
  app.live.changed(tx, claimed.bureau_id, 'deliveries');
  return false;
}

type Refusal = { reason: Reason; change: Parameters<typeof moveDelivery>[2] };

/** Everything that must still hold at this very moment, read under the row locks of the review and the account. */
async function refuseSending(tx: Tx, claimed: DeliveryRecord): Promise<Refusal | null> {
  const { rows } = await sql<{
    due: boolean;
    in_window: boolean;
    review_state: string;
    subject_hash: Buffer;
    version_id: string;
  }>`
    select d.due_at <= clock_timestamp() as due,
           (r.not_after is null or clock_timestamp() <= r.not_after) as in_window,
           r.state as review_state, r.subject_hash, r.revision_id as version_id
    from deliveries d join reviews r on r.bureau_id = d.bureau_id and r.id = d.review_id
    where d.bureau_id = ${claimed.bureau_id} and d.id = ${claimed.id}
    for share of r`.execute(tx);
  const found = rows[0];
  if (found?.review_state !== 'approved') {
    return {
      reason: 'approval-missing',
      change: { state: 'held', reason: 'approval-missing', wake_at: null },
    };
  }
  if (!found.due) return { reason: 'limit', change: { wake_at: claimed.due_at } };
  if (!found.in_window) {
    return { reason: 'approval-window', change: { state: 'held', reason: 'approval-window', wake_at: null } };
  }
  const packages = await listPackages(tx, claimed.bureau_id, found.version_id);
  packages.forEach(openPackage);
  const hash = combineHashes(packages.map((one) => one.hash));
  if (!hash.equals(found.subject_hash) || !packages.some((one) => one.id === claimed.package_id)) {
    return {
      reason: 'approval-missing',
      change: { state: 'held', reason: 'approval-missing', wake_at: null },
    };
  }
  const account = await findAccount(tx, claimed.bureau_id, claimed.account_id);
  if (account?.state !== 'active') {
    return { reason: 'account-not-active', change: { reason: 'account-not-active', wakeInMs: 60_000 } };
  }
  const hold = await findHold(tx, Object.values(holdSubjects(account)));
  return hold ? { reason: 'limit', change: { reason: 'limit', wake_at: hold.until } } : null;
}
