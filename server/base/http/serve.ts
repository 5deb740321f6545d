/**
 * How a module offers routes: the shared route object and a handler. A route opens one transaction in the scope of who
 * calls it, so that the handler's changes, its audit rows, its jobs and the stored answer of its idempotency key are
 * committed together or not at all. Nothing in a handler may call a platform: that is a worker's work.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Route } from '#shared/route.ts';
import type { Actor } from '../actor.ts';
import type { App } from '../app.ts';
import type { Tx } from '../database.ts';

export type Parsed<T extends Route> = {
  params: T extends { params: infer S extends z.ZodType } ? z.output<S> : undefined;
  query: T extends { query: infer S extends z.ZodType } ? z.output<S> : undefined;
  body: T extends { body: infer S extends z.ZodType } ? z.output<S> : undefined;
};
type AnyParsed = { params: unknown; query: unknown; body: unknown };

export type PrepareContext<T extends Route> = Parsed<T> & {
  app: App;
  actor: Actor;
  request: FastifyRequest;
};
/** A request without its body: what is read from that is read before the transaction, or a slow sender holds a connection. */
export type SeenRequest = Pick<FastifyRequest, 'cookies' | 'headers' | 'ip'>;

export type StaffContext<T extends Route, P = undefined> = Omit<PrepareContext<T>, 'request'> & {
  request: SeenRequest;
  tx: Tx;
  prepared: P;
};
export type PublicContext<T extends Route> = Parsed<T> & {
  app: App;
  request: FastifyRequest;
  reply: FastifyReply;
};

type AnyPrepare = AnyParsed & { app: App; actor: Actor; request: FastifyRequest };

export type ServedRoute =
  | {
      kind: 'staff';
      route: Route;
      prepare?(context: AnyPrepare): Promise<unknown>;
      run(context: AnyPrepare & { tx: Tx; prepared: unknown }): Promise<unknown>;
    }
  | {
      kind: 'public';
      route: Route;
      run(context: AnyParsed & { app: App; request: FastifyRequest; reply: FastifyReply }): Promise<unknown>;
    };

export type RouteSet = readonly ServedRoute[];

type Staff = Extract<ServedRoute, { kind: 'staff' }>;

/** A route of signed-in people. */
export function serve<T extends Route>(
  route: T,
  run: (context: StaffContext<T>) => Promise<z.input<T['reply']>>,
): ServedRoute {
  if (route.access === 'public') throw new Error(`${route.path} is public: use servePublic`);
  // The context is built from this very route's schemas, so the narrower handler fits.
  return { kind: 'staff', route, run: run as Staff['run'] };
}

/**
 * As `serve`, with a part that runs before the transaction: what must not hold a connection (hashing), or must stay when the
 * request fails (a counted attempt). It runs again when a request is repeated with its key, also after the first succeeded,
 * so it gives its verdict to `run`, which only the first request reaches.
 */
export function servePrepared<T extends Route, P>(
  route: T,
  prepare: (context: PrepareContext<T>) => Promise<P>,
  run: (context: StaffContext<T, P>) => Promise<z.input<T['reply']>>,
): ServedRoute {
  const served = serve(route, run as (context: StaffContext<T>) => Promise<z.input<T['reply']>>) as Staff;
  return { ...served, prepare: prepare as NonNullable<Staff['prepare']> };
}

/** A route that nobody need sign in for; the handler opens its own scope. */
export function servePublic<T extends Route>(
  route: T,
  run: (context: PublicContext<T>) => Promise<z.input<T['reply']>>,
): ServedRoute {
  if (route.access !== 'public') throw new Error(`${route.path} is not public: use serve`);
  return { kind: 'public', route, run: run as Extract<ServedRoute, { kind: 'public' }>['run'] };
}
