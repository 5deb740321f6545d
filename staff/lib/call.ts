/** One way to the server: typed by the route objects of `shared/`, so a screen cannot ask for what is not offered. */
import type { z } from 'zod';
import type { Route, RouteReply } from '#shared/route.ts';
import { CallError, errorFromAnswer, offlineError, unreadableError } from './call-error.ts';
import { buildRequest, type CallParts, isMutating, newKey } from './request.ts';
import { signedInAgain } from './session-gate.ts';

/** A part whose fields are all optional may be left out. */
type Part<Name extends 'params' | 'query' | 'body', T extends Route> = T extends {
  [K in Name]: infer S extends z.ZodType;
}
  ? Record<never, never> extends z.input<S>
    ? { [K in Name]?: z.input<S> }
    : { [K in Name]: z.input<S> }
  : unknown;

/** What a route takes: only the parts that it declares. */
export type CallInput<T extends Route> = Part<'params', T> & Part<'query', T> & Part<'body', T>;

type CallOptions = {
  /** The key of the user's action; one is made where none is given. */
  key?: string;
  /** `throw`: a missing session is the caller's business (first load, public pages). Default: ask over the page. */
  onSignedOut?: 'ask' | 'throw';
};

type Arguments<T extends Route> =
  unknown extends CallInput<T>
    ? [input?: undefined, options?: CallOptions]
    : Record<never, never> extends CallInput<T>
      ? [input?: CallInput<T>, options?: CallOptions]
      : [input: CallInput<T>, options?: CallOptions];

const retryDelays = [600, 1_800];

export async function call<T extends Route>(route: T, ...rest: Arguments<T>): Promise<RouteReply<T>> {
  const [input, options = {}] = rest;
  const parts = (input ?? {}) as CallParts;
  const key = options.key ?? newKey();
  // A declared body must be sent even when it is empty.
  const full = route.body && parts.body === undefined ? { ...parts, body: {} } : parts;
  const { url, init } = buildRequest(route, full, key);
  const ask = route.access !== 'public' && options.onSignedOut !== 'throw';
  const json = await send(url, init, isMutating(route.method), ask);
  return readReply(route, json);
}

/** Sends one file, or a part of one, as multipart field `file`; other fields stand before it, as the server reads in order. */
export async function upload<T extends Route>(
  route: T,
  file: Blob,
  name: string,
  { fields = {}, ...parts }: CallParts & { fields?: Record<string, string> } = {},
): Promise<RouteReply<T>> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', file, name);
  const { url, init } = buildRequest(route, parts, newKey());
  return readReply(route, await send(url, { ...init, body: form }, true, route.access !== 'public'));
}

function readReply<T extends Route>(route: T, json: unknown): RouteReply<T> {
  const parsed = route.reply.safeParse(json);
  if (parsed.success) return parsed.data as RouteReply<T>;
  console.error(`reply of ${route.method} ${route.path} does not fit`, parsed.error);
  throw unreadableError(200);
}

/** Repeats after a lost network and after signing in again, always with the same headers, hence the same key. */
async function send(url: string, init: RequestInit, repeat: boolean, ask: boolean): Promise<unknown> {
  for (let tries = 0; ; ) {
    const delay = repeat ? retryDelays[tries] : undefined;
    const answer = await fetch(url, init).catch(() => null);
    if (answer === null) {
      if (delay === undefined) throw offlineError();
      tries += 1;
      await pause(delay);
      continue;
    }
    const json: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return json;
    const error = errorFromAnswer(answer.status, json);
    if (error.code === 'sign-in-needed' && ask) {
      await signedInAgain();
      continue;
    }
    if (error.code === 'idempotency-key-busy' && delay !== undefined) {
      tries += 1;
      await pause(delay);
      continue;
    }
    throw error;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export function isCallError(error: unknown, code: CallError['code']): error is CallError {
  return error instanceof CallError && error.code === code;
}
