import { type Text, text } from '#shared/lang.ts';
import { useWords } from '../../lib/language.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { EntryMarks } from '../knowledge/entry-marks.tsx';
import type { Conversation } from './conversation.ts';

const texts = {
  cites: text('引用知识库：', 'Rests on: '),
  older: text('引用的是旧版', 'An older version'),
} as const satisfies Record<string, Text>;

/** What an answer rests on, and whether that still holds. */
export function Citations({ citations }: { citations: Conversation['replies'][number]['citations'] }) {
  const w = useWords(texts);
  return citations.map((one) => (
    <p key={one.entryId} className="quiet">
      {w.cites}
      <To href={`/inbox/knowledge/${one.entryId}`}>{one.question}</To>{' '}
      {one.cited < one.version ? <StateMark tone="warn">{w.older}</StateMark> : null}{' '}
      <EntryMarks entry={one} />
    </p>
  ));
}
