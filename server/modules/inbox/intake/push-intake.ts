/**
 * Group commit of pushes. Each waits for the commit that carries it and is acknowledged only then; while one group
 * is being committed the next gathers, so that one flush to disk serves all who came meanwhile. What is refused or
 * fails here is not acknowledged, and the platform sends it again.
 */
import { AppError } from '#server/base/app-error.ts';
import type { Database } from '#server/base/database.ts';
import { isDataError } from '#server/base/database-errors.ts';
import { insertPushes, type RawPush } from './store.ts';

export type PushIntake = {
  /**
   * Resolves once the push is committed, or was there before.
   * @throws {AppError} too-many-requests when too much waits already, database-unavailable when it was not stored
   */
  accept(push: RawPush): Promise<void>;
  /** Refuses new pushes and waits for those under way. */
  close(): Promise<void>;
};

type Waiting = { push: RawPush; done(): void; failed(error: unknown): void };

const groupLimit = 500;
/** Bounds of what waits in memory: rows and sealed bytes. Beyond, the platform's own retry is the queue. */
const waitingLimit = 5_000;
const waitingBytesLimit = 64 * 1024 * 1024;

/** @param onCommitted told after each group, so that processing begins at once; must not throw */
export function createPushIntake(
  database: Pick<Database, 'withWorker'>,
  onCommitted: () => void = () => undefined,
): PushIntake {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let closed = false;
  let committing: Promise<void> | undefined;

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, groupLimit);
      waiting = waiting.slice(groupLimit);
      for (const { push } of group) waitingBytes -= push.sealed.length;
      await commitGroup(database, group);
      onCommitted();
    }
    committing = undefined;
  }

  return {
    accept(push) {
      if (closed || waiting.length >= waitingLimit || waitingBytes >= waitingBytesLimit) {
        return Promise.reject(new AppError('too-many-requests', { seconds: 5 }));
      }
      return new Promise((done, failed) => {
        waiting.push({ push, done, failed });
        waitingBytes += push.sealed.length;
        // Begun in a later turn of the event loop: requests that were read from sockets together go together.
        committing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(commitAll);
      });
    },
    async close() {
      closed = true;
      await committing;
    },
  };
}

async function commitGroup(database: Pick<Database, 'withWorker'>, group: readonly Waiting[]): Promise<void> {
  const pushes = group.map(({ push }) => push);
  try {
    await database.withWorker((tx) => insertPushes(tx, pushes));
    for (const { done } of group) done();
  } catch (error) {
    // One row the database can't hold must not cost the others their place.
    if (group.length > 1 && isDataError(error)) {
      for (const one of group) await commitGroup(database, [one]);
      return;
    }
    const failure = new AppError('database-unavailable', {}, error);
    for (const { failed } of group) failed(failure);
  }
}
