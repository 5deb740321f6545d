/**
 * The one table of the platform's `result` codes. Source: a copy of its documents; there are hardly any. A code that is not
 * here is `unknown`.
 */
import type { Outcome } from '../contract.ts';
import { waits } from './limits.ts';

export const NOT_FOUND = '100120001';

type CodeMeaning = { kind: 'rejected' | 'renew-token' | 'unknown'; zh: string; en: string };

export const codes: Readonly<Record<string, CodeMeaning>> = {
  100200100: { kind: 'rejected', zh: '参数有误', en: 'a parameter is wrong' },
  100200101: {
    kind: 'rejected',
    zh: '应用验证出错，请核对 app_id、密钥和已获得的权限',
    en: 'the application is refused: check app_id, secret and what it was granted',
  },
  100200102: { kind: 'renew-token', zh: '访问令牌无效', en: 'the access token is not valid' },
  // Of a reading call: right after publishing, or deleted. Of any other it means nothing that is documented.
  [NOT_FOUND]: { kind: 'unknown', zh: '平台还没有这个作品', en: 'there is no such work (yet)' },
};

export type Failure = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }>;

/** The outcome of a refusal, with the platform's own words kept for the record. */
export function outcomeOfCode(code: string, platformText: string): Failure {
  const meaning = codes[code];
  if (!meaning) return { kind: 'unknown', reason: `未知错误码 ${code} / unknown code: ${platformText}` };
  const reason = `${meaning.zh}（${[code, platformText].filter(Boolean).join(' ')}）`;
  if (meaning.kind === 'rejected') return { kind: 'rejected', code, reason };
  if (meaning.kind === 'unknown') return { kind: 'unknown', reason };
  // Refused before anything was done; the next preparation renews it.
  return { kind: 'retry-later', afterMs: waits.renewMs, code, scope: 'account' };
}
