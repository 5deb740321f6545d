/** One REST call as the handlers see it. */
import type { FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import { Refusal } from './refusal.ts';
import { PLATFORM, stateOf, type User } from './state.ts';

export type Call = {
  world: World;
  user: User | null;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, unknown>>;
  file: { bytes: Buffer; name: string } | null;
  /** Where browsers find this site. */
  base: string;
};

export class Reply {
  readonly status: number;
  readonly json: unknown;
  /** Rows in all, for `X-WP-Total`. */
  readonly total: number | null;
  readonly perPage: number;
  constructor(status: number, json: unknown, total: number | null = null, perPage = 10) {
    this.status = status;
    this.json = json;
    this.total = total;
    this.perPage = perPage;
  }
}

export type Handler = (call: Call) => Reply;

export const baseOf = (request: FastifyRequest): string =>
  `${request.protocol}://${request.host}/sandbox/${PLATFORM}`;

/** @throws {Refusal} 401 for a wrong password, where the site refuses it instead of taking it for nobody's */
export function userOf(world: World, request: FastifyRequest): User | null {
  const encoded = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  const { users, wrongPassword } = stateOf(world);
  const user = users[text.slice(0, colon)];
  const password = text.slice(colon + 1).replaceAll(' ', '');
  if (user?.passwords.includes(password)) return user;
  if (wrongPassword === 'nobody') return null;
  throw new Refusal(user ? 'incorrect_password' : 'invalid_username', 401);
}

export async function readBody(request: FastifyRequest): Promise<Pick<Call, 'fields' | 'file'>> {
  const fields: Record<string, unknown> = {};
  if (!request.isMultipart()) {
    if (typeof request.body === 'object' && request.body !== null) Object.assign(fields, request.body);
    return { fields, file: null };
  }
  let file: Call['file'] = null;
  for await (const piece of request.parts()) {
    if (piece.type === 'field') fields[piece.fieldname] = piece.value;
    else file = { bytes: await piece.toBuffer(), name: piece.filename };
  }
  return { fields, file };
}
