/** Calls routes over real HTTP as a signed-in person, with the very objects the staff app uses. */
import { randomUUID } from 'node:crypto';
import type { ErrorBody } from '#shared/errors.ts';
import type { Route, RouteInput, RouteReply } from '#shared/route.ts';

export type Answer<T> = { status: number; body: T; error: ErrorBody | null };

export type Client = {
  cookie: string;
  /** @throws {Error} when the answer is a failure */
  call<T extends Route>(route: T, input: RouteInput<T>, key?: string): Promise<RouteReply<T>>;
  /** The raw answer, for tests of refusals. */
  try<T extends Route>(route: T, input: RouteInput<T>, key?: string): Promise<Answer<RouteReply<T>>>;
};

type AnyInput = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };

export function addressOf(base: string, route: Route, input: AnyInput): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(input.params?.[name] ?? ''),
  );
  const query = new URLSearchParams(
    Object.entries(input.query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as [string, string]],
    ),
  );
  return `${base}${path}${query.size > 0 ? `?${query}` : ''}`;
}

export function createClient(base: string, cookie: string): Client {
  const client: Client = {
    cookie,
    async try(route, input, key = randomUUID()) {
      const { body } = input as AnyInput;
      const response = await fetch(addressOf(base, route, input as AnyInput), {
        method: route.method,
        headers: {
          ...(cookie ? { cookie } : {}),
          ...(route.method === 'GET' ? {} : { 'idempotency-key': key }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const answer = (await response.json()) as never;
      return { status: response.status, body: answer, error: response.ok ? null : (answer as ErrorBody) };
    },
    async call(route, input, key) {
      const answer = await client.try(route, input, key);
      if (answer.error)
        throw new Error(`${route.method} ${route.path}: ${answer.status} ${JSON.stringify(answer.error)}`);
      return answer.body;
    },
  };
  return client;
}

export async function signInClient(base: string, login: string, password: string): Promise<Client> {
  const response = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  if (!response.ok) throw new Error(`sign-in of ${login} failed: ${await response.text()}`);
  return createClient(
    base,
    response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
  );
}
