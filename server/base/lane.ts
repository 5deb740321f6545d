import { monotonicMs } from '#server/base/clock.ts';
import { log } from '#server/base/log.ts';

/** Work that never overlaps itself. */
export type Lane = {
  /** Runs the work now, or once more after the present run. */
  poke(): void;
  /** Begins no further run and waits for the present one. */
  stop(): Promise<void>;
};

/** @param work told by `stopping()` when to come to an end; its failures are logged, and the next poke tries again */
export function createLane(name: string, work: (stopping: () => boolean) => Promise<void>): Lane {
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  async function run(): Promise<void> {
    do {
      again = false;
      try {
        await work(() => stopped);
      } catch (error) {
        log.warn({ lane: name, error: (error as Error).message }, 'work of a lane failed; it is tried again');
        // A failing database is asked again at the next tick, not at once.
        break;
      }
    } while (again && !stopped);
    running = undefined;
  }

  return {
    poke() {
      if (stopped) return;
      again = true;
      running ??= run();
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** Calls that come sooner than `ms` after the last success do nothing. */
export function everyMs(
  ms: number,
  work: () => Promise<void>,
  options: { atOnce: boolean },
): () => Promise<void> {
  let last = options.atOnce ? Number.NEGATIVE_INFINITY : monotonicMs();
  return async () => {
    if (monotonicMs() - last < ms) return;
    await work();
    last = monotonicMs();
  };
}
