import { Button } from 'antd';
import { type Suggestion, suggestAnswers } from '#shared/knowledge.ts';
import { type Text, text } from '#shared/lang.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { Section } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { EntryMarks } from '../knowledge/entry-marks.tsx';
import { putIntoAnswer } from './answer-words.ts';

const texts = {
  title: text('可参考的答复', 'Answers that may fit'),
  knowledge: text('知识库', 'Knowledge base'),
  published: text('公开答复', 'Public answer'),
  none: text(
    '知识库和公开答复里没有相近的问题。',
    'Neither knowledge base nor public answers hold anything like it.',
  ),
  use: text('用这条', 'Use this'),
  basis: text('依据：{basis}', 'Basis: {basis}'),
} as const satisfies Record<string, Text>;

/** What was answered before and fits; one press puts it into the answer box, where a person reads and changes it. */
export function Suggestions({ caseId, conversationId }: { caseId: string; conversationId: string | null }) {
  const w = useWords(texts);
  const reading = useRead(suggestAnswers, ['cases'], { params: { caseId } });
  if (!reading.data) return null;
  const { rows } = reading.data;
  return (
    <Section title={w.title} testId="suggestions">
      {rows.length === 0 ? <p className="quiet">{w.none}</p> : null}
      <ul className="log">
        {rows.map((row) => (
          <li key={row.id} className="suggestion" data-testid="suggestion">
            <div className="quiet">
              {row.source === 'knowledge' ? (
                <To href={`/inbox/knowledge/${row.id}`}>{w.knowledge}</To>
              ) : (
                <To href={`/inbox/published/${row.id}`}>{w.published}</To>
              )}{' '}
              <EntryMarks entry={row} />
            </div>
            <strong>{row.question}</strong>
            <p className="suggestion-words">{row.answer}</p>
            {row.basis ? <p className="quiet">{fill(w.basis, { basis: row.basis })}</p> : null}
            {conversationId ? (
              <Button
                size="small"
                onClick={() => putIntoAnswer(conversationId, putOf(row, fill(w.basis, { basis: row.basis })))}
                data-testid="suggestion-use"
              >
                {w.use}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function putOf(row: Suggestion, basis: string) {
  const words = row.basis ? `${row.answer}\n${basis}` : row.answer;
  return row.source === 'knowledge'
    ? { words, how: 'append' as const, entryId: row.id }
    : { words, how: 'append' as const };
}
