/** One API call as the handlers see it, and how fields are read out of the JSON the platform was sent. */
import type { FastifyRequest } from 'fastify';
import type { FileAnswer } from '../core/answer.ts';
import type { World } from '../core/world.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import type { WechatAccount } from './state.ts';

export type Json = Record<string, unknown>;

export type Call = {
  world: World;
  account: WechatAccount;
  query: Record<string, string>;
  body: Json;
  /** The uploaded file of a multipart call. */
  file: Buffer | null;
  /** Scheme, host and port of this request, for addresses that the platform hands out. */
  origin: string;
};

export type Handler = (call: Call) => Json | FileAnswer;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string field; numbers are taken too, as the platform does with ids. */
export function text(body: Json, key: string, missing: RefusalCode = 47001): string {
  const value = body[key];
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new Refusal(missing);
}

export function optionalText(body: Json, key: string): string {
  return body[key] === undefined || body[key] === null ? '' : text(body, key);
}

export function whole(body: Json, key: string, fallback?: number): number {
  const value = body[key] === undefined ? fallback : Number(body[key]);
  if (value === undefined || !Number.isInteger(value)) throw new Refusal(47001);
  return value;
}

export function part(body: Json, key: string, missing: RefusalCode = 47001): Json {
  const value = body[key];
  if (!isJson(value)) throw new Refusal(missing);
  return value;
}

export const DONE: Json = { errcode: 0, errmsg: 'ok' };

export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.headers.host ?? '127.0.0.1'}`;
}
