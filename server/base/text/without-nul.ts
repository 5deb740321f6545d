/**
 * What came from outside, without the one character that PostgreSQL's text cannot hold and no person types. In all of it: a name,
 * an id or an address with it would fail the transaction at every try as the words would.
 */
export function withoutNul<T>(told: T): T {
  return strip(told) as T;
}

function strip(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\u0000', '');
  if (Array.isArray(value)) return value.map(strip);
  // Dates, bytes and the like are no text.
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, strip(one)]));
}
