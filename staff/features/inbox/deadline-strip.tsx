import type { CaseView } from '#shared/inbox.ts';
import type { Lang } from '#shared/lang.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { dayOf, sayDay } from '../../lib/time.ts';
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
export function DeadlineStrip({ deadline, pausedAt }: Pick<CaseView, 'deadline' | 'pausedAt'>) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  // While the clock stands still nobody knows the day: the strip ends where it stopped.
  const stopped = pausedAt === null ? null : dayOf(new Date(pausedAt));
  const steps = stopped === null ? deadline.steps : deadline.steps.filter(({ day }) => day <= stopped);
  return (
    <>
      <p className="quiet">
        {fill(deadline.given ? w.deadlineGiven : w.deadlineRule, {
          from: sayDay(deadline.from, lang),
          count: deadline.workingDays,
        })}
        {deadline.extendedBy > 0 ? (
          <span data-testid="deadline-extended">
            {fill(w.deadlineExtended, {
              level: deadline.workingDays - deadline.extendedBy,
              by: deadline.extendedBy,
            })}
          </span>
        ) : null}
      </p>
      <ol className="strip" data-testid="deadline-strip">
        {steps.map((step) => (
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
              {step.number === deadline.workingDays
                ? w.lastDay
                : step.number === deadline.workingDays - deadline.extendedBy
                  ? w.firstDeadline
                  : noteOf(step, deadline.from, lang, w)}
            </span>
          </li>
        ))}
      </ol>
      {stopped === null ? null : (
        <p className="quiet" data-testid="deadline-stands">
          {w.deadlineStands}
        </p>
      )}
    </>
  );
}
