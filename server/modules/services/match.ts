/** Which services a person may mean, by the words of their question. Pure. */
import { indexTerms } from '#server/modules/publishing/index.ts';
import type { ServiceContent } from '#shared/services.ts';

/** So much of a name must stand in the question; a pair that many names share (保险) counts little. */
const shareNeeded = 0.3;
const pairsNeeded = 2;

const pairsOf = (text: string) => indexTerms(text).filter((term) => Array.from(term).length > 1);

/** The best first. */
export function matchServices(
  services: readonly ServiceContent[],
  question: string,
  limit: number,
): ServiceContent[] {
  const asked = new Set(pairsOf(question));
  const named = services.map((service) => ({ service, pairs: pairsOf(service.name) }));
  const holding = new Map<string, number>();
  for (const pair of named.flatMap(({ pairs }) => pairs)) holding.set(pair, (holding.get(pair) ?? 0) + 1);
  const weigh = (pairs: readonly string[]) =>
    pairs.reduce((sum, pair) => sum + Math.log(1 + services.length / holding.get(pair)!), 0);
  return named
    .map(({ service, pairs }) => {
      const shared = pairs.filter((pair) => asked.has(pair));
      const enough = shared.length >= Math.min(pairsNeeded, pairs.length) && shared.length > 0;
      return { service, share: enough ? weigh(shared) / weigh(pairs) : 0 };
    })
    .filter(({ share }) => share >= shareNeeded)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, limit)
    .map(({ service }) => service);
}
