/** An exception to a rule names its place and says why; one that no longer applies fails, so that lists only shrink. */

export type Breach = { key: string; line: string };

export type Verdict = { breaches: string[]; stale: string[] };

/** @param exceptions reason by key; a key that ends in `/` or `*` covers what begins with it */
export function judge(breaches: readonly Breach[], exceptions: Readonly<Record<string, string>>): Verdict {
  const used = new Set<string>();
  const covering = (key: string) => {
    const found = Object.keys(exceptions).filter((one) => covers(one, key));
    for (const one of found) used.add(one);
    return found.length > 0;
  };
  return {
    breaches: breaches.filter(({ key }) => !covering(key)).map(({ line }) => line),
    stale: Object.keys(exceptions).filter((one) => !used.has(one)),
  };
}

function covers(exception: string, key: string): boolean {
  if (exception.endsWith('*')) return key.startsWith(exception.slice(0, -1));
  return exception.endsWith('/') ? key.startsWith(exception) : key === exception;
}

/** What `expect(judge(…)).toEqual(clean)` compares with: the failure then lists the places. */
export const clean: Verdict = { breaches: [], stale: [] };
