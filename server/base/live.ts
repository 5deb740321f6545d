/**
 * Live updates. Work that changed something says so after its commit; one notifier a process gathers 200 ms of it
 * into a single NOTIFY (a NOTIFY inside hot transactions halved their rate), every web process listens and tells its
 * browsers which topics to fetch again. Nothing but topic names travels.
 */
import pg from 'pg';
import type { LiveTopic } from '#shared/system.ts';
import { afterCommit, type Tx } from './database.ts';
import { log } from './log.ts';

const channel = 'huisheng_live';
const gatherMs = 200;

export type LiveListener = (topics: LiveTopic[]) => void;

export type Live = {
  /** Says that rows of the bureau changed; told to browsers after commit. */
  changed(tx: Tx, bureauId: string, topic: LiveTopic): void;
  /** Returns the function that ends the subscription. */
  subscribe(bureauId: string, listener: LiveListener): () => void;
  close(): Promise<void>;
};

export async function startLive(url: string): Promise<Live> {
  const waiting = new Map<string, Set<LiveTopic>>();
  const listeners = new Map<string, Set<LiveListener>>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let client: pg.Client | undefined;

  function deliver(payload: string): void {
    const { bureau, topics } = JSON.parse(payload) as { bureau: string; topics: LiveTopic[] };
    for (const listener of listeners.get(bureau) ?? []) listener(topics);
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: url, application_name: 'huisheng live' });
    next.on('notification', (message) => message.payload && deliver(message.payload));
    next.on('error', () => reconnect());
    await next.connect();
    await next.query(`listen ${channel}`);
    client = next;
  }

  function reconnect(): void {
    if (closed) return;
    client = undefined;
    setTimeout(() => {
      if (!closed) connect().catch(() => reconnect());
    }, 1_000).unref();
  }

  async function flush(): Promise<void> {
    timer = undefined;
    const batch = [...waiting];
    waiting.clear();
    const payloads = batch.map(([bureau, topics]) => JSON.stringify({ bureau, topics: [...topics] }));
    // Lost with the connection is no harm: browsers fetch again every 15 s and after reconnecting.
    await client
      ?.query('select pg_notify($1, payload) from unnest($2::text[]) as payloads (payload)', [
        channel,
        payloads,
      ])
      .catch((error: Error) => {
        log.debug({ error: error.message }, 'a live update was not sent');
      });
  }

  await connect();
  return {
    changed(tx, bureauId, topic) {
      afterCommit(tx, () => {
        const topics = waiting.get(bureauId) ?? new Set();
        topics.add(topic);
        waiting.set(bureauId, topics);
        timer ??= setTimeout(() => void flush(), gatherMs);
      });
    },
    subscribe(bureauId, listener) {
      const set = listeners.get(bureauId) ?? new Set();
      set.add(listener);
      listeners.set(bureauId, set);
      return () => set.delete(listener);
    },
    async close() {
      closed = true;
      if (timer) {
        clearTimeout(timer);
        await flush();
      }
      await client?.end();
    },
  };
}
