/** One API call as the handlers see it: who calls, and with which fields. */
import type { FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import { Refusal } from './refusal.ts';
import { dayOf, stateOf, type WeiboAccount } from './state.ts';

export type Fields = Record<string, string>;

export type Call = {
  world: World;
  account: WeiboAccount;
  /** Query and form together, as the platform reads them. */
  fields: Fields;
  /** The uploaded file of a multipart call. */
  file: Buffer | null;
};

export type Handler = (call: Call) => unknown;

/** @throws {Refusal} 10016 when the field is absent or empty */
export function required(fields: Fields, name: string): string {
  const value = fields[name];
  if (value === undefined || value === '') throw new Refusal(10016);
  return value;
}

export function whole(fields: Fields, name: string, fallback: number): number {
  const value = Number(fields[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0) throw new Refusal(10008);
  return value;
}

export async function readFields(request: FastifyRequest): Promise<{ fields: Fields; file: Buffer | null }> {
  // A field given several times (`url_short`) is read as a list with commas.
  const query = Object.entries(request.query as Record<string, string | string[]>);
  const fields: Fields = Object.fromEntries(query.map(([name, value]) => [name, String(value)]));
  if (!request.isMultipart()) {
    if (typeof request.body === 'object' && request.body !== null) Object.assign(fields, request.body);
    return { fields, file: null };
  }
  let file: Buffer | null = null;
  for await (const piece of request.parts()) {
    if (piece.type === 'field') fields[piece.fieldname] = String(piece.value);
    else if (piece.fieldname === 'pic') file = await piece.toBuffer();
    else await piece.toBuffer();
  }
  return { fields, file };
}

/** @throws {Refusal} 21332 for a token nobody issued or somebody revoked, 21327 for one that ran out */
export function accountOfToken(world: World, value: string | undefined): WeiboAccount {
  if (!value) throw new Refusal(10016);
  for (const account of Object.values(stateOf(world).accounts)) {
    const token = account.tokens.find((candidate) => candidate.value === value);
    if (!token) continue;
    if (token.revoked) throw new Refusal(21332);
    if (token.expiresAt <= world.clock.now()) throw new Refusal(21327);
    return account;
  }
  throw new Refusal(21332);
}

/** Counts a call against the day's limit of this user under this application. @throws {Refusal} 10023 */
export function countCall(world: World, account: WeiboAccount): void {
  const day = dayOf(world.clock.now());
  if (account.used.day !== day) account.used = { day, calls: 0 };
  account.used.calls += 1;
  world.changed();
  if (account.used.calls > account.limits.callsPerDay) throw new Refusal(10023);
}
