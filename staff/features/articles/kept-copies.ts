import { listLocal, readLocal, removeLocal, writeLocal } from '../../lib/local-store.ts';
import { type Draft, readDraft } from './draft.ts';

/** A version that was not chosen after a conflict; kept until the person throws it away. */
export type KeptCopy = { key: string; at: string; draft: Draft };

const prefix = (personId: string, articleId: string) => `other:${personId}:${articleId}:`;

export function keepCopy(personId: string, articleId: string, draft: Draft): void {
  const at = new Date().toISOString();
  writeLocal(prefix(personId, articleId) + at, draft);
}

export function keptCopies(personId: string, articleId: string): KeptCopy[] {
  const start = prefix(personId, articleId);
  return listLocal(start).flatMap((key) => {
    const draft = readDraft(readLocal(key));
    return draft ? [{ key, at: key.slice(start.length), draft }] : [];
  });
}

export function dropCopy(key: string): void {
  removeLocal(key);
}
