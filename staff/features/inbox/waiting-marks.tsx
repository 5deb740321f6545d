import { fill, useLang, useWords } from '../../lib/language.ts';
import { useNow } from '../../lib/now.ts';
import { dayOf, sayDay, sayMoment } from '../../lib/time.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { inboxTexts } from './texts.ts';

/** The clock stands still until the person writes: since when. */
export function WaitsSince({ at }: { at: string }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  return (
    <StateMark tone="calm" testId="waits-since">
      {fill(w.waitsSince, { day: sayDay(dayOf(at), lang) })}
    </StateMark>
  );
}

/** From when on the end of a window is more than a word beside the deadline; then whoever handles it is reminded too. */
const soonMs = 12 * 3_600_000;

/** Until when the platform still takes an answer, however late the deadline is. */
export function WindowUntil({ at }: { at: string }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const now = useNow(60);
  const words = fill(w.windowUntil, { time: sayMoment(at, lang) });
  const left = new Date(at).getTime() - now.getTime();
  if (left <= 0) return null;
  return (
    <div className="quiet number" data-testid="window-until">
      {left < soonMs ? <StateMark tone="warn">{words}</StateMark> : words}
    </div>
  );
}
