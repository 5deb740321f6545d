/**
 * A route as both sides see it. The server registers the object, the staff app calls it with full types, and
 * `/api/openapi.json` is emitted from it.
 */
import type { z } from 'zod';
import type { Permission } from './people.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** `public`: nobody need sign in. `session`: any signed-in person. Else the permission that is needed. */
export type Access = 'public' | 'session' | Permission;

export type RouteSchema = z.ZodType;

export type Route = {
  method: Method;
  path: `/api/${string}`;
  access: Access;
  /** Whether API tokens may call it. Without a word: where a permission is named yes, where any session will do no. */
  tokens?: boolean;
  /** True: open also to a session whose person must first change a password or set up a second factor. */
  beforeDuties?: true;
  /** One line for outsiders, English; shown in the API page. */
  summary: string;
  params?: RouteSchema;
  query?: RouteSchema;
  body?: RouteSchema;
  reply: RouteSchema;
};

export function route<const T extends Route>(definition: T): T {
  return definition;
}

/** Scopes are permissions: a route without one takes a token only where it says so. */
export function takesTokens({ access, tokens }: Route): boolean {
  return tokens ?? (access !== 'session' && access !== 'public');
}

/** What a caller passes: the parts that the route declares, as they are before parsing. */
export type RouteInput<T extends Route> = (T extends { params: infer P extends RouteSchema }
  ? { params: z.input<P> }
  : unknown) &
  (T extends { query: infer Q extends RouteSchema } ? { query: z.input<Q> } : unknown) &
  (T extends { body: infer B extends RouteSchema } ? { body: z.input<B> } : unknown);

export type RouteReply<T extends Route> = z.output<T['reply']>;
