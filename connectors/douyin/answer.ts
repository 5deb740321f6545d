/** One request to the platform, and what its answer is worth. Its errors come in HTTP 200, in one of three envelopes. */
import { OutboundError } from '#server/base/outbound-error.ts';
import type { AccountSession, Outcome, PlatformHttp, PlatformResponse } from '../contract.ts';
import { codes, type Failure, outcomeOfCode } from './codes.ts';
import { waits } from './limits.ts';

export type Answer =
  | { kind: 'ok'; json: unknown }
  /** An envelope with a code: the platform read the call and did not do it (unless the table says otherwise). */
  | { kind: 'refused'; code: string; text: string }
  | { kind: 'limited'; afterMs: number }
  /** Provably nothing was sent. */
  | { kind: 'not-sent'; code: string }
  /** No token could be had, so that the call was never made. */
  | { kind: 'no-token'; failure: Certain }
  /** No answer, an undocumented one, or one that cannot be read. */
  | { kind: 'unclear'; reason: string };

export type Unsuccessful = Exclude<Answer, { kind: 'ok' }>;
/** A failure of reading or preparing: nothing irreversible was asked, so it is never `unknown`. */
export type Certain = Exclude<Failure, { kind: 'unknown' }>;

export type PlatformCall = Parameters<PlatformHttp['request']>[0];

const secrets = ['access-token', 'access_token', 'refresh_token', 'client_secret', 'code', 'ticket'];

export async function exchange(session: AccountSession, call: PlatformCall): Promise<Answer> {
  try {
    return readAnswer(await session.http.request({ ...call, secrets }));
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.stage === 'before-write') return { kind: 'not-sent', code: error.code };
    return { kind: 'unclear', reason: `没有收到答复 / no answer: ${error.code}` };
  }
}

function readAnswer(response: PlatformResponse): Answer {
  const { status } = response;
  if (status === 429) return { kind: 'limited', afterMs: retryAfterMs(response.headers['retry-after']) };
  // A gateway's 5xx says nothing about what lies behind it.
  if (status >= 500) return { kind: 'unclear', reason: `HTTP ${status}` };
  let json: unknown;
  try {
    json = response.json();
  } catch {
    return { kind: 'unclear', reason: `答复无法识别 / unreadable answer (HTTP ${status})` };
  }
  const read = readEnvelope(json);
  if (!read) return { kind: 'unclear', reason: `答复没有状态码 / no code in the answer (HTTP ${status})` };
  if (read.code !== '0') return { kind: 'refused', ...read };
  if (status >= 200 && status < 300) return { kind: 'ok', json };
  return { kind: 'unclear', reason: `HTTP ${status}` };
}

/**
 * `{data:{error_code}, extra:{error_code}}`, `{data:{error_code}, message}` or `{err_no, err_msg, data}`; codes are
 * numbers or strings. Null when no place holds a code: then nothing was said, not even success.
 */
export function readEnvelope(json: unknown): { code: string; text: string } | null {
  const whole = asRecord(json);
  const places = [asRecord(whole.data), asRecord(whole.extra), whole].flatMap((place) => {
    const code = place.error_code ?? place.err_no;
    if (typeof code !== 'number' && typeof code !== 'string') return [];
    return [{ code: String(code), text: words(place) }];
  });
  return places.find(({ code }) => code !== '0') ?? places[0] ?? null;
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function words(place: Record<string, unknown>): string {
  const said = [place.description ?? place.err_msg, place.sub_description];
  return said
    .filter((one) => typeof one === 'string' && one !== '')
    .join(' ')
    .slice(0, 200);
}

function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header);
  if (header && Number.isFinite(seconds) && seconds > 0) return Math.min(seconds * 1000, 24 * 3_600_000);
  return waits.busyMs;
}

export const isTokenRefused = (answer: Answer): boolean =>
  answer.kind === 'refused' && codes[answer.code]?.kind === 'renew-token';

/** For an irreversible call: what is not clear stays unknown. */
export function outcomeOf(answer: Unsuccessful): Failure {
  switch (answer.kind) {
    case 'refused':
      return outcomeOfCode(answer.code, answer.text);
    case 'limited':
      return { kind: 'retry-later', afterMs: answer.afterMs, code: 'HTTP 429', scope: 'app' };
    case 'not-sent':
      return { kind: 'retry-later', afterMs: waits.notSentMs, code: answer.code, scope: 'platform' };
    case 'no-token':
      return answer.failure;
    case 'unclear':
      return { kind: 'unknown', reason: answer.reason };
  }
}

/** For calls that change nothing, or may be repeated: what is not clear may be asked again. */
export function failureOf(answer: Unsuccessful): Certain {
  const outcome = outcomeOf(answer);
  return outcome.kind === 'unknown' ? asksAgain(outcome.reason) : outcome;
}

/**
 * For a read-back: a refused question says nothing about the post, so `rejected` would be a wrong answer. A limit is
 * passed on: the question is to wait, or it would eat the quota.
 */
export function notRead(
  answer: Unsuccessful,
): Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }> {
  const failure = failureOf(answer);
  if (failure.kind === 'sign-in-again') return failure;
  if (failure.kind === 'retry-later' && (answer.kind === 'refused' || answer.kind === 'limited'))
    return failure;
  return { kind: 'unknown', reason: `读不到作品列表 / cannot read back: ${failure.code}` };
}

export const asksAgain = (code: string): Extract<Outcome, { kind: 'retry-later' }> => ({
  ...{ kind: 'retry-later', afterMs: waits.busyMs, code, scope: 'platform' },
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
