/**
 * One call to the platform: the token, the envelope, and what a failure proves. The platform always answers HTTP
 * 200 with JSON whatever its Content-Type says; anything else comes from a machine in between.
 */
import type { AccountSession, Outcome, PlatformResponse } from '#connectors/contract.ts';
import { OutboundError } from '#server/base/outbound-error.ts';
import { explain, meaningOf } from './codes.ts';

export type Json = Record<string, unknown>;

export type Answer =
  | { kind: 'ok'; body: Json }
  /** The platform said no, in its own envelope. */
  | { kind: 'refused'; code: number; message: string; body: Json }
  /** Provably nothing was sent. */
  | { kind: 'unsent'; code: string }
  /** A machine in between asks for fewer calls. */
  | { kind: 'throttled'; afterMs: number }
  /** Sent, and what came back (or did not) proves nothing. */
  | { kind: 'lost'; reason: string };

export type FileAnswer = { kind: 'file'; bytes: Buffer };

type ApiCall = {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string | number>;
  json?: Json;
  /** Made anew for each try: a FormData may be read once only. */
  multipart?: () => FormData;
};

const TOKEN = 'access_token';
/** The platform itself renews five minutes before the end. */
const TOKEN_MARGIN_MS = 300_000;
/** A submission uses what preparation left; a token this close to its end is not worth the risk. */
const SUBMIT_MARGIN_MS = 10_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Why no token could be had; carries the platform's answer out of the token store. */
class NoToken extends Error {
  override readonly name = 'NoToken';
  readonly answer: Exclude<Answer, { kind: 'ok' }>;
  constructor(answer: Exclude<Answer, { kind: 'ok' }>) {
    super(`no access token: ${answer.kind}`);
    this.answer = answer;
  }
}

/** A value of the account form, wherever the accounts module keeps it. */
function field(session: AccountSession, key: string): string {
  return session.credentials[key] ?? session.account.settings[key] ?? '';
}

/**
 * Calls with a token, renewing a refused one: first the live token is read again without force (another process may
 * have renewed it), and only when the same one comes back is a new one forced, because forcing is allowed 20 times a
 * day. The one second try follows a documented refusal, so nothing is ever accepted twice.
 */
export const call = (session: AccountSession, request: ApiCall): Promise<Answer> =>
  callReading(session, request, readJson);

/** The same for a call whose answer is a file; what is no file comes in the envelope. */
export const callForFile = (session: AccountSession, request: ApiCall): Promise<Answer | FileAnswer> =>
  callReading(session, request, readFile);

async function callReading<A extends Answer | FileAnswer>(
  session: AccountSession,
  request: ApiCall,
  read: (response: PlatformResponse) => A | Answer,
): Promise<A | Answer> {
  try {
    const token = await readToken(session, false);
    const answer = await send(session, request, token, read);
    if (!isTokenRefused(answer)) return answer;
    await session.tokens.drop(TOKEN, token);
    return await send(session, request, await renewedToken(session, token), read);
  } catch (error) {
    if (error instanceof NoToken) return notSent(error.answer);
    throw error;
  }
}

/** A file that the platform keeps elsewhere, by the address that it gave; it takes no token there. */
export async function fetchFile(session: AccountSession, url: string): Promise<Answer | FileAnswer> {
  return exchange(session, { method: 'GET', path: url }, readFile);
}

/**
 * The one request of an irreversible call: no renewal before it, no second try after it. Without a token at hand
 * it sends nothing; a refused token is dropped, and the next preparation gets a new one.
 */
export async function callOnce(session: AccountSession, request: ApiCall): Promise<Answer> {
  const token = await session.tokens.peek(TOKEN, SUBMIT_MARGIN_MS);
  if (!token) return { kind: 'unsent', code: 'token-missing' };
  const answer = await send(session, request, token, readJson);
  if (isTokenRefused(answer)) await session.tokens.drop(TOKEN, token);
  return answer;
}

/** Without a token the call itself was never made: only what the platform said for certain is passed on. */
function notSent(answer: Failed): Failed {
  if (answer.kind === 'lost') return { kind: 'unsent', code: 'token-lost' };
  const undocumented = answer.kind === 'refused' && !meaningOf(answer.code);
  return undocumented ? { kind: 'unsent', code: `token-${answer.code}` } : answer;
}

const isTokenRefused = (answer: Answer | FileAnswer): boolean =>
  answer.kind === 'refused' && meaningOf(answer.code)?.kind === 'renew-token';

async function renewedToken(session: AccountSession, refused: string): Promise<string> {
  const live = await readToken(session, false);
  if (live !== refused) return live;
  await session.tokens.drop(TOKEN, live);
  return readToken(session, true);
}

function readToken(session: AccountSession, force: boolean): Promise<string> {
  return session.tokens.get(TOKEN, TOKEN_MARGIN_MS, async () => {
    const asked: ApiCall = {
      method: 'POST',
      path: '/cgi-bin/stable_token',
      json: {
        grant_type: 'client_credential',
        appid: field(session, 'appId'),
        secret: field(session, 'appSecret'),
        force_refresh: force,
      },
    };
    const answer = await exchange(session, asked, readJson);
    if (answer.kind !== 'ok') throw new NoToken(onTokenEndpoint(answer));
    const { access_token: token, expires_in: seconds } = answer.body;
    if (typeof token !== 'string' || token === '') {
      throw new NoToken({ kind: 'lost', reason: '取令牌的答复里没有令牌。No token in the answer.' });
    }
    return { token, expiresInMs: Number(seconds) * 1000 || 0 };
  });
}

/** On the token endpoint 40001 means a wrong secret; asking again cannot help. */
function onTokenEndpoint(answer: Exclude<Answer, { kind: 'ok' }>): Exclude<Answer, { kind: 'ok' }> {
  return answer.kind === 'refused' && answer.code === 40001 ? { ...answer, code: 40125 } : answer;
}

function send<A>(
  session: AccountSession,
  request: ApiCall,
  token: string,
  read: (response: PlatformResponse) => A,
): Promise<A | Answer> {
  return exchange(session, { ...request, query: { ...request.query, access_token: token } }, read);
}

async function exchange<A>(
  session: AccountSession,
  request: ApiCall,
  read: (response: PlatformResponse) => A,
): Promise<A | Answer> {
  const { method, path, query, json, multipart } = request;
  try {
    const response = await session.http.request({
      method,
      path,
      query,
      json,
      multipart: multipart?.(),
      secrets: ['access_token', 'secret'],
      // Pictures of a megabyte leave slow county lines slowly.
      timeoutMs: multipart || read === readFile ? 60_000 : 15_000,
    });
    if (response.status === 429) {
      return { kind: 'throttled', afterMs: retryAfterMs(response.headers, session.now()) };
    }
    if (response.status !== 200) return { kind: 'lost', reason: `HTTP ${response.status}` };
    return read(response);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return { kind: 'lost', reason: '答复不是 JSON。The answer is not JSON.' };
    }
    if (!(error instanceof OutboundError)) throw error;
    return error.stage === 'before-write'
      ? { kind: 'unsent', code: error.code }
      : { kind: 'lost', reason: `发出后没有得到答复。No answer after sending (${error.code}).` };
  }
}

const readJson = (response: PlatformResponse): Answer => readEnvelope(response.json());

/** Whatever Content-Type says: an envelope begins with a brace, as no picture, voice or film does. */
function readFile(response: PlatformResponse): Answer | FileAnswer {
  if (response.body.length === 0) return { kind: 'lost', reason: '答复是空的。The answer is empty.' };
  if (response.body[0] !== '{'.charCodeAt(0)) return { kind: 'file', bytes: response.body };
  return readJson(response);
}

/** `errcode` is often absent on success. */
function readEnvelope(body: unknown): Answer {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { kind: 'lost', reason: '答复不是对象。The answer is not an object.' };
  }
  const fields = body as Json;
  const code = Number(fields.errcode ?? 0);
  if (code === 0) return { kind: 'ok', body: fields };
  return { kind: 'refused', code, message: String(fields.errmsg ?? ''), body: fields };
}

/** Seconds, or a date by the clock of whoever names it, which the `Date` of the same answer shows. */
function retryAfterMs(headers: Readonly<Record<string, string>>, now: Date): number {
  const header = headers['retry-after'];
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds > 0) return Math.min(seconds * 1000, LONGEST_WAIT_MS);
  const theirNow = Date.parse(headers.date ?? '') || now.getTime();
  const until = Date.parse(header ?? '') - theirNow;
  return until > 0 ? Math.min(until, LONGEST_WAIT_MS) : 60_000;
}

export type Refusal = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>;
type Failed = Exclude<Answer, { kind: 'ok' }>;

/** What a failure means where the call may be repeated: nothing is ever unknown. */
export function reversibleFailure(answer: Failed): Refusal {
  if (answer.kind === 'refused') return refusal(answer) ?? rejection(answer.code, answer.message);
  return notAccepted(answer) ?? { kind: 'retry-later', afterMs: 60_000, code: 'lost', scope: 'platform' };
}

/** For calls whose whole answer is the code: without it nothing was said. */
export function isConfirmed(answer: Answer): boolean {
  return answer.kind === 'ok' && Number(answer.body.errcode ?? Number.NaN) === 0;
}

/** What became of a call that may be repeated and is done only when the platform says so in as many words. */
export function doneOrFailure(answer: Answer): { kind: 'done' } | Refusal {
  if (isConfirmed(answer)) return { kind: 'done' };
  return reversibleFailure(answer.kind === 'ok' ? { kind: 'lost', reason: 'no errcode' } : answer);
}

/** What a failure means after a call that must not be repeated: only a documented refusal proves anything. */
export function irreversibleFailure(answer: Answer): Refusal | Extract<Outcome, { kind: 'unknown' }> {
  if (answer.kind === 'refused') {
    const reason = explain(answer.code, answer.message);
    return refusal(answer) ?? { kind: 'unknown', reason };
  }
  if (answer.kind === 'lost') return { kind: 'unknown', reason: answer.reason };
  if (answer.kind === 'ok') return { kind: 'unknown', reason: '答复什么也没说。The answer says nothing.' };
  return notAccepted(answer) ?? { kind: 'unknown', reason: answer.kind };
}

function notAccepted(answer: Failed): Refusal | null {
  if (answer.kind === 'throttled') {
    return { kind: 'retry-later', afterMs: answer.afterMs, code: 'http-429', scope: 'app' };
  }
  if (answer.kind !== 'unsent') return null;
  // A missing token is mended by the next preparation; a network that is down is everybody's.
  const missing = answer.code === 'token-missing';
  return {
    kind: 'retry-later',
    code: answer.code,
    afterMs: missing ? 1000 : 30_000,
    scope: missing ? 'account' : 'platform',
  };
}

function refusal({ code, message }: Extract<Answer, { kind: 'refused' }>): Refusal | null {
  const meaning = meaningOf(code);
  switch (meaning?.kind) {
    case 'rejected':
    case 'window-closed':
      return rejection(code, message);
    case 'sign-in-again':
      return { kind: 'sign-in-again', code: String(code) };
    case 'retry-later':
      return { kind: 'retry-later', afterMs: meaning.afterMs, code: String(code), scope: meaning.scope };
    case 'renew-token':
      return { kind: 'retry-later', afterMs: 1000, code: String(code), scope: 'account' };
    default:
      return null;
  }
}

const rejection = (code: number, message: string): Refusal => ({
  kind: 'rejected',
  code: String(code),
  reason: explain(code, message),
});
