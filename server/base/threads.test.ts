import { describe, expect, test } from 'vitest';
import { runInThread, ThreadTimeout } from './threads.ts';

/** A thread of one line; what it is given stands in `workerData`. */
const thread = (line: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from 'node:worker_threads';${line}`)}`,
  );
const timeoutMs = 20_000;

describe('a thread', () => {
  test('gives back what it made of what it was given', async () => {
    const doubled = thread('parentPort.postMessage(workerData.map((one) => one * 2))');
    expect(await runInThread<number[], number[]>(doubled, [1, 2], { timeoutMs })).toEqual([2, 4]);
  });

  test('tells what it threw', async () => {
    const broken = thread("throw new RangeError('too few')");
    await expect(runInThread(broken, null, { timeoutMs })).rejects.toThrow('too few');
  });

  test('that ends without an answer is a failure', async () => {
    await expect(runInThread(thread('process.exit(3)'), null, { timeoutMs })).rejects.toThrow(/ended with 3/);
  });

  test('is ended when it takes too long', async () => {
    const endless = thread('for (;;);');
    await expect(runInThread(endless, null, { timeoutMs: 50 })).rejects.toBeInstanceOf(ThreadTimeout);
  });

  test('is ended when the process stops, and not begun after that', async () => {
    const stop = new AbortController();
    const endless = runInThread(thread('for (;;);'), null, { timeoutMs, signal: stop.signal });
    stop.abort(new Error('the process stops'));
    await expect(endless).rejects.toThrow('the process stops');
    const late = runInThread(thread(''), null, { timeoutMs, signal: stop.signal });
    await expect(late).rejects.toThrow('the process stops');
  });
});
