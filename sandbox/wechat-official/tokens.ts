/** Access tokens: the stable one, the old one that each fetch replaces, and what a call with a bad one is told. */
import { randomBytes } from 'node:crypto';
import type { World } from '../core/world.ts';
import { isJson, type Json, optionalText } from './call.ts';
import { Refusal } from './refusal.ts';
import { dayOf, PLATFORM, stateOf, type Token, type WechatAccount } from './state.ts';

/** The platform renews five minutes before the end; the old token stays good until its own end. */
const RENEWED_EARLY_MS = 300_000;
/** How long a replaced token is still taken; from memory, not documented. */
const REPLACED_STILL_GOOD_MS = 300_000;
const FORCED_PER_DAY = 20;
const FORCED_APART_MS = 30_000;

export function stableToken(world: World, body: unknown): Json {
  if (!isJson(body)) throw new Refusal(47001);
  const account = signedIn(world, body);
  const now = world.clock.now();
  if (body.force_refresh === true) {
    countForced(account, now);
    for (const token of account.tokens) token.expiresAt = Math.min(token.expiresAt, now);
    return shown(issue(world, account), now);
  }
  const current = account.tokens.findLast((token) => token.expiresAt - RENEWED_EARLY_MS > now);
  return shown(current ?? issue(world, account), now);
}

export function plainToken(world: World, query: Json): Json {
  const account = signedIn(world, query);
  const now = world.clock.now();
  for (const token of account.tokens) {
    token.expiresAt = Math.min(token.expiresAt, now + REPLACED_STILL_GOOD_MS);
  }
  return shown(issue(world, account), now);
}

/** The account that the token of a call belongs to. */
export function accountOfToken(world: World, value: string | undefined): WechatAccount {
  if (!value) throw new Refusal(41001);
  for (const account of Object.values(stateOf(world).accounts)) {
    const token = account.tokens.find((candidate) => candidate.value === value);
    if (!token) continue;
    if (token.expiresAt <= world.clock.now()) throw new Refusal(42001);
    return account;
  }
  throw new Refusal(40001);
}

function signedIn(world: World, given: Json): WechatAccount {
  if (given.grant_type !== 'client_credential') throw new Refusal(40002);
  const appid = optionalText(given, 'appid');
  const secret = optionalText(given, 'secret');
  if (!appid) throw new Refusal(41002);
  if (!secret) throw new Refusal(41004);
  const account = stateOf(world).accounts[appid];
  if (!account) throw new Refusal(40013);
  if (account.secret !== secret) throw new Refusal(40001);
  return account;
}

function issue(world: World, account: WechatAccount): Token {
  const now = world.clock.now();
  const value = `88_${randomBytes(48).toString('base64url')}`;
  const token = { value, issuedAt: now, expiresAt: now + account.tokenLifeMs };
  // Dead ones are kept for a while so that they are told "expired", not "unknown".
  account.tokens = [...account.tokens.slice(-19), token];
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'token.issued',
    key: value.slice(-8),
    detail: {},
  });
  return token;
}

function countForced(account: WechatAccount, now: number): void {
  const day = dayOf(now);
  const { forced } = account;
  if (forced.day !== day) account.forced = { day, count: 0, lastAt: 0 };
  if (account.forced.count >= FORCED_PER_DAY) throw new Refusal(45009);
  if (now - account.forced.lastAt < FORCED_APART_MS) throw new Refusal(45011);
  account.forced = { day, count: account.forced.count + 1, lastAt: now };
}

const shown = (token: Token, now: number): Json => ({
  access_token: token.value,
  expires_in: Math.floor((token.expiresAt - now) / 1000),
});
