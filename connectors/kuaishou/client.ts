/** Calls with the account's token, and what a failure of them means. */
import type { AccountSession, Outcome } from '../contract.ts';
import { codes, type Failure, outcomeOfCode } from './codes.ts';
import { currentGrant, GRANT_ENDED, leftMs, liveGrant, renewGrant } from './grant.ts';
import { waits } from './limits.ts';
import { type Answer, exchange, type Failed, type PlatformCall } from './wire.ts';

export type UserCall = Omit<PlatformCall, 'multipart' | 'secrets' | 'json' | 'form'> & {
  /** Made anew for each try: a FormData may be read once only. */
  multipart?: () => FormData;
};

/** A failure of reading or preparing: nothing irreversible was asked, so it is never `unknown`. */
export type Certain = Exclude<Failure, { kind: 'unknown' }>;

/** For calls that may be repeated: a refused token is renewed, and the call made once more. */
export async function call(session: AccountSession, request: UserCall): Promise<Answer> {
  const grant = await liveGrant(session);
  if ('kind' in grant) return grant;
  const answer = await send(session, request, grant.access);
  if (!isTokenRefused(answer)) return answer;
  const renewed = await renewGrant(session, grant);
  return 'kind' in renewed ? renewed : send(session, request, renewed.access);
}

/** The one request of an irreversible call: no renewal before it, no second try after it. */
export async function callOnce(session: AccountSession, request: UserCall): Promise<Answer> {
  const grant = await currentGrant(session);
  if (!grant || leftMs(session, grant) <= 0) return { kind: 'not-sent', code: 'token-ended' };
  return send(session, request, grant.access);
}

const isTokenRefused = (answer: Answer): boolean =>
  answer.kind === 'refused' && codes[answer.code]?.kind === 'renew-token';

function send(session: AccountSession, request: UserCall, access: string): Promise<Answer> {
  const { multipart, query, ...rest } = request;
  return exchange(session, {
    ...rest,
    query: { ...query, access_token: access, app_id: session.account.settings.appId ?? '' },
    ...(multipart ? { multipart: multipart() } : {}),
  });
}

/** For an irreversible call: what is not clear stays unknown. */
export function outcomeOf(answer: Failed): Failure {
  switch (answer.kind) {
    case 'refused':
      return answer.code === GRANT_ENDED
        ? { kind: 'sign-in-again', code: answer.code }
        : outcomeOfCode(answer.code, answer.text);
    case 'limited':
      return { kind: 'retry-later', afterMs: answer.afterMs, code: 'HTTP 429', scope: 'app' };
    case 'not-sent': {
      const scope = answer.code === 'token-ended' ? 'account' : 'platform';
      return { kind: 'retry-later', afterMs: waits.notSentMs, code: answer.code, scope };
    }
    case 'unclear':
      return { kind: 'unknown', reason: answer.reason };
  }
}

/** For calls that change nothing that anybody could see: what is not clear may be asked again. */
export function failureOf(answer: Failed): Certain {
  const outcome = outcomeOf(answer);
  return outcome.kind === 'unknown' ? asksAgain(outcome.reason) : outcome;
}

/** For a read-back: a refused question says nothing about the work. A limit is passed on: the question is to wait. */
export function notRead(
  answer: Failed,
): Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }> {
  const failure = failureOf(answer);
  if (failure.kind === 'sign-in-again') return failure;
  if (failure.kind === 'retry-later' && answer.kind === 'limited') return failure;
  return { kind: 'unknown', reason: `读不到作品列表 / cannot read back: ${failure.code}` };
}

export const asksAgain = (code: string): Extract<Outcome, { kind: 'retry-later' }> => ({
  ...{ kind: 'retry-later', afterMs: waits.busyMs, code, scope: 'account' },
});

/** Carries a failure out of a step that `once` must not save. */
export class NotPrepared extends Error {
  override readonly name = 'NotPrepared';
  readonly failure: Certain;
  constructor(failure: Certain) {
    super(failure.kind);
    this.failure = failure;
  }
}
