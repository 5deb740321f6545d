/**
 * The only outbound HTTP client. One call is one request: no redirects, no retries, one deadline over connect,
 * headers and body. What publish-once rests on is decided here: a failure is `before-write` only when undici never
 * handed the request to a socket, which is also when not a byte of it can have left. That covers name lookup,
 * refusal, connect time-out and TLS; a reset on a re-used connection is after the hand-over, hence `after-write`.
 */
import { Agent, type Dispatcher } from 'undici';
import type { Exchange, PlatformHttp, PlatformResponse } from '#shared/outbound.ts';
import { createGuardedConnector } from './egress-addresses.ts';
import { createMasker, describeRequest, describeResponse, type Masker } from './egress-record.ts';
import { OutboundError } from './outbound-error.ts';

type RequestOptions = Parameters<PlatformHttp['request']>[0];
type Encoded = { body: Buffer | null; contentType: string | null };
type Received = { status: number; headers: Record<string, string>; body: Buffer };

const DEFAULT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const BODY_LIMIT = 10 * 1024 * 1024;
/** A slow platform queues behind its own sockets and nobody else's. */
const SOCKETS_PER_ORIGIN = 32;

/**
 * @param baseUrl http or https, with or without a path; requests go below it
 * @param allowedHosts `host:port` on the operator's list: reachable although private, and by absolute URL; without
 *   a port, 80 and 443 are meant
 * @param domains further domains of the same platform, sub-domains too: reachable by absolute URL, never when private
 * @param allowPrivate true only for the stand-ins of this machine
 * @param record called once for every call, also for failed ones; must not throw
 */
export function createPlatformHttp(options: {
  baseUrl: string;
  allowedHosts?: readonly string[];
  domains?: readonly string[];
  allowPrivate: boolean;
  record(exchange: Exchange): void;
}): PlatformHttp {
  const base = readBase(options.baseUrl);
  const allowedHosts = new Set((options.allowedHosts ?? []).flatMap(withPorts));
  const domains = options.domains ?? [];
  const agent = agentFor(options.allowPrivate, allowedHosts);

  async function request(call: RequestOptions): Promise<PlatformResponse> {
    const started = performance.now();
    const mask = createMasker(call.secrets ?? []);
    const url = resolveUrl(base, call, allowedHosts, domains);
    const body = await encode(call);
    const sent: { at: Date | null } = { at: null };
    const exchange = (status: number | null, response: unknown): Exchange => ({
      method: call.method,
      url: mask.url(url),
      request: describeRequest(call, mask),
      status,
      response,
      firstByteAt: sent.at,
      ms: Math.round(performance.now() - started),
    });
    try {
      const received = await dispatch(agent, url, call, body, sent);
      const type = received.headers['content-type'] ?? '';
      // The request is described first: the masker learns its secrets before it reads the answer.
      const entry = exchange(received.status, null);
      options.record({ ...entry, response: describeResponse(received.body, type, mask) });
      return toResponse(received);
    } catch (error) {
      options.record(exchange(null, describeFailure(error, mask)));
      throw error;
    }
  }
  return { baseUrl: base.href.replace(/\/+$/, ''), request };
}

/** Sockets are shared by all sessions under one policy; a socket opened under a laxer one is never re-used. */
const agents = new Map<string, Agent>();

function agentFor(allowPrivate: boolean, allowedHosts: ReadonlySet<string>): Agent {
  const key = JSON.stringify([allowPrivate, [...allowedHosts].toSorted()]);
  const existing = agents.get(key);
  if (existing) return existing;
  const agent = new Agent({
    connect: createGuardedConnector({ allowPrivate, allowedHosts }, CONNECT_TIMEOUT_MS),
    connections: SOCKETS_PER_ORIGIN,
    pipelining: 1,
    // The deadline of the call covers both phases.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  agents.set(key, agent);
  return agent;
}

/** Ends every kept connection; for a graceful stop and for tests. */
export async function closeEgress(): Promise<void> {
  const open = [...agents.values()];
  agents.clear();
  await Promise.all(open.map((agent) => agent.destroy()));
}

/** `[::1]:3000` → `::1:3000`, as undici names hosts. */
function withPorts(entry: string): string[] {
  const url = URL.canParse(`http://${entry}`) ? new URL(`http://${entry}`) : null;
  if (!url) return [];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = /:(\d+)$/.exec(entry.replace(/^\[.*\]/, ''))?.[1];
  return (port ? [port] : ['80', '443']).map((number) => `${host}:${number}`);
}

function readBase(text: string): URL {
  const base = URL.canParse(text) ? new URL(text) : null;
  if (base && /^https?:$/.test(base.protocol) && !base.search && !base.hash) return base;
  throw new TypeError(`平台地址不正确：${text}。Not a usable platform address.`);
}

/** @throws {OutboundError} HOST_REFUSED for an absolute URL outside the platform and the operator's list */
function resolveUrl(
  base: URL,
  call: RequestOptions,
  allowedHosts: ReadonlySet<string>,
  domains: readonly string[],
): URL {
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(call.path);
  const text = absolute ? call.path : `${base.href.replace(/\/+$/, '')}/${call.path.replace(/^\/+/, '')}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !isPermitted(url, base, absolute, allowedHosts, domains)) {
    throw new OutboundError(
      'before-write',
      'HOST_REFUSED',
      new Error(`不允许访问：${call.path}。Not allowed.`),
    );
  }
  for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, String(value));
  return url;
}

function isPermitted(
  url: URL,
  base: URL,
  absolute: boolean,
  allowedHosts: ReadonlySet<string>,
  domains: readonly string[],
): boolean {
  if (!/^https?:$/.test(url.protocol)) return false;
  if (!absolute)
    return url.origin === base.origin && url.pathname.startsWith(base.pathname.replace(/\/+$/, ''));
  // A platform spreads its API over sub-domains of its base (m.api.weibo.com under api.weibo.com).
  const isUnder = (domain: string) => url.hostname === domain || url.hostname.endsWith(`.${domain}`);
  if (isUnder(base.hostname) && url.protocol === base.protocol && url.port === base.port) return true;
  if (domains.some(isUnder) && url.port === '') return true;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return allowedHosts.has(`${url.hostname.replace(/^\[|\]$/g, '')}:${port}`);
}

async function encode(call: RequestOptions): Promise<Encoded> {
  const kinds = [call.json, call.form, call.multipart, call.bytes].filter((kind) => kind !== undefined);
  if (kinds.length > 1) throw new TypeError('a request has one body');
  // Bodies are whole buffers: a stream that fails half-way would blur what was sent.
  if (call.json !== undefined) {
    return { body: Buffer.from(JSON.stringify(call.json)), contentType: 'application/json' };
  }
  if (call.form) {
    return {
      body: Buffer.from(new URLSearchParams(call.form).toString()),
      contentType: 'application/x-www-form-urlencoded',
    };
  }
  if (call.bytes) return { body: call.bytes, contentType: 'application/octet-stream' };
  if (!call.multipart) return { body: null, contentType: null };
  const encoded = new Response(call.multipart);
  return {
    body: Buffer.from(await encoded.arrayBuffer()),
    contentType: encoded.headers.get('content-type'),
  };
}

function dispatch(
  agent: Agent,
  url: URL,
  call: RequestOptions,
  { body, contentType }: Encoded,
  sent: { at: Date | null },
): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  let controller: Dispatcher.DispatchController | undefined;
  let ended: OutboundError | undefined;
  const chunks: Buffer[] = [];
  const head: Omit<Received, 'body'> = { status: 0, headers: {} };
  let size = 0;

  function fail(code: string, cause?: unknown): void {
    if (ended) return;
    clearTimeout(deadline);
    ended = new OutboundError(sent.at ? 'after-write' : 'before-write', code, cause);
    controller?.abort(ended);
    reject(ended);
  }
  const deadline = setTimeout(() => fail('TIMEOUT'), call.timeoutMs ?? DEFAULT_TIMEOUT_MS);

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(given) {
      controller = given;
      // Reported as never sent while it waited for a socket: it must not be sent now.
      if (ended) return given.abort(ended);
      sent.at ??= new Date();
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) return;
      head.status = status;
      head.headers = flatten(headers);
    },
    onResponseData(_controller, chunk) {
      size += chunk.length;
      if (size > BODY_LIMIT) return fail('BODY_TOO_LARGE');
      chunks.push(chunk);
    },
    onResponseEnd() {
      clearTimeout(deadline);
      resolve({ ...head, body: Buffer.concat(chunks) });
    },
    onResponseError: (_controller, error) => fail(codeOf(error), error),
  };
  try {
    agent.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: call.method,
        headers: {
          accept: '*/*',
          'user-agent': 'huisheng',
          ...(contentType ? { 'content-type': contentType } : {}),
          ...call.headers,
        },
        body,
      },
      handler,
    );
  } catch (error) {
    fail(codeOf(error), error);
  }
  return promise;
}

function toResponse({ status, headers, body }: Received): PlatformResponse {
  const text = () => body.toString('utf8');
  return { status, headers, body, text, json: () => JSON.parse(text()) as unknown };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // A name with several addresses fails as an AggregateError; its parts carry the codes.
  const first = error instanceof AggregateError ? error.errors[0] : error.cause;
  return first instanceof Error && first !== error ? codeOf(first) : error.name;
}

function describeFailure(error: unknown, mask: Masker): unknown {
  if (!(error instanceof OutboundError)) return { error: mask.text(String(error)) };
  return { error: error.code, stage: error.stage };
}
