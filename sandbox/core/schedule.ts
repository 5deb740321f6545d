/**
 * Work a platform does by itself later (a queued publication comes out, a confirmation runs out). Kept as plain
 * data in the state file, so that it survives a restart, and timed by the sandbox clock, so that a test may
 * advance it instead of waiting.
 */
export type ScheduledWork = { id: number; due: number; name: string; data: Record<string, unknown> };

export type Schedule = {
  /** Names the handler of a kind of work; called once by each stand-in when it registers. */
  handle(name: string, work: (data: Record<string, unknown>) => void): void;
  after(ms: number, name: string, data: Record<string, unknown>): void;
  /** Runs what is due and sets the timer for the rest. Called after the clock was advanced. */
  tick(): void;
  stop(): void;
};

const LONGEST_TIMER_MS = 3_600_000;

export function createSchedule(
  queue: { nextId: number; waiting: ScheduledWork[] },
  now: () => number,
  changed: () => void,
): Schedule {
  const handlers = new Map<string, (data: Record<string, unknown>) => void>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function tick(): void {
    clearTimeout(timer);
    if (stopped) return;
    for (let next = dueFirst(); next; next = dueFirst()) {
      const work = next;
      queue.waiting = queue.waiting.filter((candidate) => candidate.id !== work.id);
      changed();
      handlers.get(work.name)?.(work.data);
    }
    const soonest = Math.min(...queue.waiting.map((work) => work.due));
    if (soonest === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(tick, Math.min(LONGEST_TIMER_MS, Math.max(1, soonest - now())));
    timer.unref();
  }

  function dueFirst(): ScheduledWork | undefined {
    return queue.waiting
      .filter((work) => work.due <= now())
      .toSorted((a, b) => a.due - b.due || a.id - b.id)[0];
  }

  return {
    handle: (name, work) => void handlers.set(name, work),
    after(ms, name, data) {
      queue.waiting.push({ id: queue.nextId++, due: now() + ms, name, data });
      changed();
      tick();
    },
    tick,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
