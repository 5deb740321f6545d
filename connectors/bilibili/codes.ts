/**
 * The one table of the platform's codes. Source: the open platform's list of status codes (a copy of it); lines marked
 * ‡ stand in samples only, † are the site's general codes from memory. A code that is not here is `unknown`.
 */
import type { Outcome, Scope } from '../contract.ts';
import { waits } from './limits.ts';

export type CodeMeaning =
  | { kind: 'retry-later'; afterMs: number; scope: Scope; zh: string; en: string }
  /** `renew-token`: the access token is refused; the refresh token decides whether a person is needed. */
  | { kind: 'rejected' | 'sign-in-again' | 'renew-token' | 'unknown'; zh: string; en: string };

const later = (afterMs: number, scope: Scope, zh: string, en: string): CodeMeaning => ({
  kind: 'retry-later',
  afterMs,
  scope,
  zh,
  en,
});
const rejected = (zh: string, en: string): CodeMeaning => ({ kind: 'rejected', zh, en });
const signIn = (zh: string, en: string): CodeMeaning => ({ kind: 'sign-in-again', zh, en });
const renew = (zh: string, en: string): CodeMeaning => ({ kind: 'renew-token', zh, en });
/** The platform failed inside: nobody can say on which side of acceptance. */
const unclear = (zh: string, en: string): CodeMeaning => ({ kind: 'unknown', zh, en });

export const codes: Readonly<Record<string, CodeMeaning>> = {
  // Also what a clock that is ten minutes wrong gets.
  4002: signIn('签名异常，请核对应用密钥和本机时间', 'bad signature: check the secret and the clock'), // ‡
  122000: signIn('应用 client_id 错误', 'wrong client_id'),
  122001: signIn('应用密钥错误', 'wrong client secret'),
  122002: signIn('授权码不存在或已使用', 'the authorisation code is unknown'),
  122007: signIn('刷新令牌不合法（每个只能使用一次）', 'the refresh token is invalid; each works once'),
  127000: rejected('缺少鉴权参数', 'an authentication parameter is missing'),
  127001: renew('访问令牌验证失败', 'the access token is refused'),
  127004: rejected('应用 client_id 验证失败', 'the client_id is refused'),
  127005: rejected('没有权限（机构认证未通过）', 'no permission: the organisation is not verified'),
  127006: rejected('应用认证未通过', 'the application is not verified'),
  127007: rejected('应用没有这个接口的权限', 'the application lacks this permission'),
  127009: later(waits.quotaMs, 'app', '接口调用次数已用完', 'the calls of this interface are used up'),
  127011: signIn(
    '账号没有授权这个接口，请重新授权并勾选专栏权限',
    'the account did not grant this permission',
  ),
  127012: rejected('鉴权错误', 'authentication error'),
  127022: rejected('上传令牌验证失败', 'the upload token is refused'),
  127100: rejected('请求参数错误', 'a parameter is wrong'),
  127102: rejected('文件类型错误', 'wrong type of file'),
  127107: rejected('稿件已被删除', 'the work was deleted'),
  127124: rejected('稿件不存在', 'there is no such work'),
  127200: unclear('平台业务异常', 'the platform failed'),
  127201: unclear('平台系统繁忙', 'the platform is busy'),
  127207: rejected('分区暂不可用', 'the section is not available'),
  129003: rejected('标签错误', 'wrong tags'),
  129004: rejected('封面图地址错误', 'wrong address of the cover'),
  129005: rejected('标题含有特殊文字或超过 40 字', 'the title has special characters or is longer than 40'),
  // Ours: what a second refusal right after a renewal is called, lest one renewal chase the next.
  'fresh-token-refused': later(
    waits.quotaMs,
    'account',
    '刚续期的令牌也被拒绝',
    'a token just renewed is refused too',
  ),
  '-101': renew('账号未登录', 'not signed in'), // †
  '-400': rejected('请求错误', 'bad request'), // †
  '-403': rejected('访问权限不足', 'no access'), // †
  '-404': rejected('接口或内容不存在', 'not found'), // †
  '-412': later(waits.quotaMs, 'platform', '请求被平台风控拦截', 'the call was blocked'), // †
  '-500': unclear('平台服务器错误', 'server error'), // †
  '-503': unclear('平台服务暂不可用', 'service unavailable'), // †
  '-504': unclear('平台服务调用超时', 'the platform timed out'), // †
  '-509': later(waits.busyMs, 'app', '调用过于频繁', 'too many calls'), // †
};

/** The outcome of a refusal, with the platform's own words kept for the record. */
export function outcomeOfCode(
  code: string,
  platformText: string,
): Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }> {
  const meaning = codes[code];
  if (!meaning) return { kind: 'unknown', reason: `未知错误码 ${code} / unknown code: ${platformText}` };
  switch (meaning.kind) {
    case 'retry-later':
      return { kind: 'retry-later', afterMs: meaning.afterMs, code, scope: meaning.scope };
    case 'renew-token':
      return { kind: 'retry-later', afterMs: waits.renewMs, code, scope: 'account' };
    case 'sign-in-again':
      return { kind: 'sign-in-again', code };
    default: {
      const reason = `${meaning.zh}（${code} ${platformText}）`;
      return meaning.kind === 'rejected' ? { kind: 'rejected', code, reason } : { kind: 'unknown', reason };
    }
  }
}
