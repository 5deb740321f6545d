/**
 * Takes away what preparing left on a platform for a post that ended before it was sent. Repeatable and harmless: what does
 * not work stands in the attempt log and changes no state.
 */
import type { Exchange, PlatformIds, RemotePublish } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { obeyFailure, openForCall, takeOneCall } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { backoffMs } from '../state.ts';
import { beginAttempt, type DeliveryRecord, finishAttempt } from '../store.ts';
import { claimDiscards, noteDiscard } from './store.ts';

const atOnce = 8;
/** Longer than the slowest call. */
const leaseMs = 120_000;
/** A draft that could not be taken away by then stays; nothing is sent from it by us. */
const triesAtMost = 6;

type Discarded =
  | Awaited<ReturnType<NonNullable<RemotePublish['discard']>>>
  | { kind: 'error'; reason: string };
type Call = {
  attemptId: string;
  exchanges: Exchange[];
  discard: () => Promise<Discarded>;
};

/** @returns how many were dealt with */
export async function discardDrafts(app: App): Promise<number> {
  const claimed = await app.database.withWorker((tx) => claimDiscards(tx, atOnce, leaseMs));
  await Promise.all(
    claimed.map((delivery) =>
      discardOne(app, delivery).catch((error: Error) => {
        log.warn(
          { delivery: delivery.id, error: error.message },
          'a draft was not cleared away; trying again',
        );
      }),
    ),
  );
  return claimed.length;
}

async function discardOne(app: App, delivery: DeliveryRecord): Promise<void> {
  const call = await app.database.withWorker((tx) => beginCall(app, tx, delivery));
  if (!call) return;
  const outcome = await call
    .discard()
    .catch((error: Error): Discarded => ({ kind: 'error', reason: error.message }));
  await app.database.withWorker((tx) => settle(app, tx, delivery, call, outcome));
}

/** Null: there is no call to make now, and the delivery says when to look again. */
async function beginCall(app: App, tx: Tx, delivery: DeliveryRecord): Promise<Call | null> {
  const exchanges: Exchange[] = [];
  const ids = { bureauId: delivery.bureau_id, accountId: delivery.account_id };
  const later = async (until: Date) => {
    const wakeInMs = Math.max(1_000, until.getTime() - (await clockOf(tx)).getTime());
    await noteDiscard(tx, delivery, { wakeInMs });
    return null;
  };
  const opened = await openForCall(app, tx, ids, (one) => exchanges.push(one));
  if (opened && 'until' in opened) return later(opened.until);
  const publish = opened?.connector.publish;
  const discard = publish?.kind === 'remote' ? publish.discard : undefined;
  if (!opened || !discard) {
    await noteDiscard(tx, delivery, null);
    return null;
  }
  const limited = await takeOneCall(app, tx, opened, 'act');
  if (limited) return later(limited.until);
  const { session } = opened;
  const attemptId = await beginAttempt(tx, delivery, 'discard');
  return { attemptId, exchanges, discard: () => discard(session, idsOf(delivery)) };
}

/** All that preparing ever got: of a step that was done anew, the latest. */
function idsOf({ steps, platform_ids }: DeliveryRecord): PlatformIds {
  return Object.assign({}, ...Object.values(steps), platform_ids) as PlatformIds;
}

async function settle(
  app: App,
  tx: Tx,
  delivery: DeliveryRecord,
  call: Call,
  outcome: Discarded,
): Promise<void> {
  const { bureau_id: bureauId } = delivery;
  await finishAttempt(tx, bureauId, call.attemptId, { exchanges: call.exchanges, outcome });
  await obeyFailure(app, tx, { bureauId, accountId: delivery.account_id }, outcome);
  const tries = delivery.discard_tries + 1;
  const over = outcome.kind === 'done' || outcome.kind === 'rejected' || tries >= triesAtMost;
  const waitMs = outcome.kind === 'retry-later' ? outcome.afterMs : backoffMs(tries);
  await noteDiscard(tx, delivery, over ? null : { tries, wakeInMs: waitMs });
  const subject = { kind: 'delivery', id: delivery.id };
  if (over) await record(tx, systemActor(bureauId), 'delivery.discarded', subject, { outcome: outcome.kind });
  app.live.changed(tx, bureauId, 'deliveries');
}
