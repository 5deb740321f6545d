/**
 * Everything the stand-in platforms share. A platform's own state is one plain JSON object under its id; the
 * whole world is written to one file, atomically and debounced, so that it survives a restart.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type AdvancedBy, createClock, type SandboxClock } from './clock.ts';
import { createFaults, type Faults } from './faults.ts';
import { createLedger, type Ledger, type LedgerEntry } from './ledger.ts';
import { createMediaStore, type MediaStore } from './media.ts';
import { createPushes, type Pushes } from './pushes.ts';
import { createSchedule, type Schedule, type ScheduledWork } from './schedule.ts';

export type World = {
  /**
   * The live state of one platform, made from a copy of `initial` when there is none. Ask for it in every call and
   * never keep it: a reset replaces it.
   */
  state<T extends object>(id: string, initial: T): T;
  /** Says that a state was changed; the file follows within 100 ms. */
  changed(): void;
  clock: SandboxClock;
  ledger: Ledger;
  faults: Faults;
  pushes: Pushes;
  schedule: Schedule;
  media: MediaStore;
  /** Back to an empty world: no accounts, no posts, no faults; the clock is the real one again. */
  reset(): void;
  /** Writes the file now if anything changed. */
  flush(): void;
  stop(): void;
};

type Saved = {
  states: Record<string, object>;
  ledger: LedgerEntry[];
  clock: AdvancedBy;
  queue: { nextId: number; waiting: ScheduledWork[] };
};

const SAVE_AFTER_MS = 100;

export function createWorld(stateFile?: string): World {
  const saved = read(stateFile);
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    if (!timer) return;
    clearTimeout(timer);
    timer = undefined;
    if (stateFile) write(stateFile, saved);
  }
  function changed(): void {
    if (stateFile) timer ??= setTimeout(flush, SAVE_AFTER_MS);
  }

  const clock = createClock(saved.clock, () => {
    changed();
    schedule.tick();
  });
  const schedule = createSchedule(saved.queue, clock.now, changed);
  const faults = createFaults(clock.now);
  const pushes = createPushes(clock.now);
  const media = createMediaStore(stateFile ? `${stateFile}.media` : undefined);
  return {
    state<T extends object>(id: string, initial: T): T {
      saved.states[id] ??= structuredClone(initial);
      return saved.states[id] as T;
    },
    changed,
    clock,
    ledger: createLedger(saved.ledger, clock.now, changed),
    faults,
    pushes,
    schedule,
    media,
    reset() {
      for (const id of Object.keys(saved.states)) delete saved.states[id];
      saved.ledger.length = 0;
      saved.clock.ms = 0;
      saved.queue.waiting = [];
      faults.clear();
      pushes.clear();
      media.clear();
      changed();
    },
    flush,
    stop() {
      schedule.stop();
      pushes.stop();
      flush();
    },
  };
}

function read(stateFile: string | undefined): Saved {
  const empty: Saved = { states: {}, ledger: [], clock: { ms: 0 }, queue: { nextId: 1, waiting: [] } };
  if (!stateFile) return empty;
  try {
    return { ...empty, ...(JSON.parse(readFileSync(stateFile, 'utf8')) as Partial<Saved>) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return empty;
    throw new Error(`模拟平台的状态文件读不了：${stateFile}。The sandbox state file cannot be read.`, {
      cause: error,
    });
  }
}

function write(stateFile: string, saved: Saved): void {
  mkdirSync(dirname(stateFile), { recursive: true });
  const fresh = `${stateFile}.new`;
  writeFileSync(fresh, JSON.stringify(saved));
  renameSync(fresh, stateFile);
}
