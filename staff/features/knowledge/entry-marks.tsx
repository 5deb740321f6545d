import { type StaleWhy, staleLabels } from '#shared/knowledge.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { knowledgeTexts } from './texts.ts';

/** Says why an entry may no longer be right, and that nobody wrote down on what it rests; nothing while all is well. */
export function EntryMarks({ entry }: { entry: { stale: StaleWhy | null; basisMissing: boolean } }) {
  const lang = useLang();
  const w = useWords(knowledgeTexts);
  return (
    <>
      {entry.stale ? (
        <StateMark tone="warn" testId="stale">
          {staleLabels[entry.stale][lang]}
        </StateMark>
      ) : null}
      {entry.stale && entry.basisMissing ? ' ' : null}
      {entry.basisMissing ? (
        <StateMark tone="warn" testId="basis-missing">
          {w.basisMissing}
        </StateMark>
      ) : null}
    </>
  );
}
