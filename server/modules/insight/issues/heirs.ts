/**
 * What people decided about an issue (its name, that it is hidden, what it is part of, the topic begun from it) goes over to
 * the issue of the next run that holds mostly the same messages.
 */
export type Decided = {
  id: string;
  messageIds: readonly string[];
  mergedInto: string | null;
};

/** At least so much of the smaller one must be shared. */
const share = 0.5;

/** @returns by place in `fresh`: whom it inherits from */
export function findHeirs(
  fresh: readonly { messageIds: readonly string[] }[],
  earlier: readonly Decided[],
): (Decided | null)[] {
  const owners = new Map<string, string[]>();
  for (const { id, messageIds } of earlier)
    for (const message of messageIds) owners.set(message, [...(owners.get(message) ?? []), id]);
  const byId = new Map(earlier.map((one) => [one.id, one]));
  return fresh.map(({ messageIds }) => {
    const shared = new Map<string, number>();
    for (const message of messageIds)
      for (const owner of owners.get(message) ?? []) shared.set(owner, (shared.get(owner) ?? 0) + 1);
    let best: Decided | null = null;
    let most = 0;
    for (const [id, count] of shared) {
      const one = byId.get(id)!;
      if (count < share * Math.min(messageIds.length, one.messageIds.length) || count <= most) continue;
      [best, most] = [one, count];
    }
    return best;
  });
}
