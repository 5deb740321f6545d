/** Signed calls for one account, and what a failure of them means. */
import { newId } from '#server/base/ids.ts';
import type { AccountSession, Outcome } from '../contract.ts';
import { codes, outcomeOfCode } from './codes.ts';
import { currentGrant, type Grant, leftMs, liveGrant, renewGrant } from './grant.ts';
import { waits } from './limits.ts';
import { signCall } from './signature.ts';
import { type Answer, addressOn, exchange, type Failed } from './wire.ts';

type Request = {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string | number>;
  /** Goes into the signature, unlike files. */
  json?: unknown;
  /** Made anew for each try: a FormData may be read once only. */
  multipart?: () => FormData;
  timeoutMs?: number;
};

/** A failure of reading or preparing: nothing irreversible was asked, so it is never `unknown`. */
export type Failure = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>;

/**
 * For calls that may be repeated. A refused token is renewed and the call made once more: it followed a documented
 * refusal, so nothing was done before.
 */
export async function call(session: AccountSession, request: Request): Promise<Answer> {
  const grant = await liveGrant(session);
  if ('kind' in grant) return grant;
  const answer = await send(session, request, grant);
  if (!isTokenRefused(answer)) return answer;
  const renewed = await renewGrant(session, grant);
  if ('kind' in renewed) return renewed;
  const second = await send(session, request, renewed);
  return isTokenRefused(second) ? { kind: 'refused', code: 'fresh-token-refused', text: '' } : second;
}

/** The one request of an irreversible call: no renewal before it, no second try after it. */
export async function callOnce(session: AccountSession, request: Request): Promise<Answer> {
  const grant = await currentGrant(session);
  if (!grant || leftMs(session, grant) <= 0) return { kind: 'not-sent', code: 'token-ended' };
  return send(session, request, grant);
}

const isTokenRefused = (answer: Answer): boolean =>
  answer.kind === 'refused' && codes[answer.code]?.kind === 'renew-token';

function send(session: AccountSession, request: Request, grant: Grant): Promise<Answer> {
  const { multipart, path, ...rest } = request;
  const headers = signCall({
    accessKey: session.account.settings.appKey ?? '',
    secret: session.credentials.appSecret ?? '',
    accessToken: grant.access,
    // The documents leave files out of the hash and say nothing of multipart without one.
    body: request.json === undefined ? '' : JSON.stringify(request.json),
    nonce: newId(),
    now: session.now(),
  });
  return exchange(session, {
    ...rest,
    path: addressOn(session, 'member', path),
    multipart: multipart?.(),
    headers: multipart ? headers : { 'content-type': 'application/json', ...headers },
    secrets: ['access-token', 'upload_token'],
  });
}

/** For an irreversible call: what is not clear stays unknown. */
export function outcomeOf(answer: Failed): Failure | Extract<Outcome, { kind: 'unknown' }> {
  switch (answer.kind) {
    case 'refused':
      return outcomeOfCode(answer.code, answer.text);
    case 'limited':
      return { kind: 'retry-later', afterMs: answer.afterMs, code: 'HTTP 429', scope: 'app' };
    case 'not-sent':
      return {
        kind: 'retry-later',
        afterMs: waits.notSentMs,
        code: answer.code,
        scope: scopeOf(answer.code),
      };
    case 'unclear':
      return { kind: 'unknown', reason: answer.reason };
  }
}

/** A token that ended concerns one account, an address that cannot be reached all of them. */
const scopeOf = (code: string) => (code === 'token-ended' ? 'account' : 'platform');

/** For calls that change nothing that anybody could see: what is not clear may be asked again. */
export function failureOf(answer: Failed): Failure {
  const outcome = outcomeOf(answer);
  return outcome.kind === 'unknown' ? asksAgain(outcome.reason) : outcome;
}

/**
 * For a read-back: a refused question says nothing about the article, so `rejected` would be a wrong answer. A limit is
 * passed on as `retry-later`: the question is to wait.
 */
export function notRead(
  answer: Failed,
): Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }> {
  const failure = failureOf(answer);
  if (failure.kind === 'sign-in-again') return failure;
  if (failure.kind === 'retry-later' && (answer.kind === 'refused' || answer.kind === 'limited'))
    return failure;
  return { kind: 'unknown', reason: `读不到稿件列表 / cannot read back: ${failure.code}` };
}

/** Carries a failure out of a step that `once` must not save. */
export class NotPrepared extends Error {
  override readonly name = 'NotPrepared';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

export const asksAgain = (code: string): Extract<Outcome, { kind: 'retry-later' }> => ({
  kind: 'retry-later',
  afterMs: waits.busyMs,
  code,
  scope: 'account',
});
