/** One call to the instance, and what its answer is worth. */
import { OutboundError } from '#server/base/outbound-error.ts';
import type { AccountSession, Outcome, PlatformHttp, PlatformResponse } from '../contract.ts';
import { outcomeOfRefusal } from './codes.ts';
import { waits } from './limits.ts';

type CallOptions = Parameters<PlatformHttp['request']>[0];

export type Answer =
  | { kind: 'ok'; status: number; json: unknown }
  /** `{error: …}` with a 4xx: the instance read the call and did not do it. */
  | { kind: 'refused'; status: number; says: string }
  | { kind: 'limited'; afterMs: number }
  /** Provably nothing was sent. */
  | { kind: 'not-sent'; code: string }
  /** No answer, an undocumented one, or one that cannot be read. */
  | { kind: 'unclear'; reason: string };

export type Unsuccessful = Exclude<Answer, { kind: 'ok' }>;

/** A failure of reading or preparing: nothing irreversible was asked, so it is never `unknown`. */
export type Failure = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>;

/** Calls the account's own instance with its token. */
export async function call(session: AccountSession, options: CallOptions): Promise<Answer> {
  const headers = { ...options.headers, authorization: `Bearer ${session.credentials.accessToken ?? ''}` };
  const path = `${instanceOf(session)}${options.path}`;
  try {
    return readAnswer(await session.http.request({ ...options, headers, path }), session.now());
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.stage === 'before-write') return { kind: 'not-sent', code: error.code };
    return { kind: 'unclear', reason: `没有收到答复 / no answer: ${error.code}` };
  }
}

/**
 * Every account has an instance of its own. An address that the operator set for the whole platform (a stand-in) wins,
 * or a demonstration would post on a real instance.
 */
function instanceOf(session: AccountSession): string {
  const isSet = !new URL(session.http.baseUrl).hostname.endsWith('.invalid');
  return isSet ? '' : (session.account.settings.instanceUrl ?? '').replace(/\/+$/, '');
}

function readAnswer(response: PlatformResponse, now: Date): Answer {
  const { status } = response;
  if (status === 429) return { kind: 'limited', afterMs: limitedMs(response.headers, now) };
  // A gateway's 5xx says nothing about what lies behind it; the instance's own may come after the post was saved.
  if (status >= 500) return { kind: 'unclear', reason: `HTTP ${status}` };
  let json: unknown;
  try {
    json = response.json();
  } catch {
    return { kind: 'unclear', reason: `答复无法识别 / unreadable answer (HTTP ${status})` };
  }
  if (status >= 200 && status < 300) return { kind: 'ok', status, json };
  const says = errorText(json);
  if (status >= 400 && says !== null) return { kind: 'refused', status, says };
  return { kind: 'unclear', reason: `HTTP ${status}` };
}

function errorText(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !('error' in json)) return null;
  return typeof json.error === 'string' ? json.error.slice(0, 200) : null;
}

/**
 * `Retry-After` in seconds if a gateway names it, else until `X-RateLimit-Reset` (ISO 8601, the instance's clock, so
 * it is measured against the `Date` of the same answer).
 */
function limitedMs(headers: Readonly<Record<string, string>>, now: Date): number {
  const seconds = Number(headers['retry-after']);
  if (headers['retry-after'] && Number.isFinite(seconds) && seconds >= 0) return bounded(seconds * 1000);
  const reset = Date.parse(headers['x-ratelimit-reset'] ?? '');
  const theirNow = Date.parse(headers.date ?? '');
  const wait = reset - (Number.isNaN(theirNow) ? now.getTime() : theirNow);
  return Number.isNaN(wait) ? waits.limitedMs : bounded(wait);
}

const bounded = (ms: number): number => Math.min(Math.max(ms, 1000), waits.longestMs);

/** For an irreversible call: what is not clear stays unknown. */
export function outcomeOf(
  answer: Unsuccessful,
): Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }> {
  switch (answer.kind) {
    case 'refused':
      return outcomeOfRefusal(answer.status, answer.says);
    case 'limited':
      return { kind: 'retry-later', afterMs: answer.afterMs, code: 'HTTP 429', scope: 'account' };
    case 'not-sent':
      return { kind: 'retry-later', afterMs: waits.notSentMs, code: answer.code, scope: 'account' };
    case 'unclear':
      return { kind: 'unknown', reason: answer.reason };
  }
}

/** For calls that change nothing: what is not clear may be asked again. */
export function failureOf(answer: Unsuccessful): Failure {
  const outcome = outcomeOf(answer);
  return outcome.kind === 'unknown' ? asksAgain(outcome.reason) : outcome;
}

/** For a read-back: a refused question says nothing about the post, so `rejected` would be a wrong answer. */
export function notRead(
  answer: Unsuccessful,
): Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }> {
  const failure = failureOf(answer);
  if (failure.kind === 'sign-in-again') return failure;
  if (failure.kind === 'retry-later' && answer.kind === 'limited') return failure;
  return { kind: 'unknown', reason: `读不到账号的内容 / cannot read back: ${failure.code}` };
}

/** Instances are independent of one another, so that a failing one holds its own account only. */
export const asksAgain = (code: string): Extract<Outcome, { kind: 'retry-later' }> => ({
  kind: 'retry-later',
  afterMs: waits.busyMs,
  code,
  scope: 'account',
});
