/**
 * The due-scanner: the deliveries table is the schedule, this loop asks it whose time has come. It sleeps until the next
 * wake-up (at most a second) and is woken earlier by jobs; nothing is lost when either is.
 */
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { monotonicMs } from '#server/base/clock.ts';
import { createLane, everyMs } from '#server/base/lane.ts';
import { log } from '#server/base/log.ts';
import { makeAppLinks } from '../app-links/make-links.ts';
import { planFigurePolls, pollAccountFigures, pollFigures } from '../figures/poll-figures.ts';
import { claimDue, type DeliveryRecord, freeClaimsOf, nextWakeMs } from '../store.ts';
import { runWithdrawals } from '../withdrawals/run-withdrawals.ts';
import { createAccountLanes } from './account-lanes.ts';
import { createTogether, runDelivery, unsent } from './run-delivery.ts';

export type PublishingWorker = { kick(): void; stop(): Promise<void>; clockAlarm(): boolean };

const idleMs = 1_000;
const batch = 64;
const crowd = 8;
/** As many of one platform as the outbound client has sockets for it; three that hang leave room for the others. */
const accountsOfOnePlatform = 32;
const accountsAtOnce = 4 * accountsOfOnePlatform;
/** What ends within this time is followed by one look at the table, not by one each. */
const gatherMs = 150;
const elsewhereMs = 100;
const finestMs = 5;
const jumpMs = 5 * 60_000;
const sweepEveryMs = 2_000;
const planFiguresEveryMs = 30_000;

export async function startPublishingWorker(
  app: App,
  options: { processId: string; aliveProcesses(): Promise<readonly string[]> },
): Promise<PublishingWorker> {
  let stopping = false;
  let kicked = false;
  let wake: (() => void) | undefined;
  let now = await app.database.now();
  /** Many posts were due at the last look: what is out already may wait. */
  let sending = false;
  const clock = createJumpWatch();
  const together = createTogether(app);
  const kickSoon = gather(kick, gatherMs);
  const lanes = createAccountLanes({
    ...{ atOnce: accountsAtOnce, ofOnePlatform: accountsOfOnePlatform },
    ...{ run: runSteps, ended: kickSoon },
  });
  /** Platforms of which enough is at hand: of them no more is taken until half of it is begun. */
  const sated = () => [...lanes.waiting()].filter(([, count]) => count > batch / 2).map(([id]) => id);

  let sweptAt = Number.NEGATIVE_INFINITY;
  /** What an ended process had claimed is taken up at once instead of after its lease. */
  async function sweep(): Promise<void> {
    if (monotonicMs() - sweptAt < sweepEveryMs) return;
    sweptAt = monotonicMs();
    const alive = new Set([...(await options.aliveProcesses()), options.processId]);
    const freed = await app.database.withWorker((tx) => freeClaimsOf(tx, { exceptAlive: [...alive] }));
    if (freed > 0) log.warn({ freed }, 'deliveries left by an ended process are taken up');
  }

  /** @returns true when there may be more to take at once */
  async function scan(): Promise<boolean> {
    await sweep();
    now = await app.database.now();
    clock.observe(now);
    await app.failpoints.hit('claim.before');
    // What is left to others, another process may have meanwhile.
    const wishes = { limit: batch, exceptPlatforms: sated(), sendsFirst: sending };
    const claimed = await app.database.withWorker((tx) => claimDue(tx, options.processId, wishes));
    sending = claimed.filter(({ state }) => unsent.has(state)).length >= crowd;
    if (claimed.length > 0) await app.failpoints.hit('claim.saved');
    lanes.add(claimed);
    return claimed.length === batch;
  }

  /** Steps that may follow each other at once do; an account's next delivery waits for the last of them. */
  async function runSteps(delivery: DeliveryRecord): Promise<void> {
    try {
      for (let next: DeliveryRecord | null = delivery; next && !stopping; ) {
        next = await runDelivery(app, next, { together, paused: clock.alarm(), now });
      }
    } catch (error) {
      // A conflict means that a person or another process moved it first; its lease wakes it again.
      if (error instanceof AppError && error.code === 'state-conflict') return;
      log.error(
        { delivery: delivery.id, error: (error as Error).message },
        'a delivery step failed; it is tried again',
      );
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      kicked = false;
      try {
        if (await scan()) kicked = true;
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'the due-scanner could not read; trying again');
      }
      if (kicked || stopping) continue;
      await rest(await waitTime());
    }
    await lanes.stop();
  }

  async function waitTime(): Promise<number> {
    // While there is enough of a platform at hand the next look at it comes with what ends.
    const except = sated();
    const next = await app.database.withWorker((tx) => nextWakeMs(tx, except)).catch(() => null);
    if (next === null) return idleMs;
    // Due and not taken: another process is at that account, or just claiming.
    return next <= 0 ? elsewhereMs : Math.max(finestMs, Math.min(next, idleMs));
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

  // Beside the loop: taking away must not wait for posting, nor the other way round.
  const withdrawing = createLane('withdrawals', async (ending) => {
    while (!ending() && (await runWithdrawals(app)) > 0);
  });
  const planFigures = everyMs(planFiguresEveryMs, () => planFigurePolls(app), { atOnce: true });
  const measuring = createLane('figures', async (ending) => {
    await planFigures();
    while (!ending() && (await pollFigures(app)) > 0);
    while (!ending() && (await pollAccountFigures(app)));
  });
  const linking = createLane('app links', async (ending) => {
    while (!ending() && (await makeAppLinks(app)) > 0);
  });
  const pokeAside = () => {
    linking.poke();
    withdrawing.poke();
    measuring.poke();
  };
  const timer = setInterval(pokeAside, idleMs);
  pokeAside();
  const running = loop();
  return {
    kick() {
      kick();
      withdrawing.poke();
      linking.poke();
    },
    clockAlarm: () => clock.alarm(),
    async stop() {
      stopping = true;
      kick();
      clearInterval(timer);
      await Promise.all([running, withdrawing.stop(), measuring.stop(), linking.stop()]);
    },
  };
}

/** Calls `work` at once, and then once a while however often it is asked to. */
function gather(work: () => void, ms: number): () => void {
  let resting = false;
  let asked = false;
  return function ask() {
    asked = true;
    if (resting) return;
    asked = false;
    resting = true;
    work();
    setTimeout(() => {
      resting = false;
      if (asked) ask();
    }, ms);
  };
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
