/** The words of a case from which a public question and answer are made. */
import type { Tx } from '#server/base/database.ts';
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
  { outcome, outcome_note }: CaseOutcomeNote,
): Promise<CaseWords> {
  const ids = await listConversationIds(tx, bureauId, caseId);
  const threads = await listConversations(tx, bureauId, ids);
  const messages = await listMessages(tx, bureauId, ids);
  const firstOut = messages.findIndex(({ direction }) => direction === 'out');
  const asked = (firstOut < 0 ? messages : messages.slice(0, firstOut)).filter(
    ({ direction }) => direction === 'in',
  );
  const answered = messages.findLast(({ direction }) => direction === 'out');
  const end =
    outcome === 'adopted' || outcome === 'not-adopted'
      ? `${outcome === 'adopted' ? '已采纳' : '未采纳'}。理由：${outcome_note ?? ''}`
      : '';
  return {
    question: joinWords(asked.map(({ text }) => text)),
    answer: joinWords([answered?.text.replace(ratingQuestion, '') ?? '', end]),
    consent: threads.length > 0 && threads.every((thread) => thread.may_publish),
  };
}

const joinWords = (parts: readonly string[]) =>
  parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join('\n');
