/** One API call as the handlers see it: who calls, with what, and how much is left. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import { Refusal } from './refusal.ts';
import { type MastodonAccount, PLATFORM, stateOf, type Token } from './state.ts';

const WINDOW_MS = 5 * 60_000;

export type Call = {
  world: World;
  account: MastodonAccount;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** JSON or form fields. */
  fields: Readonly<Record<string, unknown>>;
  file: Buffer | null;
  idempotencyKey: string | null;
  /** Where browsers find this instance. */
  base: string;
};

/** A handler answers 200 with what it returns, unless it says otherwise. */
export type Handler = (call: Call) => unknown;

export class Reply {
  readonly status: number;
  readonly json: unknown;
  constructor(status: number, json: unknown) {
    this.status = status;
    this.json = json;
  }
}

export const baseOf = (request: FastifyRequest): string =>
  `${request.protocol}://${request.host}/sandbox/${PLATFORM}`;

/** @throws {Refusal} 401 for a token nobody issued or somebody revoked, 403 for one that may not do this */
export function accountOfToken(world: World, request: FastifyRequest): MastodonAccount {
  const value = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  for (const account of Object.values(stateOf(world).accounts)) {
    const token = account.tokens.find((candidate) => candidate.value === value);
    if (!token) continue;
    if (token.revoked) throw new Refusal(401, 'The access token was revoked');
    if (!mayDo(token, request.method)) throw new Refusal(403, 'This action is outside the authorized scopes');
    return account;
  }
  throw new Refusal(401, 'The access token is invalid');
}

const mayDo = (token: Token, method: string): boolean =>
  token.scopes.includes(method === 'GET' ? 'read' : 'write');

/** Counts against the five-minute window and says what is left, as every answer does. @throws {Refusal} 429 */
export function countCall(world: World, account: MastodonAccount, reply: FastifyReply): void {
  const now = world.clock.now();
  const window = Math.floor(now / WINDOW_MS);
  if (account.used.window !== window) account.used = { window, calls: 0 };
  account.used.calls += 1;
  world.changed();
  const left = account.callsPerWindow - account.used.calls;
  reply.header('x-ratelimit-limit', account.callsPerWindow);
  reply.header('x-ratelimit-remaining', Math.max(0, left));
  reply.header('x-ratelimit-reset', new Date((window + 1) * WINDOW_MS).toISOString());
  // Its own clock: tests advance it.
  reply.header('date', new Date(now).toUTCString());
  if (left < 0) throw new Refusal(429, 'Too many requests');
}

export async function readBody(
  request: FastifyRequest,
): Promise<{ fields: Record<string, unknown>; file: Buffer | null }> {
  const fields: Record<string, unknown> = {};
  if (!request.isMultipart()) {
    if (typeof request.body === 'object' && request.body !== null) Object.assign(fields, request.body);
    return { fields, file: null };
  }
  let file: Buffer | null = null;
  for await (const piece of request.parts()) {
    if (piece.type === 'field') fields[piece.fieldname] = piece.value;
    else if (piece.fieldname === 'file') file = await piece.toBuffer();
    else await piece.toBuffer();
  }
  return { fields, file };
}
