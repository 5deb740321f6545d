import { type Call, type Json, text } from './call.ts';
import { Refusal } from './refusal.ts';
import { dayOf, type WechatAccount } from './state.ts';

/** The platform's daily limits differ by account and are not all published; one generous figure stands for all. */
const DAILY_LIMIT = 5000;

/** Counts one call of today. @throws {Refusal} 45009 when the day's calls are used up. */
export function countCall(account: WechatAccount, path: string, now: number): void {
  const day = dayOf(now);
  if (account.used.day !== day) account.used = { day, calls: {} };
  const used = account.used.calls[path] ?? 0;
  if (used >= DAILY_LIMIT) throw new Refusal(45009);
  account.used.calls[path] = used + 1;
}

export function getQuota(call: Call, known: ReadonlySet<string>): Json {
  const path = text(call.body, 'cgi_path');
  if (!known.has(path)) throw new Refusal(76021);
  const used = call.account.used.calls[path] ?? 0;
  return {
    errcode: 0,
    errmsg: 'ok',
    quota: { daily_limit: DAILY_LIMIT, used, remain: DAILY_LIMIT - used },
  };
}
