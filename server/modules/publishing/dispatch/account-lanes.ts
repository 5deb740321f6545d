/**
 * Claimed deliveries, an account's one after the other in their order, a limited number of accounts beside each other:
 * of one platform fewer than of all together, so that one which hangs takes no other's place.
 */
import type { DeliveryRecord } from '../store.ts';

export type AccountLanes = {
  add(deliveries: readonly DeliveryRecord[]): void;
  /** Claimed and not begun, by platform. */
  waiting(): ReadonlyMap<string, number>;
  /** Begins nothing more; resolves when what runs has ended. */
  stop(): Promise<void>;
};

/** @param options.ended called whenever a delivery was run and another may be taken; `run` must not throw */
export function createAccountLanes(options: {
  atOnce: number;
  ofOnePlatform: number;
  run(delivery: DeliveryRecord): Promise<void>;
  ended(): void;
}): AccountLanes {
  const queues = new Map<string, DeliveryRecord[]>();
  const running = new Map<string, Promise<void>>();
  const runningOf = counter();
  const waitingOf = counter();
  let stopping = false;

  function begin(): void {
    for (const [account, queue] of queues) {
      if (stopping || running.size >= options.atOnce) return;
      const { platform } = queue[0] ?? {};
      if (!platform || running.has(account) || runningOf.get(platform) >= options.ofOnePlatform) continue;
      runningOf.add(platform, 1);
      running.set(account, serve(account, platform, queue));
    }
  }

  async function serve(account: string, platform: string, queue: DeliveryRecord[]): Promise<void> {
    for (let next = queue.shift(); next; next = stopping ? undefined : queue.shift()) {
      waitingOf.add(platform, -1);
      await options.run(next);
      options.ended();
    }
    queues.delete(account);
    running.delete(account);
    runningOf.add(platform, -1);
    begin();
  }

  return {
    waiting: () => waitingOf.all,
    add(deliveries) {
      for (const delivery of deliveries) {
        const queue = queues.get(delivery.account_id) ?? [];
        queue.push(delivery);
        queues.set(delivery.account_id, queue);
        waitingOf.add(delivery.platform, 1);
      }
      begin();
    },
    async stop() {
      stopping = true;
      await Promise.all(running.values());
    },
  };
}

function counter() {
  const all = new Map<string, number>();
  const get = (key: string) => all.get(key) ?? 0;
  return {
    all: all as ReadonlyMap<string, number>,
    get,
    add(key: string, more: number) {
      const sum = get(key) + more;
      if (sum === 0) all.delete(key);
      else all.set(key, sum);
    },
  };
}
