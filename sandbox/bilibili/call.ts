/** One signed API call as the handlers see it. */
import type { FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import { Refusal } from './refusal.ts';
import { md5, signatureOf } from './signature.ts';
import { type BilibiliAccount, stateOf } from './state.ts';

export type Fields = Record<string, string>;

export type Call = {
  world: World;
  account: BilibiliAccount;
  /** Query, form and JSON together. */
  fields: Fields;
  file: Buffer | null;
};
export type Handler = (call: Call) => unknown;

const SKEW_MS = 10 * 60_000;

/** @throws {Refusal} 127100 when the field is absent or empty */
export function required(fields: Fields, name: string): string {
  const value = fields[name];
  if (value === undefined || value === '') throw new Refusal(127100);
  return value;
}

export function whole(fields: Fields, name: string, fallback?: number): number {
  const value = Number(fields[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0) throw new Refusal(127100);
  return value;
}

export async function readFields(request: FastifyRequest): Promise<{ fields: Fields; file: Buffer | null }> {
  const fields: Fields = { ...(request.query as Fields) };
  let file: Buffer | null = null;
  if (!request.isMultipart()) return { fields: { ...fields, ...jsonFields(request.body) }, file };
  for await (const piece of request.parts()) {
    if (piece.type === 'field') fields[piece.fieldname] = String(piece.value);
    else if (piece.fieldname === 'file') file = await piece.toBuffer();
    else await piece.toBuffer();
  }
  return { fields, file };
}

const jsonFields = (body: unknown): Fields =>
  typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
    ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
    : {};

/** Files are left out of the hash, and multipart altogether. */
const hashed = (request: FastifyRequest): string =>
  request.isMultipart() || typeof request.body !== 'object' || request.body === null
    ? ''
    : JSON.stringify(request.body);

/**
 * Proves signature, time and nonce, then the token.
 * @throws {Refusal} 4002, 127000 without a token, 127001 for one that ended, was revoked or never was
 */
export function authenticate(world: World, request: FastifyRequest): BilibiliAccount {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const state = stateOf(world);
  const now = world.clock.now();
  const accounts = Object.values(state.accounts).filter(
    (account) => account.appKey === header('x-bili-accesskeyid'),
  );
  const names = ['accesskeyid', 'content-md5', 'signature-method', 'signature-nonce', 'signature-version'];
  const signed = Object.fromEntries(
    [...names, 'timestamp'].map((name) => [`x-bili-${name}`, header(`x-bili-${name}`)]),
  );
  const genuine = accounts.some(
    (account) => signatureOf(account.appSecret, signed) === header('authorization'),
  );
  if (!genuine || signed['x-bili-content-md5'] !== md5(hashed(request))) throw new Refusal(4002);
  if (signed['x-bili-signature-version'] !== '2.0') throw new Refusal(4002);
  if (!(Math.abs(now - Number(signed['x-bili-timestamp']) * 1000) <= SKEW_MS)) throw new Refusal(4002);
  spendNonce(world, signed['x-bili-signature-nonce'] ?? '');
  const access = header('access-token');
  if (!access) throw new Refusal(127000);
  for (const account of accounts) {
    const pair = account.tokens.find((candidate) => candidate.access === access);
    if (pair && !pair.revoked && pair.expiresAt > now) return account;
  }
  throw new Refusal(127001);
}

/** @throws {Refusal} 4002 for a nonce that was used within ten minutes */
function spendNonce(world: World, nonce: string): void {
  const state = stateOf(world);
  const now = world.clock.now();
  for (const [used, at] of Object.entries(state.nonces)) if (now - at > SKEW_MS) delete state.nonces[used];
  if (!nonce || state.nonces[nonce] !== undefined) throw new Refusal(4002);
  state.nonces[nonce] = now;
  world.changed();
}
