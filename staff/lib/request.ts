/** How a route and its input become one HTTP request. Pure, so that it can be tried without a browser. */
import type { Route } from '#shared/route.ts';

export type CallParts = {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
};

/** Fills `:name` in the path; a missing name is a mistake in our own code, so it throws. */
export function fillPath(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === null || value === '') throw new Error(`path ${path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
}

/** What is undefined, null or empty is left out: the server's schemas treat absence as "no filter". */
export function queryString(query: Record<string, unknown> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

export function isMutating(method: Route['method']): boolean {
  return method !== 'GET';
}

export function buildRequest(
  route: Route,
  parts: CallParts,
  key: string,
): { url: string; init: RequestInit } {
  const headers: Record<string, string> = { accept: 'application/json' };
  const init: RequestInit = { method: route.method, headers, credentials: 'same-origin' };
  if (isMutating(route.method)) headers['idempotency-key'] = key;
  if (parts.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(parts.body);
  }
  return { url: fillPath(route.path, parts.params) + queryString(parts.query), init };
}

/** `crypto.randomUUID` exists only on https and localhost; a bureau's intranet is often neither. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
