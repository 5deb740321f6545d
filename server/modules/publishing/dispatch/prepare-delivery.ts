import type { MediaReader, OnceStep, Outcome, PlatformIds, RemotePublish } from '#connectors/contract.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { log } from '#server/base/log.ts';
import { countMoreCalls } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { leaveForDiscard } from '../discards/store.ts';
import { backoffMs } from '../state.ts';
import {
  type AttemptEnd,
  beginPreparing,
  conflictWith,
  type DeliveryRecord,
  moveDelivery,
} from '../store.ts';
import { type Ready, readyFor } from './may-go-out.ts';
import { settleOutcome } from './settle.ts';

const maximumTries = 8;

type Prepared = Awaited<ReturnType<RemotePublish['prepare']>> | { kind: 'error'; reason: string };
export type Preparation = Ready & { delivery: DeliveryRecord; attemptId: string; triesBefore: number };

/** How its transactions are made: of its own, or together with others. */
type Ways = {
  media: MediaReader;
  begin(claimed: DeliveryRecord): Promise<Preparation | null>;
  save<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

/** Many at once. Null: it may not be prepared now and was moved. */
export async function beginPreparations(
  app: App,
  tx: Tx,
  list: readonly DeliveryRecord[],
): Promise<(Preparation | AppError | null)[]> {
  const ready = await readyFor(app, tx, 'prepare', list);
  const begun = await beginPreparing(
    tx,
    list.filter((_, at) => ready[at]),
  );
  return list.map((claimed, at) => {
    const found = ready[at];
    if (!found) return null;
    const attempt = begun.get(claimed.id);
    return attempt
      ? { ...found, ...attempt, delivery: { ...claimed, state: 'preparing' } }
      : conflictWith(claimed);
  });
}

/**
 * The reversible part: token, uploads, draft. Each step's ids are saved before the next step begins, so that a crash
 * repeats at most the step it fell in. Leaves the delivery `prepared`, to be sent at its time.
 * @param now the database's clock at the claim
 * @returns the delivery when its time has come already: it stays claimed, to be sent at once
 */
export async function prepareDelivery(
  app: App,
  claimed: DeliveryRecord,
  publish: RemotePublish,
  now: Date,
  ways: Ways,
): Promise<DeliveryRecord | null> {
  const begun = await ways.begin(claimed);
  if (!begun) return null;
  const { delivery, payload, session } = begun;
  await app.failpoints.hit('prepare.begun');
  const steps = rememberSteps(app, delivery, ways);
  /** Ended by a person meanwhile? Then what was made on the platform is cleared away. */
  const giveWay = async (error: unknown): Promise<never> => {
    await app.database.withWorker((tx) => leaveForDiscard(tx, delivery, steps.done()));
    throw error;
  };
  const result: Prepared = await publish
    .prepare(session, payload, ways.media, steps.once)
    .catch((error: unknown) => {
      // A stale fence means that another process took over: leave everything to it.
      if (error instanceof AppError && error.code === 'state-conflict') return giveWay(error);
      log.warn({ delivery: delivery.id, error: (error as Error).message }, 'preparation failed');
      return { kind: 'error' as const, reason: (error as Error).message };
    });
  const next = await ways
    .save(async (tx) => {
      const saved = await savePreparation(app, tx, begun, steps.done(), result, now);
      await countMoreCalls(tx, begun.account, begun.exchanges.length - 1);
      return saved;
    })
    .catch(giveWay);
  await app.failpoints.hit('prepare.saved');
  return next;
}

/**
 * Runs steps that are not done yet. What a step gave is saved before anything else is called; only the last one's ids
 * are left to the save of the whole preparation, which follows at once.
 */
function rememberSteps(
  app: App,
  delivery: DeliveryRecord,
  { save: saveTogether }: Ways,
): { once: OnceStep; done(): Record<string, PlatformIds> } {
  const steps: Record<string, PlatformIds> = { ...delivery.steps };
  let unsaved = false;
  let depth = 0;

  async function save(): Promise<void> {
    if (!unsaved) return;
    unsaved = false;
    await saveTogether((tx) => moveDelivery(tx, delivery, { steps: { ...steps } }));
  }

  return {
    done: () => steps,
    async once(name, step) {
      const saved = steps[name];
      if (saved) return saved;
      await save();
      depth += 1;
      const ids = await step().finally(() => {
        depth -= 1;
      });
      await app.failpoints.hit(`prepare.step`);
      steps[name] = ids;
      unsaved = true;
      // Inside another step, whose own call comes next.
      if (depth > 0) await save();
      return ids;
    },
  };
}

async function savePreparation(
  app: App,
  tx: Tx,
  { delivery, attemptId, triesBefore, exchanges, account, failing }: Preparation,
  steps: Record<string, PlatformIds>,
  result: Prepared,
  now: Date,
): Promise<DeliveryRecord | null> {
  const end: AttemptEnd = { attemptId, exchanges, outcome: result };
  const audit = (action: string, detail: Record<string, unknown>) =>
    record(tx, systemActor(delivery.bureau_id), action, { kind: 'delivery', id: delivery.id }, detail);
  if (result.kind === 'prepared') {
    const isDue = delivery.due_at.getTime() <= now.getTime();
    const platform_ids = { ...delivery.platform_ids, ...result.ids };
    const change = { state: 'prepared', reason: null, platform_ids, steps } as const;
    await moveDelivery(tx, delivery, { ...change, ...(isDue ? {} : { wake_at: delivery.due_at }) }, end);
    await audit('delivery.prepared', { ids: result.ids });
    app.live.changed(tx, delivery.bureau_id, 'deliveries');
    return isDue ? { ...delivery, ...change } : null;
  }
  if (result.kind !== 'error') {
    await settleOutcome(app, tx, delivery, result satisfies Outcome, undefined, {
      end,
      account,
      failing,
      steps,
    });
  } else if (triesBefore + 1 >= maximumTries) {
    await moveDelivery(tx, delivery, { state: 'failed', reason: 'gave-up', wake_at: null, steps }, end);
    await audit('delivery.failed', { reason: result.reason });
    app.live.changed(tx, delivery.bureau_id, 'deliveries');
  } else {
    await moveDelivery(tx, delivery, { state: 'due', wakeInMs: backoffMs(triesBefore + 1), steps }, end);
  }
  return null;
}
