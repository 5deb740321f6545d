/** Claimed deliveries, an account's one after the other in their order, a limited number of accounts beside each other. */
import type { DeliveryRecord } from '../store.ts';

export type AccountLanes = {
  add(deliveries: readonly DeliveryRecord[]): void;
  /** Claimed and not begun. */
  waiting(): number;
  /** Begins nothing more; resolves when what runs has ended. */
  stop(): Promise<void>;
};

/** @param options.ended called whenever a delivery was run and another may be taken; `run` must not throw */
export function createAccountLanes(options: {
  atOnce: number;
  run(delivery: DeliveryRecord): Promise<void>;
  ended(): void;
}): AccountLanes {
  const queues = new Map<string, DeliveryRecord[]>();
  const running = new Map<string, Promise<void>>();
  let waiting = 0;
  let stopping = false;

  function begin(): void {
    for (const [account, queue] of queues) {
      if (stopping || running.size >= options.atOnce) return;
      if (!running.has(account)) running.set(account, serve(account, queue));
    }
  }

  async function serve(account: string, queue: DeliveryRecord[]): Promise<void> {
    for (let next = queue.shift(); next; next = stopping ? undefined : queue.shift()) {
      waiting -= 1;
      await options.run(next);
      options.ended();
    }
    queues.delete(account);
    running.delete(account);
    begin();
  }

  return {
    waiting: () => waiting,
    add(deliveries) {
      for (const delivery of deliveries) {
        const queue = queues.get(delivery.account_id) ?? [];
        queue.push(delivery);
        queues.set(delivery.account_id, queue);
      }
      waiting += deliveries.length;
      begin();
    },
    async stop() {
      stopping = true;
      await Promise.all(running.values());
    },
  };
}
