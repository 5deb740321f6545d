/** What must still hold before anything leaves the house: the approval of these very bytes, its window, the account. */
import { sql } from 'kysely';
import type { AccountSession, Exchange } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import {
  findAccount,
  findHold,
  holdSubjects,
  openAccountSessions,
  takeCalls,
} from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { combineHashes, isIntact, listFrozen, openPackage } from '#server/modules/content/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import type { Reason } from '../reasons.ts';
import { type DeliveryRecord, moveDelivery } from '../store.ts';

type Refusal = {
  reason: Reason;
  change: Parameters<typeof moveDelivery>[2];
  /** An ordinary wait, looked at again by itself: not worth a line in the audit log each time. */
  quiet?: boolean;
};

type Account = Awaited<ReturnType<typeof openAccountSessions>>[number]['account'];

/** All that one call or preparation needs, read in the transaction that allowed it. */
export type Ready = {
  session: AccountSession;
  account: Account;
  payload: PackagePayload;
  hash: Buffer;
  /** A breaker over the account counts failures. */
  failing: boolean;
  /** Filled by the session as calls are made. */
  exchanges: Exchange[];
};

/**
 * Checks again, under lock, that this very package may go out now on our own site or as a hand-off; moves the delivery
 * where it may not. The way out through a platform asks `readyFor`.
 */
export async function mayGoOut(app: App, tx: Tx, claimed: DeliveryRecord): Promise<boolean> {
  const [approval] = await readApprovals(tx, [claimed]);
  const refusal = approval!.refusal ?? refuseTime(approval!, claimed);
  if (refusal) return obey(app, tx, claimed, refusal);
  const account = await findAccount(tx, claimed.bureau_id, claimed.account_id);
  const hold = account ? await findHold(tx, Object.values(holdSubjects(account))) : null;
  const wait = refuseAccount(account, [hold]);
  return wait ? obey(app, tx, claimed, wait) : true;
}

/**
 * The last look before anything is made for a platform, or sent there; in the transaction that says so. Uploads and
 * drafts too are made only of what is approved, and may come before the time.
 * @returns in the order given; null for what may not and was moved
 */
export async function readyFor(
  app: App,
  tx: Tx,
  step: 'prepare' | 'submit',
  list: readonly DeliveryRecord[],
): Promise<(Ready | null)[]> {
  // The locks on the reviews come first: whatever waits for one, the accounts are looked at afterwards.
  const approvals = await readApprovals(tx, list);
  const exchanges = list.map((): Exchange[] => []);
  const opened = await openAccountSessions(
    app,
    tx,
    list.map((one, at) => ({
      bureauId: one.bureau_id,
      accountId: one.account_id,
      record: (exchange) => exchanges[at]!.push(exchange),
    })),
  );
  const refusals = list.map((claimed, at) => {
    const { account, holds } = opened[at]!;
    const wait = refuseAccount(account, Object.values(holds));
    const late = step === 'submit' ? refuseTime(approvals[at]!, claimed) : null;
    return approvals[at]!.refusal ?? (wait ? { ...wait, quiet: true } : late);
  });
  // Last: what may not go out for another reason takes nothing of a limit.
  const counts = step === 'submit' ? (['posts', 'calls'] as const) : (['calls'] as const);
  const may = opened.filter((_, at) => !refusals[at]);
  const waits = new Map(
    (
      await takeCalls(
        tx,
        may.map(({ account }) => ({ account, counts })),
      )
    ).map((until, at) => [may[at]!, until]),
  );
  const ready: (Ready | null)[] = [];
  for (const [at, claimed] of list.entries()) {
    const approval = approvals[at]!;
    const { session, account, failing } = opened[at]!;
    const until = waits.get(opened[at]!);
    const refusal = refusals[at] ?? (until ? refuseUntil(until) : null);
    if (refusal || !approval.package) {
      await obey(app, tx, claimed, refusal ?? held('approval-missing'));
      ready.push(null);
    } else {
      const { hash } = approval.package;
      const payload = openPackage(approval.package);
      ready.push({ session, account, payload, hash, failing, exchanges: exchanges[at]! });
    }
  }
  return ready;
}

async function obey(app: App, tx: Tx, claimed: DeliveryRecord, refusal: Refusal): Promise<false> {
  await moveDelivery(tx, claimed, refusal.change);
  if (refusal.quiet) return false;
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

type Approval = {
  refusal: Refusal | null;
  package: Awaited<ReturnType<typeof listFrozen>>[number] | undefined;
  due: boolean;
  inWindow: boolean;
};

/** Read under the reviews' row locks, so that a take-back waits or is seen. In the order given. */
async function readApprovals(tx: Tx, list: readonly DeliveryRecord[]): Promise<Approval[]> {
  const { rows } = await sql<{
    bureau_id: string;
    id: string;
    state: string;
    subject_hash: Buffer;
    version_id: string;
    due: boolean;
    in_window: boolean;
  }>`
    select d.bureau_id, d.id, r.state, r.subject_hash, r.revision_id as version_id,
           d.due_at <= clock_timestamp() as due,
           (r.not_before is null or clock_timestamp() >= r.not_before)
             and (r.not_after is null or clock_timestamp() <= r.not_after) as in_window
    from unnest(${list.map((one) => one.bureau_id)}::uuid[], ${list.map((one) => one.id)}::uuid[]) as claims (bureau_id, id)
    join deliveries d on d.bureau_id = claims.bureau_id and d.id = claims.id
    join reviews r on r.bureau_id = d.bureau_id and r.id = d.review_id
    for share of r`.execute(tx);
  const found = new Map(rows.map((row) => [row.id, row]));
  const asked = new Map(
    rows.map((row) => [row.version_id, { bureauId: row.bureau_id, versionId: row.version_id }]),
  );
  const versions = Map.groupBy(await listFrozen(tx, [...asked.values()]), (one) => one.version_id);
  const approvals: Approval[] = [];
  for (const claimed of list) {
    const row = found.get(claimed.id);
    if (row?.state !== 'approved') {
      approvals.push({ refusal: held('approval-missing'), package: undefined, due: false, inWindow: false });
      continue;
    }
    const packages = versions.get(row.version_id) ?? [];
    const own = packages.find((one) => one.id === claimed.package_id);
    const intact =
      own !== undefined &&
      packages.every(isIntact) &&
      combineHashes(packages.map((one) => one.hash)).equals(row.subject_hash);
    approvals.push({
      refusal: intact ? null : held('approval-missing'),
      ...{ package: own, due: row.due, inWindow: row.in_window },
    });
  }
  return approvals;
}

function refuseTime(approval: Approval, claimed: DeliveryRecord): Refusal | null {
  if (!approval.due) return { reason: 'limit', change: { wake_at: claimed.due_at } };
  return approval.inWindow ? null : held('approval-window');
}

function refuseAccount(
  account: Pick<Account, 'state'> | undefined,
  holds: readonly ({ until: Date } | null)[],
): Refusal | null {
  if (account?.state !== 'active') {
    return { reason: 'account-not-active', change: { reason: 'account-not-active', wakeInMs: 60_000 } };
  }
  const until = Math.max(0, ...holds.map((hold) => hold?.until.getTime() ?? 0));
  return until > 0 ? refuseUntil(new Date(until)) : null;
}

const refuseUntil = (until: Date): Refusal => ({
  reason: 'limit',
  change: { reason: 'limit', wake_at: until },
  quiet: true,
});
