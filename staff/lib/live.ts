import type { QueryClient } from '@tanstack/react-query';
import { livePath } from '#shared/system.ts';
import { refreshAll, refreshTopics } from './query.ts';

const pollEvery = 15_000;
const reopenAfter = 5_000;

function topicsOf(data: string): string[] {
  try {
    const value: unknown = JSON.parse(data);
    const topics = (value as { topics?: unknown }).topics;
    return Array.isArray(topics) ? topics.filter((topic) => typeof topic === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * Keeps the screens fresh: refetches what the server says has changed. While the line is down everything on screen is
 * read every 15 seconds instead, quietly. Returns the function that stops it.
 */
export function watchLive(client: QueryClient): () => void {
  let source: EventSource | null = null;
  let poll: ReturnType<typeof setInterval> | undefined;
  let reopen: ReturnType<typeof setTimeout> | undefined;

  const down = () => {
    poll ??= setInterval(() => refreshAll(client), pollEvery);
    // The browser reconnects by itself after a lost line, but not after a refusal (401, 503).
    if (source?.readyState === EventSource.CLOSED) {
      clearTimeout(reopen);
      reopen = setTimeout(open, reopenAfter);
    }
  };
  const up = () => {
    if (poll === undefined) return;
    clearInterval(poll);
    poll = undefined;
    refreshAll(client); // What changed in between was not told.
  };
  function open(): void {
    source?.close();
    source = new EventSource(livePath);
    source.addEventListener('open', up);
    source.addEventListener('error', down);
    source.addEventListener('changed', (event) =>
      refreshTopics(client, topicsOf((event as MessageEvent<string>).data)),
    );
  }

  open();
  return () => {
    clearInterval(poll);
    clearTimeout(reopen);
    source?.close();
  };
}
