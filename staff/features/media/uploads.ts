/** Uploads of this tab: they go on while the person works on another page of the desk. */
import { useSyncExternalStore } from 'react';
import { beginUpload, cancelUpload, finishUpload, getUpload, putUploadPart } from '#shared/media.ts';
import { call, upload } from '../../lib/call.ts';
import { CallError, errorText } from '../../lib/call-error.ts';
import { newKey } from '../../lib/request.ts';
import { type SendState, type SendSteps, sendFile, UploadRefused } from './send-file.ts';

export type Sending = {
  key: string;
  name: string;
  size: number;
  fingerprint: string;
  state: SendState | { kind: 'waiting' };
};

/** A larger file would have to be read whole for its hash. */
const hashLimit = 64 * 1024 * 1024;

let list: readonly Sending[] = [];
const listeners = new Set<() => void>();
const aborts = new Map<string, AbortController>();
const ends = new Map<string, (fileId: string | null) => void>();
let queue: Promise<unknown> = Promise.resolve();

function show(next: readonly Sending[]): void {
  list = next;
  for (const listener of listeners) listener();
}

const update = (key: string, state: Sending['state']) =>
  show(list.map((one) => (one.key === key ? { ...one, state } : one)));

/** By which the server finds a broken-off upload of the same file again. */
const fingerprintOf = (file: File): string => `${file.name} ${file.size} ${file.lastModified}`.slice(0, 300);

async function hashOf(file: File): Promise<string | undefined> {
  // `subtle` exists only on https and localhost.
  if (file.size > hashLimit || !globalThis.crypto.subtle) return undefined;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function stepsFor(file: File): SendSteps {
  return {
    begin: async () => {
      const sha256 = await hashOf(file);
      const body = { name: file.name || 'file', size: file.size, fingerprint: fingerprintOf(file) };
      return call(beginUpload, { body: sha256 ? { ...body, sha256 } : body });
    },
    put: (uploadId, offset, bytes) =>
      upload(putUploadPart, bytes, 'part', { params: { uploadId }, query: { offset: String(offset) } }),
    ask: (uploadId) => call(getUpload, { params: { uploadId } }),
    finish: (uploadId) => call(finishUpload, { params: { uploadId } }),
    drop: (uploadId) => call(cancelUpload, { params: { uploadId } }),
    meaning: (error) => {
      if (!(error instanceof CallError)) return null;
      const { received } = error.details;
      if (error.code === 'upload-offset' && typeof received === 'number') return { received };
      const away =
        error.status === 0 || error.status === 429 || error.status === 503 || error.code === 'unreadable';
      return away ? 'again' : null;
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          removeEventListener('online', done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        addEventListener('online', done);
      }),
    now: () => performance.now(),
  };
}

async function send(key: string, file: File): Promise<string | null> {
  const abort = new AbortController();
  aborts.set(key, abort);
  try {
    const done = await sendFile(file, stepsFor(file), (state) => update(key, state), abort.signal);
    if (done) update(key, { kind: 'done', ...done });
    return done?.fileId ?? null;
  } catch (error) {
    update(key, { kind: 'failed', ...(error instanceof UploadRefused ? error.text : errorText(error)) });
    return null;
  } finally {
    aborts.delete(key);
  }
}

/** One after another: a line that is shared ends later for all. Each promise gives the id, or null when it did not come. */
export function sendFiles(files: readonly File[]): Promise<string | null>[] {
  const added = files.map((file) => ({ file, key: newKey() }));
  show([
    ...list,
    ...added.map(({ file, key }) => ({
      ...{ key, name: file.name, size: file.size, fingerprint: fingerprintOf(file) },
      state: { kind: 'waiting' } as const,
    })),
  ]);
  return added.map(({ file, key }) => {
    const ended = new Promise<string | null>((resolve) => ends.set(key, resolve));
    queue = queue.then(async () => {
      const here = list.some((one) => one.key === key);
      ends.get(key)?.(here ? await send(key, file) : null);
      ends.delete(key);
    });
    return ended;
  });
}

export function forgetUpload(key: string): void {
  aborts.get(key)?.abort();
  show(list.filter((one) => one.key !== key));
}

const isBusy = (one: Sending) => ['waiting', 'sending', 'paused'].includes(one.state.kind);

function warnBeforeLeaving(event: BeforeUnloadEvent): void {
  if (list.some(isBusy)) event.preventDefault();
}

export function useUploads(): readonly Sending[] {
  return useSyncExternalStore(
    (listener) => {
      if (listeners.size === 0) addEventListener('beforeunload', warnBeforeLeaving);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => list,
  );
}
