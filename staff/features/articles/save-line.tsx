import type { SaveState } from '../../lib/autosave.ts';
import { errorText } from '../../lib/call-error.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { clockOf } from '../../lib/time.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import type { Draft } from './draft.ts';
import { saveTexts } from './texts.ts';

/** Where the text is now, in words. */
export function SaveLine({ state }: { state: SaveState<Draft> }) {
  const w = useWords(saveTexts);
  const lang = useLang();
  const props = { testId: 'save-state', value: state.kind };
  switch (state.kind) {
    case 'saved':
      return (
        <StateMark tone="good" {...props}>
          {state.at ? fill(w.saved, { time: clockOf(state.at) }) : w.savedPlain}
        </StateMark>
      );
    case 'waiting':
    case 'sending':
      return (
        <StateMark tone="busy" {...props}>
          {w.saving}
        </StateMark>
      );
    case 'offline':
      return (
        <StateMark tone="warn" {...props}>
          {state.kept ? w.offline : w.offlineUnkept}
        </StateMark>
      );
    case 'conflict':
      return (
        <StateMark tone="bad" {...props}>
          {w.conflict}
        </StateMark>
      );
    case 'refused':
      return (
        <span className="save-refused">
          <StateMark tone="bad" {...props}>
            {w.refused}
          </StateMark>
          {errorText(state.error)[lang]}
        </span>
      );
  }
}
