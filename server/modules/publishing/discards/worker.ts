import type { App } from '#server/base/app.ts';
import { log } from '#server/base/log.ts';
import { discardDrafts } from './discard-drafts.ts';

const everyMs = 2_000;

/** Looks for left-over drafts; one look at a time, apart from the posting. */
export function startDraftWorker(app: App): { stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  let stopping = false;
  async function look(): Promise<void> {
    while (!stopping && (await discardDrafts(app)) > 0);
  }
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'drafts were not cleared away; trying again'),
      )
      .finally(() => {
        running = null;
      });
  }, everyMs);
  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await running;
    },
  };
}
