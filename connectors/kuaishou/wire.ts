/** One request to the platform, and what its answer is worth: `{result: 1, …}` or `{result, error, error_msg}`. */
import { OutboundError } from '#server/base/outbound-error.ts';
import type { AccountSession, PlatformHttp, PlatformResponse } from '../contract.ts';
import { waits } from './limits.ts';

export type Answer =
  | { kind: 'ok'; json: unknown }
  /** An envelope with another number: the platform read the call and did not do it (unless the table says otherwise). */
  | { kind: 'refused'; code: string; text: string }
  | { kind: 'limited'; afterMs: number }
  /** Provably nothing was sent. */
  | { kind: 'not-sent'; code: string }
  /** No answer, an undocumented one, or one that cannot be read. */
  | { kind: 'unclear'; reason: string };

export type Failed = Exclude<Answer, { kind: 'ok' }>;
export type PlatformCall = Parameters<PlatformHttp['request']>[0];

/** Tokens travel in the query: none of them may be recorded. */
const secrets = ['access_token', 'refresh_token', 'app_secret', 'code', 'upload_token'];

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
  const { result, error_msg: text } = (json ?? {}) as Record<string, unknown>;
  if (typeof result !== 'number' && typeof result !== 'string')
    return { kind: 'unclear', reason: `答复没有状态码 / no code in the answer (HTTP ${status})` };
  if (String(result) !== '1')
    return { kind: 'refused', code: String(result), text: String(text ?? '').slice(0, 200) };
  return status < 300 ? { kind: 'ok', json } : { kind: 'unclear', reason: `HTTP ${status}` };
}

function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header);
  if (header && Number.isFinite(seconds) && seconds > 0) return Math.min(seconds * 1000, 24 * 3_600_000);
  return waits.busyMs;
}
