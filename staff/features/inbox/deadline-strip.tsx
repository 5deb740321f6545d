import type { CaseView } from '#shared/inbox.ts';
import type { Lang } from '#shared/lang.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { sayDay } from '../../lib/time.ts';
import { inboxTexts } from './texts.ts';

type Step = CaseView['deadline']['steps'][number];
type Words = Record<'noteWorks' | 'notePaused' | 'noteFirst' | 'noteWeekend' | 'noteHoliday', string>;

/** The server notes each day in Chinese; what the note says is told in English from the day itself. */
function noteOf(step: Step, from: string, lang: Lang, w: Words): string {
  if (lang === 'zh') return step.note;
  if (step.paused) return w.notePaused;
  if (step.counted) return w.noteWorks;
  if (step.day === from) return w.noteFirst;
  return [0, 6].includes(new Date(`${step.day}T00:00:00Z`).getUTCDay()) ? w.noteWeekend : w.noteHoliday;
}

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
            <span className="quiet">
              {step.number === deadline.workingDays ? w.lastDay : noteOf(step, deadline.from, lang, w)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
