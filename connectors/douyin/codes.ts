/**
 * The one table of the platform's codes. Source: its status-code tool (developer.open-douyin.com) by way of the study of
 * 2026-11; lines marked † are from memory. A code that is not here proves nothing.
 */
import type { Outcome, Scope } from '../contract.ts';
import { waits } from './limits.ts';

export type CodeMeaning = { zh: string; en: string } & (
  | { kind: 'renew-token' | 'sign-in-again' | 'rejected' | 'unknown' }
  | { kind: 'retry-later'; afterMs: number; scope: Scope }
);

const say = <K extends CodeMeaning['kind']>(kind: K, zh: string, en: string) => ({ kind, zh, en });
const renew = (zh: string, en: string) => say('renew-token', zh, en);
const signIn = (zh: string, en: string) => say('sign-in-again', zh, en);
const rejected = (zh: string, en: string) => say('rejected', zh, en);
/** The platform failed inside and advises to try again; on which side of acceptance, it does not say. */
const unclear = (zh: string, en: string) => say('unknown', zh, en);
const later = (afterMs: number, scope: Scope, zh: string, en: string): CodeMeaning => ({
  ...{ kind: 'retry-later', afterMs, scope, zh, en },
});

export const codes: Readonly<Record<string, CodeMeaning>> = {
  10002: rejected('授权参数错误', 'a sign-in parameter is wrong'), // †
  10003: rejected('Client Key 错误', 'the client key is wrong'), // †
  10004: rejected('应用没有这个权限', 'the application lacks this scope'), // †
  10006: rejected('回调地址与登记的不一致', 'the redirect address is not the registered one'), // †
  10007: signIn('授权码过期', 'the authorisation code has expired'), // †
  10008: renew('访问令牌已过期', 'the access token has expired'),
  10010: signIn('刷新令牌已过期', 'the refresh token has expired'),
  10013: signIn('Client Key 或 Client Secret 不正确', 'client key or secret is wrong'), // †
  10020: signIn('续期次数已用完', 'the refresh token cannot be renewed again'),
  2100004: unclear('平台系统繁忙', 'the platform is busy'),
  2100005: rejected('参数不合法', 'a parameter is not valid'),
  2100007: rejected('应用没有这个接口的权限', 'the application lacks this permission'),
  2100009: rejected('账号被平台限制此操作', 'the platform bars the account from this'),
  2190001: later(waits.quotaMs, 'app', '调用次数已用完', 'the quota is used up'),
  2190002: renew('访问令牌无效', 'the access token is not valid'), // †
  2190003: signIn('账号没有授权这个接口', 'the account did not grant this'), // †
  2190004: rejected('应用未获得该能力', 'the application was not granted this capability'), // †
  2190008: renew('访问令牌已过期', 'the access token has expired'),
  28001003: renew('访问令牌无效', 'the access token is not valid'),
  28001005: unclear('平台系统内部错误', 'the platform failed inside'),
  28001006: unclear('平台内部网络错误', 'the platform’s own network failed'),
  28001007: rejected('参数不合法', 'a parameter is not valid'),
  28001008: renew('访问令牌已过期', 'the access token has expired'),
  28001012: signIn('账号没有授权这个接口，请重新授权并勾选', 'the account did not grant this; sign in again'),
  28001016: rejected('应用已被封禁或下线', 'the application is banned or offline'),
  28001018: rejected(
    '应用未获得该能力，请在开放平台控制台申请，或改用“抖音（扫码发布）”',
    'the application was not granted this capability; apply for it, or publish by scanning',
  ),
  28001019: rejected('应用的这项能力已被封禁', 'this capability of the application is barred'),
  28001046: rejected('应用被限制', 'the application is restricted'),
  28001056: rejected('平台已下线这个接口', 'the platform has withdrawn this interface'),
  28003017: later(waits.quotaMs, 'account', '调用次数已用完', 'the quota is used up'),
  28003018: later(waits.busyMs, 'app', '请求频率过高', 'too many requests'),
};

export type Failure = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }>;

/** The outcome of a refusal, with the platform's own words kept for the record. */
export function outcomeOfCode(code: string, platformText: string): Failure {
  const meaning = codes[code];
  if (!meaning) return { kind: 'unknown', reason: `未知错误码 ${code} / unknown code: ${platformText}` };
  const reason = `${meaning.zh}（${[code, platformText].filter(Boolean).join(' ')}）`;
  switch (meaning.kind) {
    case 'retry-later':
      return { kind: 'retry-later', afterMs: meaning.afterMs, code, scope: meaning.scope };
    case 'renew-token':
      // Refused before anything was done; the next preparation renews it.
      return { kind: 'retry-later', afterMs: waits.renewMs, code, scope: 'account' };
    case 'sign-in-again':
      return { kind: 'sign-in-again', code };
    case 'rejected':
      return { kind: 'rejected', code, reason };
    case 'unknown':
      return { kind: 'unknown', reason };
  }
}
