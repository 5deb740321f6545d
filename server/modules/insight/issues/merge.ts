import type { Tx } from '#server/base/database.ts';
import { heatOf } from '#server/base/text/hot-issues.ts';
import { findIssue, updateIssue } from './store.ts';

/**
 * The figures of one issue are added to another's. People who wrote about both count twice, as their keys are not kept:
 * the most there can be.
 */
export async function mergeFigures(tx: Tx, bureauId: string, fromId: string, intoId: string): Promise<void> {
  const [from, into] = [await findIssue(tx, bureauId, fromId), await findIssue(tx, bureauId, intoId)];
  if (!from || !into) return;
  const messages = from.messages + into.messages;
  const people = from.people + into.people;
  await updateIssue(tx, bureauId, intoId, {
    ...{ messages, people, before: from.before + into.before },
    heat: heatOf({ people, messages, reactions: reactionsOf(from) + reactionsOf(into) }),
    first_at: new Date(Math.min(from.first_at.getTime(), into.first_at.getTime())),
    last_at: new Date(Math.max(from.last_at.getTime(), into.last_at.getTime())),
    names: [...new Set([...into.names, ...from.names])].slice(0, 5),
    sentences: [...new Set([...into.sentences, ...from.sentences])].slice(0, 5),
  });
}

/** What the heat holds beside people and messages: those who agreed, by the root. */
function reactionsOf({ people, messages, heat }: { people: number; messages: number; heat: number }): number {
  const agreed = 3 * (heat - heatOf({ people, messages, reactions: 0 }));
  return Math.round(Math.max(0, agreed) ** 2);
}
