/**
 * The due-scanner: the deliveries table is the schedule, this loop asks it whose time has come. It sleeps until the next
 * wake-up (at most a second) and is woken earlier by jobs; nothing is lost when either is.
 */
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { monotonicMs } from '#server/base/clock.ts';
import { log } from '#server/base/log.ts';
import { claimDue, type DeliveryRecord, freeClaimsOf, leaseMs, nextWakeMs } from '../store.ts';
import { runDelivery } from './run-delivery.ts';

export type PublishingWorker = { kick(): void; stop(): Promise<void>; clockAlarm(): boolean };

const idleMs = 1_000;
const batch = 64;
const accountsAtOnce = 32;
const jumpMs = 5 * 60_000;
const sweepEveryMs = 2_000;

export async function startPublishingWorker(
  app: App,
  options: { processId: string; aliveProcesses(): Promise<readonly string[]> },
): Promise<PublishingWorker> {
  let stopping = false;
  let kicked = false;
  let wake: (() => void) | undefined;
  const busyAccounts = new Map<string, Promise<void>>();
  const clock = createJumpWatch();

  let sweptAt = Number.NEGATIVE_INFINITY;
  /** What an ended process had claimed is taken up at once instead of after its lease. */
  async function sweep(): Promise<void> {
    if (monotonicMs() - sweptAt < sweepEveryMs) return;
    sweptAt = monotonicMs();
    const alive = new Set([...(await options.aliveProcesses()), options.processId]);
    const freed = await app.database.withWorker((tx) => freeClaimsOf(tx, { exceptAlive: [...alive] }));
    if (freed > 0) log.warn({ freed }, 'deliveries left by an ended process are taken up');
  }

  async function scan(): Promise<void> {
    await sweep();
    const now = await app.database.now();
    clock.observe(now);
    const room = accountsAtOnce - busyAccounts.size;
    if (room <= 0) return;
    const claimed = await app.database.withWorker((tx) => claimDue(tx, options.processId, batch, leaseMs));
    for (const [account, list] of groupByAccount(claimed)) {
      const before = busyAccounts.get(account) ?? Promise.resolve();
      // One account's deliveries follow one another in order of their time; accounts don't wait for each other.
      const run = before
        .then(() => runInOrder(list, now))
        .finally(() => {
          if (busyAccounts.get(account) === run) busyAccounts.delete(account);
          kick();
        });
      busyAccounts.set(account, run);
    }
    if (claimed.length === batch) kicked = true;
  }

  async function runInOrder(list: readonly DeliveryRecord[], now: Date): Promise<void> {
    for (const delivery of list) {
      // What is under way ends in order; the rest is claimed by nobody alive and taken up by the next process.
      if (stopping) return;
      await runDelivery(app, delivery, { paused: clock.alarm(), now }).catch((error: unknown) => {
        // A conflict means that a person or another process moved it first; its lease wakes it again.
        if (error instanceof AppError && error.code === 'state-conflict') return;
        log.error(
          { delivery: delivery.id, error: (error as Error).message },
          'a delivery step failed; it is tried again',
        );
      });
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      kicked = false;
      try {
        await scan();
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'the due-scanner could not read; trying again');
      }
      if (kicked || stopping) continue;
      await rest(await waitTime());
    }
    await Promise.allSettled(busyAccounts.values());
  }

  async function waitTime(): Promise<number> {
    const next = await app.database.withWorker(nextWakeMs).catch(() => null);
    return next === null ? idleMs : Math.max(0, Math.min(next, idleMs));
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      }
      wake = done;
      if (kicked) done();
    });
  }

  function kick(): void {
    kicked = true;
    wake?.();
  }

  const running = loop();
  return {
    kick,
    clockAlarm: () => clock.alarm(),
    async stop() {
      stopping = true;
      kick();
      await running;
    },
  };
}

function groupByAccount(list: readonly DeliveryRecord[]): Map<string, DeliveryRecord[]> {
  const groups = new Map<string, DeliveryRecord[]>();
  for (const delivery of list) {
    const group = groups.get(delivery.account_id) ?? [];
    group.push(delivery);
    groups.set(delivery.account_id, group);
  }
  return groups;
}

/**
 * Compares the database's clock with one that never jumps. A forward jump over five minutes would make the whole plan due at
 * once: publishing pauses until the clocks agree again or the program is started anew by somebody who looked.
 */
export function createJumpWatch(monotonic: () => number = monotonicMs): {
  observe(now: Date): void;
  alarm(): boolean;
} {
  let offset: number | undefined;
  let alarmed = false;
  return {
    observe(now) {
      const current = now.getTime() - monotonic();
      offset ??= current;
      const jump = current - offset;
      if (jump > jumpMs && !alarmed)
        log.error({ jumpSeconds: Math.round(jump / 1000) }, 'the clock jumped forward: publishing is paused');
      alarmed = jump > jumpMs;
      // Backwards is harmless (what was done stays done), and slow drift is followed.
      if (!alarmed) offset = current;
    },
    alarm: () => alarmed,
  };
}
