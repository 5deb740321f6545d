/** The words of a case from which a public question and answer are made. */
import type { Tx } from '#server/base/database.ts';
import { listReplies } from '../answers/store.ts';
import { ratingQuestion } from '../cases/rating.ts';
import { listConversationIds } from '../cases/store.ts';
import { listConversations, listMessages } from '../threads/store.ts';

export type CaseWords = { question: string; answer: string; consent: boolean };

type CaseOutcomeNote = { outcome: string | null; outcome_note: string | null };

/**
 * What the person wrote before the first answer, and the last answer they were given. Of a suggestion also what became of it,
 * with the reason: 采纳与不采纳都公开.
 */
export async function readCaseWords(
  tx: Tx,
  bureauId: string,
  caseId: string,
  ended: CaseOutcomeNote,
): Promise<CaseWords> {
  const ids = await listConversationIds(tx, bureauId, caseId);
  const threads = await listConversations(tx, bureauId, ids);
  const messages = await listMessages(tx, bureauId, ids);
  const firstOut = messages.findIndex(({ direction }) => direction === 'out');
  const asked = (firstOut < 0 ? messages : messages.slice(0, firstOut)).filter(
    ({ direction }) => direction === 'in',
  );
  // A notice tells the person how it goes, and of a suggestion says what stands in its last line anyway.
  const replies = await listReplies(tx, bureauId, ids);
  const notices = new Set(
    replies.filter(({ purpose }) => purpose === 'notice').map(({ text }) => text.trim()),
  );
  const answered = messages.findLast(({ direction, text }) => direction === 'out' && !notices.has(text));
  return {
    question: joinWords(asked.map(({ text }) => text)),
    answer: joinWords([answered?.text.replace(ratingQuestion, '') ?? '', outcomeLine(ended)]),
    consent: threads.length > 0 && threads.every((thread) => thread.may_publish),
  };
}

/** One line, so that it is found again when the end changes; empty where nothing was to be decided. */
export function outcomeLine({ outcome, outcome_note: note }: CaseOutcomeNote): string {
  if (outcome !== 'adopted' && outcome !== 'not-adopted') return '';
  const reason = (note ?? '').replaceAll(/\s*\n\s*/g, ' ').trim();
  return `${outcome === 'adopted' ? '已采纳' : '未采纳'}。理由：${reason}`;
}

/** The answer with this line in the place of an earlier one; at its end where a person has taken that out. */
export function withOutcomeLine(answer: string, line: string): string {
  const before = /^(?:已|未)采纳。理由：.*$/m;
  return before.test(answer) ? answer.replace(before, () => line) : joinWords([answer, line]);
}

const joinWords = (parts: readonly string[]) =>
  parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join('\n');
