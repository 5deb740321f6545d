import type { MediaReader } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { AppError } from '#server/base/app-error.ts';
import { wallTime } from '#server/base/clock.ts';
import type { Tx } from '#server/base/database.ts';
import { readMedia } from '#server/base/files.ts';
import { record } from '#server/modules/audit/index.ts';
import { judgeDelay } from '../state.ts';
import { type DeliveryRecord, moveDelivery } from '../store.ts';
import { findOpenTask } from '../tasks/store.ts';
import { createBatches } from './batches.ts';
import { beginChecks, type Checking, checkDelivery } from './check-delivery.ts';
import { handOff, publishLocally } from './local-delivery.ts';
import { mayGoOut } from './may-go-out.ts';
import { rememberMedia } from './media-memory.ts';
import { beginPreparations, type Preparation, prepareDelivery } from './prepare-delivery.ts';
import { beginSendings, type Sending, sendDelivery } from './send-delivery.ts';
import { settleOutcome } from './settle.ts';

/** The transactions of steps, shared by what comes at the same time. */
export type Together = {
  prepare(claimed: DeliveryRecord): Promise<Preparation | null>;
  submit(claimed: DeliveryRecord): Promise<Sending | null>;
  check(claimed: DeliveryRecord): Promise<Checking | null>;
  save<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  media: MediaReader;
};

/** Small enough that one which fails costs little, and no lock is held for long. */
const sharedAtMost = 24;

export function createTogether(app: App): Together {
  type Begin<Out> = (app: App, tx: Tx, list: readonly DeliveryRecord[]) => Promise<(Out | AppError)[]>;
  const beginning = <Out>(begin: Begin<Out>) =>
    createBatches<DeliveryRecord, Out>({
      atMost: sharedAtMost,
      besideEachOther: 2,
      run: (list) => app.database.withWorker((tx) => begin(app, tx, list)),
    });
  const saving = createBatches<(tx: Tx) => Promise<unknown>, unknown>({
    atMost: sharedAtMost,
    besideEachOther: 2,
    run: (works) =>
      app.database.withWorker(async (tx) => {
        const results: unknown[] = [];
        for (const work of works) results.push(await work(tx));
        return results;
      }),
  });
  return {
    prepare: beginning(beginPreparations),
    submit: beginning(beginSendings),
    check: beginning(beginChecks),
    // Each gets back what its own work returned.
    save: saving as Together['save'],
    media: rememberMedia(readMedia(app.files)),
  };
}

export type RunOptions = {
  /** Made once a worker; without it a step has transactions of its own. */
  together?: Together;
  /** Set when the clock jumped: nothing new goes out, read-back goes on. */
  paused: boolean;
  /** The database's clock at the claim. */
  now: Date;
  /** The registry's way to publish unless given: simulations play platforms of their own. */
  publishOf?: (platform: string) => Publish;
};
type Publish = ReturnType<typeof getConnector>['publish'];
const publishOf = (options: RunOptions, platform: string): Publish =>
  (options.publishOf ?? ((id) => getConnector(id).publish))(platform);

/** States before the irreversible call. */
export const unsent: ReadonlySet<string> = new Set(['planned', 'due', 'preparing', 'prepared']);

/**
 * One step of one claimed delivery; the state says which.
 * @returns the delivery when the next step may follow at once under the same claim
 */
export async function runDelivery(
  app: App,
  claimed: DeliveryRecord,
  options: RunOptions,
): Promise<DeliveryRecord | null> {
  if (unsent.has(claimed.state)) return runUnsent(app, claimed, options);
  await runSent(app, claimed, options);
  return null;
}

async function runSent(app: App, claimed: DeliveryRecord, options: RunOptions): Promise<void> {
  const publish = publishOf(options, claimed.platform);
  switch (claimed.state) {
    case 'submitting':
      // Claimed again although a call was under way: the process that made it is gone. Nobody knows.
      return app.database.withWorker((tx) =>
        settleOutcome(app, tx, claimed, { kind: 'unknown', reason: 'program-ended' }),
      );
    case 'pending':
    case 'unknown':
      if (publish.kind === 'remote') {
        const { check: begin, save } = options.together ?? createTogether(app);
        await checkDelivery(app, claimed, publish, { begin, save });
      }
      return;
    case 'handed-off':
      if (options.paused)
        return app.database.withWorker((tx) => moveDelivery(tx, claimed, { wakeInMs: 5_000 }));
      return app.database.withWorker((tx) => endHandOff(app, tx, claimed));
    default:
      // Moved by a person between wake-up and claim.
      return app.database.withWorker((tx) => moveDelivery(tx, claimed, { wake_at: null }));
  }
}

async function runUnsent(
  app: App,
  claimed: DeliveryRecord,
  options: RunOptions,
): Promise<DeliveryRecord | null> {
  const publish = publishOf(options, claimed.platform);
  if (await postpone(app, claimed, options)) return null;
  if (publish.kind !== 'remote') {
    await app.database.withWorker(async (tx) => {
      if (!(await mayGoOut(app, tx, claimed))) return;
      await (publish.kind === 'local'
        ? publishLocally(app, tx, claimed, options.now)
        : handOff(app, tx, claimed));
    });
    return null;
  }
  const { prepare, submit, save, media } = options.together ?? createTogether(app);
  if (claimed.state !== 'prepared')
    return prepareDelivery(app, claimed, publish, options.now, { begin: prepare, save, media });
  await sendDelivery(app, claimed, publish, { begin: submit, save, media });
  return null;
}

/** Moves what may not go on now. @returns true when it did */
async function postpone(app: App, claimed: DeliveryRecord, { paused, now }: RunOptions): Promise<boolean> {
  const move = async (work: (tx: Tx) => Promise<void>) => {
    await app.database.withWorker(work);
    return true;
  };
  if (paused) return move((tx) => moveDelivery(tx, claimed, { wakeInMs: 5_000 }));
  const lateMs = now.getTime() - claimed.due_at.getTime();
  const post = { dueAt: claimed.due_at, resumeAt: claimed.resume_at, evenIfLate: claimed.even_if_late };
  const verdict = judgeDelay(post, now, Number(wallTime(now).slice(11, 13)));
  if (verdict === 'hold') {
    return move(async (tx) => {
      await moveDelivery(tx, claimed, { state: 'held', reason: 'missed', wake_at: null });
      await record(
        tx,
        systemActor(claimed.bureau_id),
        'delivery.held',
        { kind: 'delivery', id: claimed.id },
        { lateMs },
      );
      app.live.changed(tx, claimed.bureau_id, 'deliveries');
    });
  }
  if (verdict === 'expire') return move((tx) => expire(app, tx, claimed, 'missed-long'));
  if (lateMs < 0 && getConnector(claimed.platform).publish.kind !== 'remote')
    return move((tx) => moveDelivery(tx, claimed, { wake_at: claimed.due_at }));
  return false;
}

/** What somebody says is done waits for its check however late it gets. */
async function endHandOff(app: App, tx: Tx, claimed: DeliveryRecord): Promise<void> {
  const task = await findOpenTask(tx, claimed.bureau_id, 'publish', claimed.id);
  if (task?.state === 'claimed') await moveDelivery(tx, claimed, { wakeInMs: 3_600_000 });
  else await expire(app, tx, claimed, 'handoff-expired');
}

async function expire(app: App, tx: Tx, claimed: DeliveryRecord, reason: string): Promise<void> {
  await moveDelivery(tx, claimed, { state: 'expired', reason, wake_at: null });
  await record(
    tx,
    systemActor(claimed.bureau_id),
    'delivery.expired',
    { kind: 'delivery', id: claimed.id },
    { reason },
  );
  app.live.changed(tx, claimed.bureau_id, 'deliveries');
}
