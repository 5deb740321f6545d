import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import type { Route, RouteReply } from '#shared/route.ts';
import type { LiveTopic } from '#shared/system.ts';
import { type CallInput, call } from './call.ts';
import { CallError } from './call-error.ts';
import { isSame } from './is-same.ts';

/** `todo` and `health` depend on everything: any topic refreshes them. */
export type Topic = LiveTopic | 'any' | 'none';

export function retryQuery(count: number, error: Error): boolean {
  const worthIt = !(error instanceof CallError) || error.status === 0 || error.status >= 500;
  return worthIt && count < 2;
}

/** `forgetAtOnce`: never shown again from memory, because an editor starts from it. `revision` is part of what is asked for without being sent: a new one reads anew. */
type ReadOptions = { enabled?: boolean; keepPrevious?: boolean; revision?: number; forgetAtOnce?: boolean };

/** Reads a route and reads it again whenever one of its topics changes. */
export function useRead<T extends Route>(
  route: T,
  topics: readonly Topic[],
  input: CallInput<T>,
  options: ReadOptions = {},
) {
  return useQuery<RouteReply<T>>({
    queryKey: [route.path, input, options.revision ?? 0],
    queryFn: () => (call as (r: T, i: CallInput<T>) => Promise<RouteReply<T>>)(route, input),
    meta: { topics },
    enabled: options.enabled ?? true,
    ...(options.forgetAtOnce ? { gcTime: 0 } : {}),
    ...(options.keepPrevious ? { placeholderData: keepPreviousData as never } : {}),
  });
}

type Page<Row> = { rows: Row[]; next: string | null };

/** Reads a list page after page; `rows` is everything read so far. */
export function usePages<Row, P extends Page<Row>>(
  key: readonly unknown[],
  topics: readonly Topic[],
  read: (cursor: string | undefined) => Promise<P & Page<Row>>,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: P & Page<Row>) => last.next ?? undefined,
    meta: { topics },
    placeholderData: (before) => before,
  });
  const pages = query.data?.pages;
  return { ...query, first: pages?.[0], rows: pages?.flatMap((page) => page.rows) };
}

export function refreshTopics(client: QueryClient, topics: readonly string[]): void {
  void client.invalidateQueries({
    predicate: (query) => {
      const own = (query.meta?.topics ?? []) as readonly Topic[];
      return own.includes('any') || own.some((topic) => topics.includes(topic));
    },
  });
}

export function refreshAll(client: QueryClient): void {
  void client.invalidateQueries({
    predicate: (query) => !((query.meta?.topics ?? []) as readonly Topic[]).includes('none'),
  });
}

type ActionOptions<R> = {
  topics: readonly Topic[];
  onDone?: (reply: R) => void;
  onFailed?: (error: Error) => void;
};

/**
 * One user's action; while it runs the same press again does nothing. The button that turns grey comes too late for that: a double
 * click is two presses before anything is drawn, and both would wait for the same sign-in and be sent after it.
 */
export function useAction<A, R>(run: (argument: A) => Promise<R>, options: ActionOptions<R>) {
  const client = useQueryClient();
  const running = useRef<readonly A[]>([]);
  const mutation = useMutation<R, Error, A>({
    mutationFn: async (argument) => {
      try {
        return await run(argument);
      } finally {
        running.current = running.current.filter((one) => one !== argument);
      }
    },
    networkMode: 'always',
    onSuccess: (reply) => {
      refreshTopics(client, options.topics);
      options.onDone?.(reply);
    },
    onError: (error) => {
      // A refusal often means that the state moved on: show the new one beside the words.
      refreshTopics(client, options.topics);
      options.onFailed?.(error);
    },
  });
  const { mutate: start } = mutation;
  const mutate = useCallback(
    (argument: A) => {
      if (running.current.some((one) => isSame(one, argument))) return;
      running.current = [...running.current, argument];
      start(argument);
    },
    [start],
  );
  return { ...mutation, mutate };
}
