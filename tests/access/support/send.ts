import { randomUUID } from 'node:crypto';
import type { Route } from '#shared/route.ts';
import { addressOf, type Client } from '#tests/support/client.ts';

/** What a request is made of, before any schema has seen it; `form` for the routes that take a file. */
export type Input = {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  form?: () => FormData;
};

export type Reply = { status: number; text: string };

export async function send(base: string, client: Client, route: Route, input: Input): Promise<Reply> {
  const form = input.form?.();
  const json = form === undefined && input.body !== undefined;
  const response = await fetch(addressOf(base, route, input), {
    method: route.method,
    headers: {
      ...(client.cookie ? { cookie: client.cookie } : {}),
      ...(route.method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
      ...(json ? { 'content-type': 'application/json' } : {}),
    },
    body: form ?? (json ? JSON.stringify(input.body) : null),
  });
  return { status: response.status, text: await response.text() };
}
