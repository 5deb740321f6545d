/** One call to the platform, and what its answer is worth. */
import { OutboundError } from '#server/base/outbound-error.ts';
import type { AccountSession, Outcome, PlatformHttp, PlatformResponse, ReplyOutcome } from '../contract.ts';
import { outcomeOfCode } from './codes.ts';
import { waits } from './limits.ts';

/** Pictures of megabytes arrive slowly on county lines. */
const FILE_TIMEOUT_MS = 60_000;

type CallOptions = Omit<Parameters<PlatformHttp['request']>[0], 'json' | 'headers'>;

export type Answer =
  | { kind: 'ok'; json: unknown }
  /** A documented envelope: the platform read the call and did not do it (unless the table says otherwise). */
  | { kind: 'refused'; code: string; text: string }
  | { kind: 'limited'; afterMs: number }
  /** Provably nothing was sent. */
  | { kind: 'not-sent'; code: string }
  /** No answer, an undocumented one, or one that cannot be read. */
  | { kind: 'unclear'; reason: string };

/** A failure of reading or preparing: nothing irreversible was asked, so it is never `unknown`. */
export type Failure = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>;

export const call = (session: AccountSession, options: CallOptions): Promise<Answer> =>
  callReading(session, options, readAnswer);

async function callReading<A>(
  session: AccountSession,
  options: CallOptions,
  read: (response: PlatformResponse) => A,
): Promise<A | Answer> {
  try {
    return read(await session.http.request(options));
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.stage === 'before-write') return { kind: 'not-sent', code: error.code };
    return { kind: 'unclear', reason: `没有收到答复 / no answer: ${error.code}` };
  }
}

/** The same with the account's token, which the platform wants as a parameter. */
export function callAs(session: AccountSession, options: CallOptions): Promise<Answer> {
  const access_token = session.credentials.accessToken ?? '';
  if (options.form) return call(session, { ...options, form: { access_token, ...options.form } });
  if (options.multipart) {
    options.multipart.set('access_token', access_token);
    return call(session, options);
  }
  return call(session, { ...options, query: { ...options.query, access_token } });
}

/** The same for a call whose answer is a file. */
export async function callForFile(
  session: AccountSession,
  options: CallOptions,
): Promise<Answer | { kind: 'file'; bytes: Buffer }> {
  const access_token = session.credentials.accessToken ?? '';
  const query = { ...options.query, access_token };
  return callReading(session, { timeoutMs: FILE_TIMEOUT_MS, ...options, query }, (response) => {
    const { status, body } = response;
    // Whatever Content-Type says: an envelope begins with a brace, as no picture and no voice does.
    const isFile = status === 200 && body.length > 0 && body[0] !== '{'.charCodeAt(0);
    return isFile ? { kind: 'file', bytes: body } : readAnswer(response);
  });
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
  const code = errorCode(json);
  if (code !== null) return { kind: 'refused', code, text: errorText(json) };
  if (status >= 200 && status < 300) return { kind: 'ok', json };
  return { kind: 'unclear', reason: `HTTP ${status}` };
}

/** Numbers and strings both occur. */
function errorCode(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !('error_code' in json)) return null;
  const code = json.error_code;
  return typeof code === 'number' || typeof code === 'string' ? String(code) : null;
}

function errorText(json: unknown): string {
  if (typeof json !== 'object' || json === null || !('error' in json)) return '';
  return typeof json.error === 'string' ? json.error.slice(0, 200) : '';
}

function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header);
  if (header && Number.isFinite(seconds) && seconds > 0) return Math.min(seconds * 1000, 24 * 3_600_000);
  return waits.busyMs;
}

type Unsuccessful = Exclude<Answer, { kind: 'ok' }>;

/** For an irreversible call: what is not clear stays unknown. */
export function outcomeOf(answer: Unsuccessful): Exclude<ReplyOutcome, { kind: 'sent' }> {
  switch (answer.kind) {
    case 'refused':
      return narrow(outcomeOfCode(answer.code, answer.text));
    case 'limited':
      return { kind: 'retry-later', afterMs: answer.afterMs, code: 'HTTP 429', scope: 'app' };
    case 'not-sent':
      return { kind: 'retry-later', afterMs: waits.notSentMs, code: answer.code, scope: 'platform' };
    case 'unclear':
      return { kind: 'unknown', reason: answer.reason };
  }
}

/** For calls that change nothing: what is not clear may be asked again. */
export function failureOf(answer: Unsuccessful): Failure {
  const outcome = outcomeOf(answer);
  if (outcome.kind === 'unknown') return asksAgain(outcome.reason);
  if (outcome.kind === 'window-closed') return { kind: 'rejected', code: outcome.code, reason: outcome.code };
  return outcome;
}

/**
 * For a read-back: a refused question says nothing about the post, so `rejected` would be a wrong answer. A limit is
 * passed on as `retry-later`: the question is to wait, or it would eat the day's calls.
 */
export function notRead(
  answer: Unsuccessful,
): Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }> {
  const failure = failureOf(answer);
  if (failure.kind === 'sign-in-again') return failure;
  if (failure.kind === 'retry-later' && (answer.kind === 'refused' || answer.kind === 'limited'))
    return failure;
  return { kind: 'unknown', reason: `读不到时间线 / cannot read back: ${failure.code}` };
}

export const asksAgain = (code: string): Extract<Outcome, { kind: 'retry-later' }> => ({
  kind: 'retry-later',
  afterMs: waits.busyMs,
  code,
  scope: 'platform',
});

function narrow(outcome: ReturnType<typeof outcomeOfCode>): Exclude<ReplyOutcome, { kind: 'sent' }> {
  // The table holds no code that means acceptance.
  if (outcome.kind === 'published' || outcome.kind === 'pending') throw new TypeError('unreachable');
  return outcome;
}
