/** What holds of an entry of the knowledge base, as pure functions. */
import type { KnowledgeContent, KnowledgeState, StaleWhy } from '#shared/knowledge.ts';

type Dates = Pick<KnowledgeContent, 'validTo' | 'reviewOn'>;

/**
 * Why an entry is out of date on a day; the last day of validity still counts. Only what is in use can be. Without a day of review
 * nobody would ever look again, so that is told too.
 */
export function staleOn(day: string, state: KnowledgeState, { validTo, reviewOn }: Dates): StaleWhy | null {
  if (state !== 'in-use') return null;
  if (validTo !== null && validTo < day) return 'valid-to';
  if (reviewOn === null) return 'no-review';
  return reviewOn <= day ? 'review-on' : null;
}

/** On what an answer rests must be written down before it is given again; what is retired is not given. */
export function lacksBasis(state: KnowledgeState, { basis }: Pick<KnowledgeContent, 'basis'>): boolean {
  return state !== 'retired' && basis.trim() === '';
}

/** The same day some months on; the last of its month where that is shorter. */
export function monthsAfter(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  const wanted = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(wanted, last));
  return date.toISOString().slice(0, 10);
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
