/**
 * Keeps what a person writes: on this computer at every change, on the server shortly after. The rules live here,
 * away from React and the network, because losing a text is the one thing the desk must never do.
 */
export type LocalCopy<T> = {
  /** The server's revision that the text was based on. */
  baseRevision: number;
  content: T;
  changedAt: string;
};

export type ServerCopy<T> = { revision: number; content: T };

export type OpeningDecision = 'use-server' | 'restore-local' | 'compare';

/** What to show on opening. A local copy exists only while the server has not confirmed it. */
export function decideOnOpening<T>(
  local: LocalCopy<T> | null,
  server: ServerCopy<T>,
  same: (a: T, b: T) => boolean,
): OpeningDecision {
  if (local === null || same(local.content, server.content)) return 'use-server';
  return local.baseRevision >= server.revision ? 'restore-local' : 'compare';
}

export type SaveState<T> =
  | { kind: 'saved'; at: string | null }
  | { kind: 'waiting' }
  | { kind: 'sending' }
  /** Not on the server; `kept` says whether at least this computer has it. */
  | { kind: 'offline'; kept: boolean }
  | { kind: 'conflict'; mine: T; theirs: T; theirRevision: number; whoChanged: unknown }
  | { kind: 'refused'; error: unknown };

export type AutosavePorts<T> = {
  keep: (copy: LocalCopy<T>) => boolean;
  forget: () => void;
  send: (content: T, baseRevision: number) => Promise<{ revision: number; savedAt: string }>;
  readTheirs: () => Promise<ServerCopy<T>>;
  same: (a: T, b: T) => boolean;
  /** Tells apart what a failed `send` means. */
  meaning: (error: unknown) => 'conflict' | 'offline' | 'refused';
  now: () => Date;
};

export type Autosave<T> = {
  state: () => SaveState<T>;
  content: () => T;
  revision: () => number;
  change: (content: T) => void;
  /** Sends what is not yet sent; resolves with the revision that holds it, rejects when it could not be saved. */
  flush: () => Promise<number>;
  /** Puts a local text beside the server's, which has moved on since. */
  compare: (mine: T) => void;
  resolve: (choice: 'mine' | 'theirs') => void;
  /** Takes over what somebody else saved while nothing was being written here; true when it did. */
  adopt: (server: ServerCopy<T>) => boolean;
  /** Tries at once what waits: the line is back, the page is about to close. */
  nudge: () => void;
  subscribe: (listener: () => void) => () => void;
  start: () => void;
  /** Sends what waits and stops trying again. */
  stop: () => void;
};

export const sendAfter = 1_500;
const tryAgainAfter = 5_000;

export class NotSavedError extends Error {
  readonly state: SaveState<unknown>;
  constructor(state: SaveState<unknown>) {
    super(`not saved: ${state.kind}`);
    this.state = state;
  }
}

export function createAutosave<T>(
  start: ServerCopy<T> & { savedAt: string | null },
  ports: AutosavePorts<T>,
): Autosave<T> {
  let content = start.content;
  let revision = start.revision;
  let confirmed = start.content;
  let state: SaveState<T> = { kind: 'saved', at: start.savedAt };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let stopped = false;
  const listeners = new Set<() => void>();

  const become = (next: SaveState<T>) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const isDirty = () => !ports.same(content, confirmed);
  const keep = () => ports.keep({ baseRevision: revision, content, changedAt: ports.now().toISOString() });
  const later = (delay: number) => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void run(), delay);
  };
  const settle = (at: string | null) => {
    ports.forget();
    become({ kind: 'saved', at });
  };
  const accept = (saved: T, newRevision: number, savedAt: string) => {
    revision = newRevision;
    confirmed = saved;
    if (isDirty()) {
      keep(); // Written meanwhile: the local copy now builds on the new revision.
      become({ kind: 'waiting' });
      later(sendAfter);
    } else {
      settle(savedAt);
    }
  };

  async function compareWithTheirs(sent: T, error: unknown): Promise<void> {
    const theirs = await ports.readTheirs().catch(() => null);
    if (theirs === null) return offline();
    // An answer lost on the way looks like somebody else's change; what stands there is our own text.
    if (ports.same(theirs.content, sent)) return accept(sent, theirs.revision, ports.now().toISOString());
    become({
      kind: 'conflict',
      mine: content,
      theirs: theirs.content,
      theirRevision: theirs.revision,
      whoChanged: error,
    });
  }

  function offline(): void {
    become({ kind: 'offline', kept: keep() });
    later(tryAgainAfter);
  }

  async function sendOnce(): Promise<void> {
    const sent = content;
    become({ kind: 'sending' });
    try {
      const saved = await ports.send(sent, revision);
      accept(sent, saved.revision, saved.savedAt);
    } catch (error) {
      const meaning = ports.meaning(error);
      if (meaning === 'conflict') await compareWithTheirs(sent, error);
      else if (meaning === 'offline') offline();
      else become({ kind: 'refused', error });
    }
  }

  function run(): Promise<void> {
    clearTimeout(timer);
    if (running) return running;
    if (state.kind === 'conflict') return Promise.resolve();
    if (!isDirty()) {
      // Typed and taken back: nothing to send.
      if (state.kind !== 'saved') settle(null);
      return Promise.resolve();
    }
    running = sendOnce().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    state: () => state,
    content: () => content,
    revision: () => revision,
    change(next) {
      content = next;
      const kept = keep();
      if (state.kind === 'conflict') return become({ ...state, mine: next });
      if (running) return;
      become(kept || state.kind !== 'offline' ? { kind: 'waiting' } : { kind: 'offline', kept });
      later(sendAfter);
    },
    async flush() {
      // What is being sent may be older than what stands on the page: at most one more round is needed.
      for (let round = 0; round < 3 && (running !== null || isDirty()); round += 1) {
        await run();
        if (state.kind === 'offline' || state.kind === 'conflict' || state.kind === 'refused')
          throw new NotSavedError(state);
      }
      if (isDirty()) throw new NotSavedError(state);
      return revision;
    },
    compare(mine) {
      const theirs = content;
      content = mine;
      become({ kind: 'conflict', mine, theirs, theirRevision: revision, whoChanged: null });
    },
    resolve(choice) {
      if (state.kind !== 'conflict') return;
      const { theirs, theirRevision, mine } = state;
      revision = theirRevision;
      confirmed = theirs;
      content = choice === 'mine' ? mine : theirs;
      if (isDirty()) {
        keep();
        become({ kind: 'waiting' });
        void run();
      } else {
        settle(null);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    adopt(server) {
      if (server.revision <= revision || running !== null || state.kind !== 'saved' || isDirty())
        return false;
      revision = server.revision;
      const changed = !ports.same(content, server.content);
      content = server.content;
      confirmed = server.content;
      return changed;
    },
    nudge: () => void run(),
    start: () => {
      stopped = false;
    },
    stop: () => {
      stopped = true;
      void run();
    },
  };
}
