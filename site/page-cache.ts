/**
 * Rendered pages of this process. A page is served without a question to the database while nothing of its bureau
 * changed (the live topic `deliveries`, ≤ 1 s after the commit in any process) and for five seconds at most, so that a
 * lost notification can't keep a withdrawn page up. A stale page is loaded again; when its stamp is the same the
 * rendered bytes are kept. While the database is away, a page nothing is known to have changed on is served a minute
 * longer.
 */
import { monotonicMs } from '#server/base/clock.ts';

export type Rendered = {
  bureauId: string;
  /** Changes whenever the bytes would. */
  stamp: string;
  type: string;
  body: string;
};

/** Loads and renders. Gets the stamp of the copy at hand; `'unchanged'` keeps it, null says there is no such page. */
export type Produce = (stamp: string | undefined) => Promise<Rendered | 'unchanged' | null>;

export type CachedPage = Rendered & {
  etag: string;
  /** The bytes by content encoding, made when first asked for. */
  encoded: Map<string, Buffer>;
};

type Entry = { page: CachedPage; generation: number; checkedAt: number };

export type PageCache = {
  get(key: string, produce: Produce): Promise<CachedPage | null>;
  /** Everything of the bureau must be loaded again before it is served. */
  invalidate(bureauId: string): void;
};

export function createPageCache(options: {
  maxAgeMs: number;
  /** How long a page that can't be loaded again is served on. */
  graceMs: number;
  /** Code units of all bodies together. */
  capacity: number;
  etagOf(body: string): string;
  now?: () => number;
}): PageCache {
  const now = options.now ?? monotonicMs;
  // In order of use: the first is the one to go.
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Promise<CachedPage | null>>();
  const generations = new Map<string, number>();
  let changes = 0;
  let held = 0;

  const generationOf = (bureauId: string) => generations.get(bureauId) ?? 0;
  const isFresh = ({ page, generation, checkedAt }: Entry) =>
    generation === generationOf(page.bureauId) && now() - checkedAt < options.maxAgeMs;

  function keep(key: string, entry: Entry): void {
    forget(key);
    // One giant (a sitemap) must not turn out everything else.
    if (entry.page.body.length > options.capacity / 8) return;
    entries.set(key, entry);
    held += entry.page.body.length;
    for (const oldest of entries.keys()) {
      if (held <= options.capacity) break;
      forget(oldest);
    }
  }

  function forget(key: string): void {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    held -= entry.page.body.length;
  }

  const finish = (made: Rendered): CachedPage => ({
    ...made,
    etag: options.etagOf(made.body),
    encoded: new Map(),
  });

  async function load(key: string, produce: Produce): Promise<CachedPage | null> {
    const changesBefore = changes;
    const checkedAt = now();
    const old = entries.get(key);
    let made: Rendered | 'unchanged' | null;
    try {
      made = await produce(old?.page.stamp);
    } catch (error) {
      if (
        old &&
        old.generation === generationOf(old.page.bureauId) &&
        now() - old.checkedAt < options.graceMs
      ) {
        return old.page;
      }
      throw error;
    }
    if (made === null || (made === 'unchanged' && !old)) {
      forget(key);
      return null;
    }
    const page = made === 'unchanged' || made.body === old?.page.body ? old!.page : finish(made);
    // Something changed while this was read: it may be the old text, so it is served now and asked again next time.
    const generation = changes === changesBefore ? generationOf(page.bureauId) : -1;
    keep(key, { page, generation, checkedAt });
    return page;
  }

  return {
    async get(key, produce) {
      const entry = entries.get(key);
      if (entry && isFresh(entry)) {
        entries.delete(key);
        entries.set(key, entry);
        return entry.page;
      }
      // One load at a time a page: a crowd that comes for a stale page costs one query. A load that began before a
      // change can't answer for a request that came after it, so the change is part of the name.
      const name = `${changes} ${key}`;
      const begun = loading.get(name);
      if (begun) return begun;
      const begins = load(key, produce).finally(() => loading.delete(name));
      loading.set(name, begins);
      return begins;
    },
    invalidate(bureauId) {
      changes += 1;
      generations.set(bureauId, generationOf(bureauId) + 1);
    },
  };
}
