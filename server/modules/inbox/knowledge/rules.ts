/** What holds of an entry of the knowledge base, as pure functions. */
import type { KnowledgeContent, KnowledgeState, StaleWhy } from '#shared/knowledge.ts';

type Dates = Pick<KnowledgeContent, 'validTo' | 'reviewOn'>;

/** Why an entry is out of date on a day; the last day of validity still counts. Only what is in use can be. */
export function staleOn(day: string, state: KnowledgeState, { validTo, reviewOn }: Dates): StaleWhy | null {
  if (state !== 'in-use') return null;
  if (validTo !== null && validTo < day) return 'valid-to';
  return reviewOn !== null && reviewOn <= day ? 'review-on' : null;
}

/** A draft is put to use, what is in use is retired, and what was retired may come back. */
export function mayMove(from: KnowledgeState, to: 'in-use' | 'retired'): boolean {
  return to === 'in-use' ? from !== 'in-use' : from === 'in-use';
}

/** Why a content does not hold together: Chinese and English; null when it does. */
export function findContradiction(content: KnowledgeContent): { zh: string; en: string } | null {
  const { validFrom, validTo } = content;
  if (validFrom !== null && validTo !== null && validTo < validFrom) {
    return { zh: '有效期的结束早于开始', en: 'it ends before it begins' };
  }
  return null;
}
