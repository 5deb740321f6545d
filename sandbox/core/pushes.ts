/**
 * Webhook delivery as the platforms do it: a time-out, a few tries, then the push is lost for good. Every try
 * and its answer is logged. Can be told to duplicate, reorder or forge.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export type PushHttp = {
  url: string;
  method: 'POST';
  headers: Record<string, string>;
  body: string;
};

type Push = {
  platform: string;
  account: string;
  /** What is told, for the log: `text`, `PUBLISHJOBFINISH` … */
  type: string;
  /** Makes one envelope. `forged` ones carry a wrong signature. Duplicates are sealed anew, tries are not. */
  seal(as: 'genuine' | 'forged'): PushHttp;
  /** The platform's own rule of when an answer counts as received. */
  received(status: number, body: string): boolean;
};

type PushTry = { at: string; status: number | null; answer: string; ms: number };
export type PushLogEntry = {
  seq: number;
  platform: string;
  account: string;
  type: string;
  forged: boolean;
  http: PushHttp;
  tries: PushTry[];
  state: 'waiting' | 'held' | 'received' | 'lost';
};

export const PushBehaviour = z.object({
  /** Each push goes out this many times more. */
  duplicates: z.int().min(0).max(100).default(0),
  /** This many pushes are held, then sent last first. */
  reorder: z.int().min(0).max(1000).default(0),
  /** Each genuine push is preceded by one with a wrong signature. */
  forge: z.boolean().default(false),
  tries: z.int().min(1).max(10).default(3),
  timeoutMs: z.int().min(10).default(5000),
  /** Pause before the next try after a refusal; a time-out is its own pause. */
  gapMs: z.int().min(0).default(5000),
});
export type PushBehaviour = z.infer<typeof PushBehaviour>;

export type Pushes = {
  send(push: Push): void;
  list(platform?: string): PushLogEntry[];
  /** Sends the very same bytes once more: what a replaying attacker or a late retry does. */
  replay(seq: number): Promise<PushTry>;
  behave(platform: string, behaviour: z.input<typeof PushBehaviour>): PushBehaviour;
  /** Sends what is held for reordering, last first. */
  release(): void;
  clear(): void;
  stop(): void;
};

export function createPushes(now: () => number): Pushes {
  let log: PushLogEntry[] = [];
  let held: { entry: PushLogEntry; push: Push }[] = [];
  let seq = 0;
  const behaviours = new Map<string, PushBehaviour>();
  const stopping = new AbortController();
  const behaviourOf = (platform: string) => behaviours.get(platform) ?? PushBehaviour.parse({});

  function enqueue(push: Push, as: 'genuine' | 'forged'): void {
    const { platform, account, type } = push;
    const rules = behaviourOf(platform);
    const entry: PushLogEntry = {
      seq: ++seq,
      platform,
      account,
      type,
      forged: as === 'forged',
      http: push.seal(as),
      tries: [],
      state: 'waiting',
    };
    log.push(entry);
    if (rules.reorder > 0) {
      entry.state = 'held';
      held.push({ entry, push });
      if (held.length >= rules.reorder) release();
      return;
    }
    void deliver(entry, push, rules);
  }

  function release(): void {
    const waiting = held.toReversed();
    held = [];
    // One after the other, so that the order of arrival really is the reverse.
    void waiting.reduce(
      (before, { entry, push }) => before.then(() => deliver(entry, push, behaviourOf(entry.platform))),
      Promise.resolve(),
    );
  }

  async function deliver(entry: PushLogEntry, push: Push, rules: PushBehaviour): Promise<void> {
    entry.state = 'waiting';
    for (let count = 1; count <= rules.tries && !stopping.signal.aborted; count += 1) {
      const attempt = await post(entry.http, rules.timeoutMs, now, stopping.signal);
      entry.tries.push(attempt);
      if (attempt.status !== null && push.received(attempt.status, attempt.answer)) {
        entry.state = 'received';
        return;
      }
      const pause = Math.max(0, rules.gapMs - attempt.ms);
      if (count < rules.tries) await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
    entry.state = 'lost';
  }

  return {
    send(push) {
      const rules = behaviourOf(push.platform);
      if (rules.forge) enqueue(push, 'forged');
      for (let copy = 0; copy <= rules.duplicates; copy += 1) enqueue(push, 'genuine');
    },
    list: (platform) => log.filter((entry) => platform === undefined || entry.platform === platform),
    async replay(wanted) {
      const entry = log.find((candidate) => candidate.seq === wanted);
      if (!entry) throw new RangeError(`没有第 ${wanted} 号推送。There is no push ${wanted}.`);
      const attempt = await post(entry.http, behaviourOf(entry.platform).timeoutMs, now, stopping.signal);
      entry.tries.push(attempt);
      return attempt;
    },
    behave(platform, input) {
      const rules = PushBehaviour.parse(input);
      behaviours.set(platform, rules);
      return rules;
    },
    release,
    clear() {
      log = [];
      held = [];
      behaviours.clear();
    },
    stop: () => stopping.abort(),
  };
}

/** The whole of an answer, for it may be words to a person, sealed; more than any platform takes is a mistake. */
const longestAnswer = 64 * 1024;

async function post(
  http: PushHttp,
  timeoutMs: number,
  now: () => number,
  stop: AbortSignal,
): Promise<PushTry> {
  const at = new Date(now()).toISOString();
  const begun = performance.now();
  try {
    const response = await fetch(http.url, {
      method: http.method,
      headers: http.headers,
      body: http.body,
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
    });
    const answer = (await response.text()).slice(0, longestAnswer);
    return { at, status: response.status, answer, ms: Math.round(performance.now() - begun) };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { at, status: null, answer: String(cause), ms: Math.round(performance.now() - begun) };
  }
}
