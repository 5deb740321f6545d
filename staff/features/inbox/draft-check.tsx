import { useEffect, useState } from 'react';
import { judgeDraft } from '#shared/knowledge.ts';
import { type Text, text } from '#shared/lang.ts';
import type { RouteReply } from '#shared/route.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';

const texts = {
  personal: text('文中有{kinds}，确认需要再发出。', 'It holds: {kinds}. Send it only where that is needed.'),
  reviewed: text(
    '这类答复提交后由另一人审核，通过才发出。',
    'Another person approves answers of this kind before they go out.',
  ),
  good: text('读起来清楚完整。', 'Clear and complete.'),
} as const satisfies Record<string, Text>;

type Check = RouteReply<typeof judgeDraft>;
/** Below this a sentence may help; above it, praise would only distract. */
const weak = 0.5;
const restMs = 900;
const parts = ['relevance', 'completeness', 'basis', 'readability', 'timeliness'] as const;

/** While somebody writes: what a citizen would miss, in plain sentences. No marks, no colours to chase. */
export function DraftCheck({ caseId, draft }: { caseId: string; draft: string }) {
  const w = useWords(texts);
  const lang = useLang();
  const check = useCheck(caseId, draft.trim());
  if (!check) return null;
  const hints = parts.filter((part) => check[part].score < weak).map((part) => check[part].why[lang]);
  const kinds = [...new Set(check.personal.map(({ kind }) => kind[lang]))].join(lang === 'zh' ? '、' : ', ');
  return (
    <ul className="draft-check quiet" data-testid="draft-check">
      {hints.length === 0 ? <li>{w.good}</li> : hints.map((hint) => <li key={hint}>{hint}</li>)}
      {kinds ? <li>{fill(w.personal, { kinds })}</li> : null}
      {check.reviewed ? <li>{w.reviewed}</li> : null}
    </ul>
  );
}

/** Asked when the person rests; a late answer to earlier words is dropped. */
function useCheck(caseId: string, words: string): Check | null {
  const [check, setCheck] = useState<Check | null>(null);
  useEffect(() => {
    let wanted = true;
    if ([...words].length < 10) {
      setCheck(null);
      return;
    }
    const timer = setTimeout(() => {
      call(judgeDraft, { params: { caseId }, body: { text: words } }).then(
        (found) => wanted && setCheck(found),
        // Hints are a help: without them the answer is written all the same.
        () => wanted && setCheck(null),
      );
    }, restMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [caseId, words]);
  return check;
}
