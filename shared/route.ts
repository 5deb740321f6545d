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

/** What a caller passes: the parts that the route declares, as they are before parsing. */
export type RouteInput<T extends Route> = (T extends { params: infer P extends RouteSchema }
  ? { params: z.input<P> }
  : unknown) &
  (T extends { query: infer Q extends RouteSchema } ? { query: z.input<Q> } : unknown) &
  (T extends { body: infer B extends RouteSchema } ? { body: z.input<B> } : unknown);

export type RouteReply<T extends Route> = z.output<T['reply']>;
