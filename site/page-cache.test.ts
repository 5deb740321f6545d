import { expect, test } from 'vitest';
import { createPageCache, type Rendered } from './page-cache.ts';

function build() {
  const clock = { now: 0 };
  const cache = createPageCache({
    maxAgeMs: 5_000,
    graceMs: 60_000,
    capacity: 800,
    etagOf: (body) => body,
    now: () => clock.now,
  });
  let loads = 0;
  const produce =
    (body: string, bureauId = 'one') =>
    async (): Promise<Rendered> => {
      loads += 1;
      return { bureauId, stamp: body, type: 'text/html', body };
    };
  return { clock, cache, produce, loads: () => loads };
}

test('a page is loaded once while nothing changes', async () => {
  const { cache, produce, loads } = build();
  await cache.get('a', produce('x'));
  expect((await cache.get('a', produce('y')))?.body).toBe('x');
  expect(loads()).toBe(1);
});

test('a change of its bureau makes the next reader load it; another bureau’s doesn’t', async () => {
  const { cache, produce } = build();
  await cache.get('a', produce('x'));
  cache.invalidate('two');
  expect((await cache.get('a', produce('y')))?.body).toBe('x');
  cache.invalidate('one');
  expect((await cache.get('a', produce('y')))?.body).toBe('y');
});

test('a lost notification costs five seconds, no more', async () => {
  const { cache, clock, produce } = build();
  await cache.get('a', produce('x'));
  clock.now = 5_000;
  expect((await cache.get('a', produce('y')))?.body).toBe('y');
});

test('a page read while it changed is not believed afterwards', async () => {
  const { cache, produce } = build();
  await cache.get('a', async () => {
    cache.invalidate('one');
    return produce('old')();
  });
  expect((await cache.get('a', produce('new')))?.body).toBe('new');
});

test('a reader who comes after a change never gets an answer begun before it', async () => {
  const { cache, produce } = build();
  const slow = Promise.withResolvers<Rendered>();
  const early = cache.get('a', () => slow.promise);
  cache.invalidate('one');
  const late = cache.get('a', produce('new'));
  slow.resolve(await produce('old')());
  expect((await early)?.body).toBe('old');
  expect((await late)?.body).toBe('new');
});

test('a crowd for a stale page costs one load', async () => {
  const { cache, produce, loads } = build();
  await Promise.all(Array.from({ length: 50 }, () => cache.get('a', produce('x'))));
  expect(loads()).toBe(1);
});

test('the same stamp keeps the bytes and what was compressed of them', async () => {
  const { cache, produce } = build();
  const first = await cache.get('a', produce('x'));
  first!.encoded.set('br', Buffer.from('small'));
  cache.invalidate('one');
  const second = await cache.get('a', async (stamp) => (stamp === 'x' ? 'unchanged' : null));
  expect(second?.encoded.get('br')).toEqual(Buffer.from('small'));
});

test('a page that is gone is gone', async () => {
  const { cache, produce } = build();
  await cache.get('a', produce('x'));
  cache.invalidate('one');
  expect(await cache.get('a', async () => null)).toBeNull();
});

test('while the database is away a page nothing changed on is served a minute longer, a changed one never', async () => {
  const { cache, clock, produce } = build();
  const away = async () => Promise.reject(new Error('no database'));
  await cache.get('a', produce('x'));
  clock.now = 30_000;
  expect((await cache.get('a', away))?.body).toBe('x');
  clock.now = 60_000;
  await expect(cache.get('a', away)).rejects.toThrow('no database');
  await cache.get('a', produce('x'));
  cache.invalidate('one');
  await expect(cache.get('a', away)).rejects.toThrow('no database');
});

test('the least used page goes first, and a giant is not kept at all', async () => {
  const { cache, produce, loads } = build();
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await cache.get(key, produce(key.repeat(100)));
  await cache.get('a', produce('never'));
  await cache.get('i', produce('i'.repeat(100)));
  expect((await cache.get('a', produce('again')))?.body[0]).toBe('a');
  const before = loads();
  await cache.get('b', produce('b'));
  expect(loads()).toBe(before + 1);
  await cache.get('giant', produce('g'.repeat(101)));
  await cache.get('giant', produce('g'.repeat(101)));
  expect(loads()).toBe(before + 3);
});
