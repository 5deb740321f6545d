/** One call to the site's REST interface, and what its answer is worth. */
import { z } from 'zod';
import { OutboundError } from '#server/base/outbound-error.ts';
import type { AccountSession, Outcome, PlatformHttp, PlatformResponse, ReplyOutcome } from '../contract.ts';
import { codes, outcomeOfCode } from './codes.ts';
import { waits } from './limits.ts';

type CallOptions = Omit<Parameters<PlatformHttp['request']>[0], 'path'> & {
  /** Below `/wp/v2`: `/posts/4`. */
  route: string;
};

export type Answer =
  /** `total`: rows in all, where a list says so. */
  | { kind: 'ok'; json: unknown; total: number | null }
  /** `{code, message}`: WordPress itself read the call and did not do it (unless the table says otherwise). */
  | { kind: 'refused'; status: number; code: string; says: string }
  | { kind: 'limited'; afterMs: number }
  /** Provably nothing was sent. */
  | { kind: 'not-sent'; code: string }
  /** No answer, an undocumented one, or one that cannot be read. */
  | { kind: 'unclear'; reason: string };

export type Unsuccessful = Exclude<Answer, { kind: 'ok' }>;

/** A failure of reading or preparing: nothing irreversible was asked, so it is never `unknown`. */
export type Failure = Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' }>;

/** Calls the account's own site as the application user. */
export async function call(session: AccountSession, { route, ...options }: CallOptions): Promise<Answer> {
  const headers = { ...options.headers, authorization: authorization(session) };
  try {
    return readAnswer(
      await session.http.request({ ...options, ...addressOf(session, route, options.query), headers }),
    );
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.stage === 'before-write') return { kind: 'not-sent', code: error.code };
    return { kind: 'unclear', reason: `没有收到答复 / no answer: ${error.code}` };
  }
}

/** Basic, over user name and application password; the blanks that the site shows in it do not count. */
function authorization(session: AccountSession): string {
  const user = session.account.settings.username ?? '';
  const password = session.credentials.applicationPassword ?? '';
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** A site whose server rewrites no addresses has its interface under `index.php`. */
function addressOf(
  session: AccountSession,
  route: string,
  query: CallOptions['query'],
): { path: string; query?: Record<string, string | number> } {
  const site = siteOf(session);
  if (session.account.settings.addresses !== 'plain') {
    return { path: `${site}/wp-json/wp/v2${route}`, ...(query ? { query } : {}) };
  }
  return { path: `${site}/index.php`, query: { rest_route: `/wp/v2${route}`, ...query } };
}

/**
 * Every bureau has a site of its own. An address that the operator set for the whole platform (a stand-in) wins, or a
 * demonstration would publish on a real site.
 */
function siteOf(session: AccountSession): string {
  const isSet = !new URL(session.http.baseUrl).hostname.endsWith('.invalid');
  return isSet ? '' : (session.account.settings.siteUrl ?? '').replace(/\/+$/, '');
}

function readAnswer(response: PlatformResponse): Answer {
  const { status } = response;
  if (status === 429) return { kind: 'limited', afterMs: retryAfterMs(response.headers['retry-after']) };
  let json: unknown;
  try {
    json = response.json();
  } catch {
    // A gateway's page, maintenance, or PHP's own notices in front of the JSON: the work may be done.
    return { kind: 'unclear', reason: `答复无法识别 / unreadable answer (HTTP ${status})` };
  }
  if (status >= 200 && status < 300) return { kind: 'ok', json, total: totalIn(response.headers) };
  const refusal = refusalIn(json, status);
  // Some refusals come as a 500 (a type of file): in the table they are what they are, others stay unclear.
  if (refusal && (status < 500 || codes[refusal.code])) return { kind: 'refused', ...refusal };
  return { kind: 'unclear', reason: `HTTP ${status}` };
}

function totalIn(headers: Readonly<Record<string, string>>): number | null {
  const text = headers['x-wp-total'];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

const Refusal = z.object({
  code: z.string(),
  message: z.string().catch(''),
  data: z
    .object({
      details: z.record(z.string(), z.object({ code: z.string(), data: z.object({ status: z.number() }) })),
    })
    .nullish()
    .catch(null),
});

/** A refused parameter hides why: a status that one may not list says so below `details`, with a status of its own. */
function refusalIn(json: unknown, status: number): { status: number; code: string; says: string } | null {
  const read = Refusal.safeParse(json);
  if (!read.success) return null;
  const { code, message, data } = read.data;
  const inner = Object.values(data?.details ?? {}).find((detail) => codes[detail.code]);
  const says = message.slice(0, 200);
  return inner ? { status: inner.data.status, code: inner.code, says } : { status, code, says };
}

/** WordPress has no limit of its own; gateways and plug-ins in front of it have. */
function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header);
  if (!header || !Number.isFinite(seconds) || seconds < 0) return waits.busyMs;
  return Math.min(Math.max(seconds * 1000, 1000), waits.longestMs);
}

/** For an irreversible call: what is not clear stays unknown. */
export function outcomeOf(answer: Unsuccessful): Exclude<ReplyOutcome, { kind: 'sent' }> {
  switch (answer.kind) {
    case 'refused':
      return outcomeOfCode(answer.code, answer.status, answer.says);
    case 'limited':
      return { kind: 'retry-later', afterMs: answer.afterMs, code: 'HTTP 429', scope: 'account' };
    case 'not-sent':
      return { kind: 'retry-later', afterMs: waits.notSentMs, code: answer.code, scope: 'account' };
    case 'unclear':
      return { kind: 'unknown', reason: answer.reason };
  }
}

/** For calls that change nothing anybody sees: what is not clear may be asked again. */
export function failureOf(answer: Unsuccessful): Failure {
  const outcome = outcomeOf(answer);
  if (outcome.kind === 'unknown') return asksAgain(outcome.reason);
  if (outcome.kind === 'window-closed') return { kind: 'rejected', code: outcome.code, reason: outcome.code };
  return outcome;
}

/** For a read-back: a refused question says nothing about the post, so `rejected` would be a wrong answer. */
export function notRead(
  answer: Unsuccessful,
): Extract<Outcome, { kind: 'sign-in-again' | 'unknown' | 'retry-later' }> {
  const failure = failureOf(answer);
  if (failure.kind === 'sign-in-again') return failure;
  if (failure.kind === 'retry-later' && answer.kind === 'limited') return failure;
  return { kind: 'unknown', reason: `读不到文章 / cannot read back: ${failure.code}` };
}

/** Sites are independent of one another, so that a failing one holds its own account only. */
export const asksAgain = (code: string): Extract<Outcome, { kind: 'retry-later' }> => ({
  kind: 'retry-later',
  afterMs: waits.busyMs,
  code,
  scope: 'account',
});
