/** One API call as the handlers see it: who calls, and with which fields. */
import type { FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import { Refusal } from './refusal.ts';
import { type DouyinAccount, stateOf } from './state.ts';

export type Fields = Record<string, unknown>;

export type Call = {
  world: World;
  account: DouyinAccount;
  /** Query, form and JSON together. */
  fields: Fields;
  /** The uploaded file of a multipart call. */
  file: Buffer | null;
};

/** @throws {Refusal} 2100005 when the field is absent, empty or no text */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Refusal(2100005);
  return value;
}

/** @throws {Refusal} 2100005 when it is no list of texts */
export function texts(fields: Fields, name: string): string[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) throw new Refusal(2100005);
  return value as string[];
}

export function whole(fields: Fields, name: string, fallback: number): number {
  const value = Number(fields[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0) throw new Refusal(2100005);
  return value;
}

export async function readFields(request: FastifyRequest): Promise<{ fields: Fields; file: Buffer | null }> {
  const fields: Fields = { ...(request.query as Fields) };
  if (!request.isMultipart()) {
    if (typeof request.body === 'object' && request.body !== null) Object.assign(fields, request.body);
    return { fields, file: null };
  }
  let file: Buffer | null = null;
  for await (const piece of request.parts()) {
    if (piece.type === 'field') fields[piece.fieldname] = String(piece.value);
    else if (piece.fieldname === 'image' || piece.fieldname === 'video') file = await piece.toBuffer();
    else await piece.toBuffer();
  }
  return { fields, file };
}

/**
 * The account behind the header `access-token`, and that `open_id` names it.
 * @throws {Refusal} 28001003 for a token nobody issued or somebody revoked, 28001008 for one that ran out,
 *   28001012 for a scope that was not granted
 */
export function accountOfToken(
  world: World,
  token: unknown,
  openId: unknown,
  scope: string | null,
): DouyinAccount {
  for (const account of Object.values(stateOf(world).accounts)) {
    const known = account.access.find((candidate) => candidate.value === token);
    if (!known) continue;
    if (known.revoked || account.openId !== openId) throw new Refusal(28001003);
    if (known.expiresAt <= world.clock.now()) throw new Refusal(28001008);
    if (scope && !account.scopes.includes(scope)) throw new Refusal(28001018);
    return account;
  }
  throw new Refusal(28001003);
}
