import type { TokenStore } from '#connectors/contract.ts';

/** Single flight like the real store: whoever comes second waits and reads what the first one saved. */
export function memoryTokens(now: () => number): TokenStore {
  const held = new Map<string, { token: string; until: number }>();
  const flights = new Map<string, Promise<unknown>>();
  const fresh = (name: string, marginMs: number) => {
    const known = held.get(name);
    return known && known.until - now() > marginMs ? known.token : null;
  };
  return {
    async peek(name, marginMs) {
      return fresh(name, marginMs);
    },
    async get(name, marginMs, renew) {
      const before = flights.get(name) ?? Promise.resolve();
      const flight = before
        .catch(() => undefined)
        .then(async () => {
          const cached = fresh(name, marginMs);
          if (cached) return cached;
          const { token, expiresInMs } = await renew();
          held.set(name, { token, until: now() + expiresInMs });
          return token;
        });
      flights.set(name, flight);
      return flight;
    },
    async drop(name, token) {
      if (held.get(name)?.token === token) held.delete(name);
    },
  };
}
