/**
 * The one table of refusals. The platform has no error codes: an HTTP status and an English `error` text. Sources:
 * docs.joinmastodon.org (statuses, media, OAuth errors) and the server's own locale file; lines marked † are from
 * memory. The first line that matches counts; a status that is not here is `unknown`.
 */
import type { Outcome, Scope } from '../contract.ts';
import { waits } from './limits.ts';

type Words = { zh: string; en: string };
export type Meaning = Words & { status: number; says?: RegExp; code: string } & (
    | { kind: 'rejected' | 'sign-in-again' }
    | { kind: 'retry-later'; afterMs: number; scope: Scope }
  );

export const codes: readonly Meaning[] = [
  {
    status: 400,
    code: 'bad-request',
    kind: 'rejected',
    zh: '实例看不懂这个请求',
    en: 'the instance does not understand the request',
  },
  {
    status: 401,
    code: 'token-refused',
    kind: 'sign-in-again',
    zh: '访问令牌无效、过期或已收回',
    en: 'the token is invalid, expired or revoked',
  },
  {
    status: 403,
    says: /authorized scopes|insufficient_scope/i,
    code: 'scope-missing',
    kind: 'sign-in-again',
    zh: '访问令牌缺少所需权限，请重新生成',
    en: 'the token lacks a scope; make another',
  },
  {
    status: 403,
    says: /login is currently disabled|pending approval|confirm your e-?mail|missing a confirmed/i,
    code: 'login-disabled',
    kind: 'sign-in-again',
    zh: '账号在实例上不可用',
    en: 'the account is not usable on the instance',
  },
  {
    status: 403,
    code: 'not-allowed',
    kind: 'rejected',
    zh: '实例不允许这个操作',
    en: 'the instance does not allow this',
  },
  {
    status: 404,
    code: 'not-found',
    kind: 'rejected',
    zh: '实例上找不到所指的内容',
    en: 'what is referred to is not on the instance',
  },
  {
    status: 410,
    code: 'gone',
    kind: 'rejected',
    zh: '所指的内容已被删除',
    en: 'what is referred to was deleted',
  },
  { status: 413, code: 'too-large', kind: 'rejected', zh: '文件过大', en: 'the file is too large' },
  {
    status: 422,
    says: /not finished processing/i,
    code: 'picture-not-ready',
    kind: 'retry-later',
    afterMs: waits.pictureMs,
    scope: 'account',
    zh: '图片还在处理',
    en: 'a picture is still being processed',
  },
  {
    status: 422,
    says: /character limit|too long/i,
    code: 'too-long',
    kind: 'rejected',
    zh: '文字超过实例的字数上限',
    en: 'the text is over the limit of the instance',
  },
  {
    status: 422,
    says: /more than \d+ files|attach a video/i,
    code: 'too-many-pictures',
    kind: 'rejected',
    zh: '图片数量或种类不被接受',
    en: 'the number or mix of pictures is not accepted',
  },
  {
    status: 422,
    says: /could not be verified|processing thumbnail|file type/i, // †
    code: 'picture-refused',
    kind: 'rejected',
    zh: '实例不接受这张图片',
    en: 'the instance refuses the picture',
  },
  {
    status: 422,
    code: 'refused',
    kind: 'rejected',
    zh: '实例拒绝了内容',
    en: 'the instance refuses the content',
  },
];

/** The outcome of a documented refusal, with the instance's own words kept for the record. */
export function outcomeOfRefusal(
  status: number,
  says: string,
): Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }> {
  const meaning = codes.find((line) => line.status === status && (line.says?.test(says) ?? true));
  if (!meaning) return { kind: 'unknown', reason: `未知的拒绝 HTTP ${status} / unknown refusal: ${says}` };
  const { code } = meaning;
  switch (meaning.kind) {
    case 'retry-later':
      return { kind: 'retry-later', afterMs: meaning.afterMs, code, scope: meaning.scope };
    case 'sign-in-again':
      return { kind: 'sign-in-again', code };
    case 'rejected':
      return { kind: 'rejected', code, reason: `${meaning.zh}（HTTP ${status} ${says}）` };
  }
}
