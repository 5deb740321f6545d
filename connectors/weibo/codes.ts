/**
 * The one table of the platform's error codes. Source: open.weibo.com wiki Error_code (copies of the present table)
 * and wiki OAuth2; lines marked † are from memory. A code that is not here is `unknown`.
 */
import type { Outcome, Scope } from '../contract.ts';
import { waits } from './limits.ts';

export type CodeMeaning =
  | { kind: 'retry-later'; afterMs: number; scope: Scope; zh: string; en: string }
  | { kind: 'rejected' | 'sign-in-again' | 'unknown' | 'window-closed'; zh: string; en: string };

const later = (afterMs: number, scope: Scope, zh: string, en: string): CodeMeaning => ({
  kind: 'retry-later',
  afterMs,
  scope,
  zh,
  en,
});
const rejected = (zh: string, en: string): CodeMeaning => ({ kind: 'rejected', zh, en });
const signIn = (zh: string, en: string): CodeMeaning => ({ kind: 'sign-in-again', zh, en });
/** The platform failed inside: nobody can say on which side of acceptance. */
const unclear = (zh: string, en: string): CodeMeaning => ({ kind: 'unknown', zh, en });

export const codes: Readonly<Record<string, CodeMeaning>> = {
  10001: unclear('平台系统错误', 'system error'),
  10002: unclear('平台服务暂停', 'service unavailable'),
  10003: unclear('平台远程服务错误', 'remote service error'),
  10004: later(waits.hourlyMs, 'platform', '本机地址受限', 'this address is limited'),
  10005: rejected('应用没有这个接口的授权', 'the application lacks this permission'),
  10006: rejected('AppKey 缺失或无效', 'the AppKey is missing or invalid'),
  10007: rejected('不支持的媒体类型', 'unsupported media type'),
  10008: rejected(
    '参数不符合要求（文本可能含“#话题#”）',
    'a parameter is wrong; the text may hold a #topic#',
  ),
  10009: later(waits.busyMs, 'platform', '平台任务过多', 'the platform is busy'),
  10010: unclear('平台任务超时', 'the platform timed out'),
  10011: unclear('平台内部调用错误', 'internal call failed'),
  10012: rejected('非法请求', 'illegal request'),
  10013: rejected('不是合法的微博用户', 'not a Weibo user'),
  10014: rejected('应用的接口权限不足', 'insufficient permission of the application'),
  10016: rejected('缺少必填参数', 'a required parameter is missing'),
  10017: rejected('链接不在应用绑定的安全域名下', 'the link is not under the bound domain'),
  10018: rejected('请求内容过大', 'the request is too large'),
  10020: rejected('接口不存在', 'there is no such interface'),
  10021: rejected('请求方式不支持', 'the HTTP method is not supported'),
  10022: later(waits.hourlyMs, 'platform', '本机地址请求过于频繁', 'too many calls from this address'),
  10023: later(waits.dailyMs, 'account', '账号调用次数已用完', 'the account has used its calls'),
  10024: later(waits.hourlyMs, 'account', '账号发布过于频繁', 'too many calls of this kind'),
  20005: rejected('图片类型不支持，仅限 JPG、GIF、PNG', 'unsupported picture type'),
  20006: rejected('图片过大', 'the picture is too large'),
  20008: rejected('内容为空', 'the text is empty'),
  20012: rejected('文字超过 140 字', 'the text is longer than 140 characters'),
  20013: rejected('文字超过 140 字', 'the text is longer than 140 characters'),
  20015: rejected('账号、应用或地址异常', 'account, application or address is illegal'),
  20016: later(waits.hourlyMs, 'account', '发布过于频繁', 'posting too fast'),
  // Every delivery carries a link of its own, so "repeated" most likely means that this very one is out already.
  20017: unclear('平台称与已发内容相似，可能先前已发出', 'similar to a post; it may be out already'),
  20018: rejected('包含非法网址', 'contains an illegal address'),
  20019: unclear('平台称与上一条相同，可能先前已发出', 'same as the last post; it may be out already'),
  20020: rejected('包含广告信息', 'contains advertising'),
  20021: rejected('包含非法内容', 'contains illegal content'),
  20031: rejected('需要验证码', 'the platform asks for a verification code'),
  20032: unclear('发布成功，但平台可能延迟显示', 'accepted; it may appear with delay'),
  20101: rejected('微博不存在', 'there is no such post'),
  20102: rejected('不是自己的微博', 'not a post of this account'),
  20111: unclear('平台称短时间内重复，可能先前已发出', 'repeated within a short time; it may be out already'),
  20201: rejected('评论不存在', 'there is no such comment'),
  20205: rejected('对方设置了评论限制', 'the other side restricts comments'),
  20206: rejected('作者仅允许关注的人评论', 'only those the author follows may comment'),
  20207: rejected('作者仅允许可信用户评论', 'only trusted users may comment'),
  21301: signIn('认证失败', 'authentication failed'),
  21314: signIn('授权已被使用', 'the token was used already'),
  21315: signIn('授权已过期', 'the token has expired'),
  21316: signIn('授权被用户收回', 'the token was revoked'),
  21317: signIn('授权不合法', 'the token was rejected'),
  21319: signIn('授权关系已解除', 'the grant was withdrawn'), // †
  21322: rejected('回调地址与登记的不一致', 'the redirect address does not match'),
  21324: rejected('AppKey 或 AppSecret 不正确', 'wrong AppKey or AppSecret'),
  21325: signIn('授权码无效或已过期', 'the authorisation code is invalid'),
  21327: signIn('授权已过期', 'the token has expired'),
  21332: signIn('授权无效', 'the token is invalid'), // †
  26403: {
    kind: 'window-closed',
    zh: '已超过平台允许的答复时限',
    en: 'the platform takes no answer any more',
  },
};

/** The outcome of a refusal, with the platform's own words kept for the record. */
export function outcomeOfCode(
  code: string,
  platformText: string,
): Outcome | { kind: 'window-closed'; code: string } {
  const meaning = codes[code];
  if (!meaning) return { kind: 'unknown', reason: `未知错误码 ${code} / unknown code: ${platformText}` };
  switch (meaning.kind) {
    case 'retry-later':
      return { kind: 'retry-later', afterMs: meaning.afterMs, code, scope: meaning.scope };
    case 'rejected':
      return { kind: 'rejected', code, reason: `${meaning.zh}（${code} ${platformText}）` };
    case 'unknown':
      return { kind: 'unknown', reason: `${meaning.zh}（${code} ${platformText}）` };
    default:
      return { kind: meaning.kind, code };
  }
}
