import { describe, expect, test } from 'vitest';
import { listDeliveries, releaseDelivery } from '#shared/publishing.ts';
import { buildRequest, fillPath, newKey, queryString } from './request.ts';

describe('a path', () => {
  test('is filled and escaped', () => {
    expect(fillPath('/api/a/:one/b/:two', { one: 'x/y', two: 7 })).toBe('/api/a/x%2Fy/b/7');
  });
  test('with a missing part is refused: a request to the wrong place would be worse', () => {
    expect(() => fillPath('/api/a/:one', {})).toThrow('needs one');
    expect(() => fillPath('/api/a/:one', { one: '' })).toThrow('needs one');
  });
});

test('a query leaves out what is not asked for', () => {
  expect(queryString({ state: undefined, search: '', cursor: null })).toBe('');
  expect(queryString({ search: '退休 办理', page: 0 })).toBe(
    '?search=%E9%80%80%E4%BC%91+%E5%8A%9E%E7%90%86&page=0',
  );
});

describe('a request', () => {
  test('that changes something carries its key and a JSON body', () => {
    const { url, init } = buildRequest(
      releaseDelivery,
      { params: { deliveryId: 'd1' }, body: { plannedWall: null } },
      'k1',
    );
    expect(url).toBe('/api/deliveries/d1/release');
    expect(init).toMatchObject({ method: 'POST', body: '{"plannedWall":null}' });
    expect(init.headers).toMatchObject({ 'idempotency-key': 'k1', 'content-type': 'application/json' });
  });
  test('that only reads carries neither', () => {
    const { url, init } = buildRequest(listDeliveries, { query: { state: 'due' } }, 'k1');
    expect(url).toBe('/api/deliveries?state=due');
    expect(Object.keys(init.headers ?? {})).toEqual(['accept']);
    expect(init.body).toBeUndefined();
  });
});

test('keys are UUIDs of version 4 and differ, also where the browser offers no randomUUID', () => {
  const own = crypto.randomUUID;
  const form = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  expect(newKey()).toMatch(form);
  try {
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    const made = new Set(Array.from({ length: 50 }, newKey));
    expect(made.size).toBe(50);
    for (const key of made) expect(key).toMatch(form);
  } finally {
    Object.defineProperty(crypto, 'randomUUID', { value: own, configurable: true });
  }
});
