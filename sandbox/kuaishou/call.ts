/** One API call as the handlers see it. Tokens travel in the query, as documented. */
import type { FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import { Refusal } from './refusal.ts';
import { type KuaishouAccount, stateOf } from './state.ts';

export type Fields = Record<string, string>;
export type Call = {
  world: World;
  account: KuaishouAccount;
  fields: Fields;
  /** A multipart file, or the raw body. */
  file: Buffer | null;
  /** Where uploads go: this very host. */
  endpoint: string;
};

/** @throws {Refusal} 100200100 when the field is absent or empty */
export function required(fields: Fields, name: string): string {
  const value = fields[name];
  if (value === undefined || value === '') throw new Refusal(100200100);
  return value;
}

export function whole(fields: Fields, name: string, fallback?: number): number {
  const value = Number(fields[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0) throw new Refusal(100200100);
  return value;
}

export async function readFields(request: FastifyRequest): Promise<{ fields: Fields; file: Buffer | null }> {
  const fields: Fields = { ...(request.query as Fields) };
  if (!request.isMultipart()) return { fields, file: Buffer.isBuffer(request.body) ? request.body : null };
  let file: Buffer | null = null;
  for await (const piece of request.parts()) {
    if (piece.type === 'field') fields[piece.fieldname] = String(piece.value);
    else file = await piece.toBuffer();
  }
  return { fields, file };
}

/** @throws {Refusal} 100200102 for a token that ended or never was, 100200101 for another application or permission */
export function authenticate(world: World, fields: Fields, scope: string): KuaishouAccount {
  const access = fields.access_token;
  for (const account of Object.values(stateOf(world).accounts)) {
    const pair = account.tokens.find((candidate) => candidate.access === access);
    if (!pair) continue;
    if (pair.void || pair.expiresAt <= world.clock.now()) break;
    if (fields.app_id !== account.appId || !account.scopes.includes(scope)) throw new Refusal(100200101);
    return account;
  }
  throw new Refusal(100200102);
}
