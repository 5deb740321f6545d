/**
 * Long reckoning in a thread of its own: training, clustering. The event loop goes on meanwhile. A thread gets plain data and
 * gives plain data back; it sees no database.
 */
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** The thread took longer than it may; it is ended. */
export class ThreadTimeout extends Error {}

export type ThreadOptions = {
  timeoutMs: number;
  /** Ends the thread when the process stops. */
  signal?: AbortSignal;
};

/**
 * @param file a module that calls `answerInThread` @param input cloned into the thread
 * @throws ThreadTimeout; what the thread threw; an abort
 */
export async function runInThread<Input, Output>(
  file: URL,
  input: Input,
  { timeoutMs, signal }: ThreadOptions,
): Promise<Output> {
  signal?.throwIfAborted();
  const worker = new Worker(file, { workerData: input });
  const { promise, resolve, reject } = Promise.withResolvers<Output>();
  const timer = setTimeout(
    () => reject(new ThreadTimeout(`the thread took longer than ${timeoutMs} ms`)),
    timeoutMs,
  );
  const abort = () => reject(signal!.reason as Error);
  signal?.addEventListener('abort', abort);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`the thread ended with ${code} and no answer`)));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

/** The other side: called once by the module that is the thread. */
export function answerInThread<Input, Output>(work: (input: Input) => Output): void {
  // Null in the main thread only, where no such module is loaded.
  parentPort?.postMessage(work(workerData as Input));
}
