import type { CaseView } from '#shared/inbox.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayDay } from '../../lib/time.ts';
import { inboxTexts } from './texts.ts';

/** The deadline day by day, so that it can be checked with a finger on the calendar. */
export function DeadlineStrip({ deadline }: { deadline: CaseView['deadline'] }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  return (
    <>
      <p className="quiet">
        {fill(w.deadlineRule, { from: sayDay(deadline.from, lang), count: deadline.workingDays })}
      </p>
      <ol className="strip" data-testid="deadline-strip">
        {deadline.steps.map((step) => (
          <li
            key={step.day}
            className={step.counted ? 'strip-day strip-counted' : 'strip-day'}
            data-counted={step.counted}
          >
            <span className="number">{sayDay(step.day, lang)}</span>
            <strong>
              {step.counted && step.number !== null ? fill(w.dayNumber, { number: step.number }) : w.skipped}
            </strong>
            <span className="quiet">{step.number === deadline.workingDays ? w.lastDay : step.note}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
