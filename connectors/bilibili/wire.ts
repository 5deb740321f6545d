/** The wire: where the platform lies, the two unsigned calls that give tokens, and what an answer is worth. */
import { OutboundError } from '#server/base/outbound-error.ts';
import type { AccountSession, PlatformHttp, PlatformResponse } from '../contract.ts';
import { waits } from './limits.ts';

export type Answer =
  | { kind: 'ok'; data: unknown }
  /** A documented envelope: the platform read the call and did not do it (unless the table says otherwise). */
  | { kind: 'refused'; code: string; text: string }
  | { kind: 'limited'; afterMs: number }
  /** Provably nothing was sent. */
  | { kind: 'not-sent'; code: string }
  /** No answer, an undocumented one, or one that cannot be read. */
  | { kind: 'unclear'; reason: string };

export type Failed = Exclude<Answer, { kind: 'ok' }>;

const hosts = {
  member: 'https://member.bilibili.com',
  api: 'https://api.bilibili.com',
  account: 'https://account.bilibili.com',
  www: 'https://www.bilibili.com',
  upload: 'https://openupos.bilivideo.com',
} as const;

/** The platform lies on several hosts below its base; a stand-in has everything below one address. */
export function addressOn(session: AccountSession, host: keyof typeof hosts, path: string): string {
  const { baseUrl } = session.http;
  return new URL(baseUrl).hostname === 'bilibili.com' ? `${hosts[host]}${path}` : `${baseUrl}${path}`;
}

/** The two calls that give tokens are not signed; the documents pass everything in the query. */
export function askForTokens(
  session: AccountSession,
  kind: 'token' | 'refresh_token',
  given: { code: string } | { refresh_token: string },
): Promise<Answer> {
  return exchange(session, {
    method: 'POST',
    path: addressOn(session, 'api', `/x/account-oauth2/v1/${kind}`),
    query: {
      client_id: session.account.settings.appKey ?? '',
      client_secret: session.credentials.appSecret ?? '',
      grant_type: kind === 'token' ? 'authorization_code' : 'refresh_token',
      ...given,
    },
    secrets: ['code'],
  });
}

export async function exchange(
  session: AccountSession,
  options: Parameters<PlatformHttp['request']>[0],
): Promise<Answer> {
  try {
    return readAnswer(await session.http.request(options));
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
  const envelope = readEnvelope(json);
  if (!envelope)
    return { kind: 'unclear', reason: `答复没有状态码 / no code in the answer (HTTP ${status})` };
  if (envelope.code !== '0') return { kind: 'refused', ...envelope };
  if (status < 200 || status >= 300) return { kind: 'unclear', reason: `HTTP ${status}` };
  return { kind: 'ok', data: (json as { data?: unknown }).data };
}

/** `{code, message, ttl|request_id, data}`; the code is a number, a string is taken too. */
function readEnvelope(json: unknown): { code: string; text: string } | null {
  if (typeof json !== 'object' || json === null || !('code' in json)) return null;
  const { code } = json;
  if (typeof code !== 'number' && typeof code !== 'string') return null;
  const text = 'message' in json && typeof json.message === 'string' ? json.message.slice(0, 200) : '';
  return { code: String(code), text };
}

function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header);
  if (header && Number.isFinite(seconds) && seconds > 0) return Math.min(seconds * 1000, 24 * 3_600_000);
  return waits.busyMs;
}
