/** Parts of a bench that must not share a process: asked by messages, ended with the bench whatever happens. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

type Question = { id: number; ask: string; input: unknown };
type Answer = { id: number; value?: unknown; error?: string };

export type Child = {
  ask<T>(name: string, input?: unknown): Promise<T>;
  /** Asks it to end, and makes it end after ten seconds. */
  stop(): Promise<void>;
};

/** @param file a module that calls `answerParent` */
export function startChild(file: URL): Child {
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  let failure: Error | undefined;
  child.on('message', (message) => {
    const { id, value, error } = message as Answer;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  });
  child.on('exit', (code, signal) => {
    failure = new Error(`${file.pathname.split('/').at(-1)} ended early (${signal ?? code})`);
    for (const { reject } of waiting.values()) reject(failure);
  });
  return {
    ask<T>(name: string, input?: unknown): Promise<T> {
      if (failure) return Promise.reject(failure);
      lastId += 1;
      const id = lastId;
      return new Promise<T>((resolve, reject) => {
        waiting.set(id, { resolve: (value) => resolve(value as T), reject });
        child.send({ id, ask: name, input } satisfies Question);
      });
    },
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // A disconnected child has nothing left to wait for; `answerParent` closes what it holds.
  child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

/** In the child: answers questions one by one until the parent is gone, then closes and ends. */
export function answerParent(
  answers: Readonly<Record<string, (input: never) => Promise<unknown>>>,
  close: () => Promise<void> = async () => undefined,
): void {
  process.on('message', async (message) => {
    const { id, ask, input } = message as Question;
    try {
      process.send?.({ id, value: await answers[ask]?.(input as never) } satisfies Answer);
    } catch (error) {
      process.send?.({ id, error: (error as Error).stack ?? String(error) } satisfies Answer);
    }
  });
  process.once('disconnect', () => void close().finally(() => process.exit(0)));
}
