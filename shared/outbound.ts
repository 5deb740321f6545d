/** Outbound HTTP as a connector sees it; made by `server/base/egress.ts`, and what is kept of each call. */

/** Exactly what went over the wire, secrets masked by the connector's client; kept with the attempt. */
export type Exchange = {
  method: string;
  url: string;
  request: unknown;
  status: number | null;
  response: unknown;
  /** When the first byte of the request may have left; null when the connection never stood. */
  firstByteAt: Date | null;
  ms: number;
};

/** Outbound HTTP as a connector sees it: one base address, deadlines, no redirects, every call recorded. */
export type PlatformHttp = {
  /** The platform's base address, without trailing slash; browsers are sent below it to sign in. */
  baseUrl: string;
  /**
   * @throws {OutboundError} `stage: 'before-write'` when provably nothing was sent (DNS, refused, TLS), else
   *   `'after-write'`. HTTP error statuses do not throw.
   */
  request(options: {
    method: 'GET' | 'POST' | 'DELETE' | 'PUT';
    /** Path under the platform's base address, or an absolute URL on a host the operator allows. */
    path: string;
    query?: Record<string, string | number>;
    json?: unknown;
    form?: Record<string, string>;
    multipart?: FormData;
    /** The body as it is, for parts of files; `application/octet-stream` unless the headers say otherwise. */
    bytes?: Buffer;
    headers?: Record<string, string>;
    /** Names of query, form and JSON keys never to be recorded; the common ones are masked anyway. */
    secrets?: readonly string[];
    /** Whole-call deadline in milliseconds; default 15,000. */
    timeoutMs?: number;
  }): Promise<PlatformResponse>;
};

export type PlatformResponse = {
  status: number;
  headers: Record<string, string>;
  /** The whole body, at most 10 MiB. */
  body: Buffer;
  text(): string;
  /** @throws {SyntaxError} when the body is not JSON (HTML in a 200, truncated). */
  json(): unknown;
};
