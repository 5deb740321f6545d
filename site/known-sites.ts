import type { App } from '#server/base/app.ts';
import { monotonicMs } from '#server/base/clock.ts';
import { listPublicSites } from '#server/modules/publishing/index.ts';
import type { Site } from './site-frame.ts';

export type KnownSites = {
  /** The bureau that answers at `/`; undefined before the first bureau is founded. */
  first(): Promise<Site | undefined>;
  bySlug(slug: string): Promise<Site | undefined>;
  byBureau(bureauId: string): Promise<Site | undefined>;
  all(): Promise<readonly Site[]>;
  close(): void;
};

/** Names and profiles change a few times a year; they may be this old. */
const keepMs = 5_000;

/** The bureaus, kept for some seconds; each new one is watched for changes of its deliveries. */
export function watchSites(app: App, changed: (bureauId: string) => void): KnownSites {
  const ends = new Map<string, () => void>();
  let sites: readonly Site[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    sites = await app.database.withPublic(listPublicSites);
    readAt = monotonicMs();
    for (const { bureauId } of sites) {
      if (ends.has(bureauId)) continue;
      const end = app.live.subscribe(bureauId, (topics) => {
        if (topics.includes('deliveries')) changed(bureauId);
      });
      ends.set(bureauId, end);
    }
  }

  async function current(): Promise<readonly Site[]> {
    if (monotonicMs() - readAt >= keepMs) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    }
    return sites;
  }

  return {
    first: async () => (await current())[0],
    bySlug: async (slug) => (await current()).find((site) => site.slug === slug),
    async byBureau(bureauId) {
      const find = () => sites.find((site) => site.bureauId === bureauId);
      await current();
      // Founded within the last seconds.
      if (!find()) await read();
      return find();
    },
    all: current,
    close() {
      for (const end of ends.values()) end();
    },
  };
}
