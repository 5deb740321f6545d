import { sql } from 'kysely';
import type { AccountSession, Exchange, Outcome, RemotePublish } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { isUniqueViolation, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { OutboundError } from '#server/base/outbound-error.ts';
import { openAccountSession } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPackage, openPackage } from '#server/modules/content/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import { beginAttempt, type DeliveryRecord, finishAttempt, leaseMs, moveDelivery } from '../store.ts';
import { mayGoOut } from './may-go-out.ts';
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
    .set({
      submitted_at: sql<Date>`clock_timestamp()`,
      // The lease begins anew: what waited long behind its account must not be taken for abandoned in mid-call.
      wake_at: sql<Date>`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`,
    })
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
