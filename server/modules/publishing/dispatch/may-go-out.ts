/** What must still hold before anything leaves the house: the approval of these very bytes, its window, the account. */
import { sql } from 'kysely';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { findAccount, findHold, holdSubjects } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { combineHashes, isIntact, listPackages } from '#server/modules/content/index.ts';
import type { Reason } from '../reasons.ts';
import { type DeliveryRecord, moveDelivery } from '../store.ts';

type Refusal = { reason: Reason; change: Parameters<typeof moveDelivery>[2] };

/**
 * Checks again, under lock, that this very package may go out now; moves the delivery where it may not. Every way out
 * (API, own site, hand-off) asks here.
 */
export async function mayGoOut(app: App, tx: Tx, claimed: DeliveryRecord): Promise<boolean> {
  return obey(app, tx, claimed, (await refuseApproval(tx, claimed)) ?? (await refuseNow(tx, claimed)));
}

/** Uploads and drafts too are made only of what is approved; they may come before the time. */
export async function mayPrepare(app: App, tx: Tx, claimed: DeliveryRecord): Promise<boolean> {
  return obey(app, tx, claimed, await refuseApproval(tx, claimed));
}

async function obey(app: App, tx: Tx, claimed: DeliveryRecord, refusal: Refusal | null): Promise<boolean> {
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

const held = (reason: Reason): Refusal => ({ reason, change: { state: 'held', reason, wake_at: null } });

/** Read under the review's row lock, so that a take-back waits or is seen. */
async function refuseApproval(tx: Tx, claimed: DeliveryRecord): Promise<Refusal | null> {
  const { rows } = await sql<{ state: string; subject_hash: Buffer; version_id: string }>`
    select r.state, r.subject_hash, r.revision_id as version_id
    from deliveries d join reviews r on r.bureau_id = d.bureau_id and r.id = d.review_id
    where d.bureau_id = ${claimed.bureau_id} and d.id = ${claimed.id}
    for share of r`.execute(tx);
  const found = rows[0];
  if (found?.state !== 'approved') return held('approval-missing');
  const packages = await listPackages(tx, claimed.bureau_id, found.version_id);
  const intact =
    packages.every(isIntact) &&
    combineHashes(packages.map((one) => one.hash)).equals(found.subject_hash) &&
    packages.some((one) => one.id === claimed.package_id);
  return intact ? null : held('approval-missing');
}

async function refuseNow(tx: Tx, claimed: DeliveryRecord): Promise<Refusal | null> {
  const { rows } = await sql<{ due: boolean; in_window: boolean }>`
    select d.due_at <= clock_timestamp() as due,
           (r.not_before is null or clock_timestamp() >= r.not_before)
             and (r.not_after is null or clock_timestamp() <= r.not_after) as in_window
    from deliveries d join reviews r on r.bureau_id = d.bureau_id and r.id = d.review_id
    where d.bureau_id = ${claimed.bureau_id} and d.id = ${claimed.id}`.execute(tx);
  const found = rows[0]!;
  if (!found.due) return { reason: 'limit', change: { wake_at: claimed.due_at } };
  if (!found.in_window) return held('approval-window');
  const account = await findAccount(tx, claimed.bureau_id, claimed.account_id);
  if (account?.state !== 'active') {
    return { reason: 'account-not-active', change: { reason: 'account-not-active', wakeInMs: 60_000 } };
  }
  const hold = await findHold(tx, Object.values(holdSubjects(account)));
  return hold ? { reason: 'limit', change: { reason: 'limit', wake_at: hold.until } } : null;
}
