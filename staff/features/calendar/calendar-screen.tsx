import './calendar.css';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { listWorkingDays, type WorkingDay } from '#shared/planning.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useRead } from '../../lib/query.ts';
import { dayOf, sayDay } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { keyed } from '../../ui/keyed.ts';
import { Page } from '../../ui/page.tsx';
import { DayEditor } from './day-editor.tsx';
import { calendarTexts, weekHeads } from './texts.ts';

const monthNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

export function CalendarScreen() {
  const w = useWords(calendarTexts);
  const manages = useMay('calendar.manage');
  const [year, setYear] = useState(Number(dayOf(new Date()).slice(0, 4)));
  const [open, setOpen] = useState<string | null>(null);
  const days = useRead(listWorkingDays, ['working-days'], { query: { year } }, { keepPrevious: true });
  return (
    <Page
      title={w.title}
      testId="calendar"
      aside={<span className="quiet">{w.help}</span>}
      actions={
        <>
          <Button onClick={() => setYear(year - 1)}>{w.previous}</Button>
          <strong className="number">{fill(w.year, { year })}</strong>
          <Button onClick={() => setYear(year + 1)}>{w.next}</Button>
        </>
      }
    >
      <Async reading={days}>
        {(data) => {
          const edited = data.days.find((day) => day.day === open) ?? null;
          return (
            <>
              {data.complete ? null : (
                <Alert
                  type="warning"
                  showIcon
                  title={fill(w.incomplete, { year })}
                  data-testid="calendar-incomplete"
                />
              )}
              <Legend />
              <div className="months">
                {monthNumbers.map((month) => (
                  <Month key={month} month={month} days={data.days} onOpen={manages ? setOpen : null} />
                ))}
              </div>
              {edited ? <DayEditor key={edited.day} day={edited} onClose={() => setOpen(null)} /> : null}
            </>
          );
        }}
      </Async>
    </Page>
  );
}

function Legend() {
  const w = useWords(calendarTexts);
  return (
    <p className="legend quiet">
      <span>
        <b className="day-sign">{w.signRest}</b> {w.legendRest}
      </span>
      <span>
        <b className="day-sign">{w.signWork}</b> {w.legendWork}
      </span>
      <span>
        <b className="day-sign">＊</b> {w.legendHand}
      </span>
      <span>
        <b className="day-sign day-today">&nbsp;1&nbsp;</b> {w.legendToday}
      </span>
    </p>
  );
}

type MonthProps = { month: number; days: readonly WorkingDay[]; onOpen: ((day: string) => void) | null };

function Month({ month, days, onOpen }: MonthProps) {
  const lang = useLang();
  const own = days.filter((day) => Number(day.day.slice(5, 7)) === month);
  const first = own[0];
  if (first === undefined) return null;
  const lead = (new Date(`${first.day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const title =
    lang === 'zh'
      ? `${month}月`
      : new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(
          new Date(`${first.day}T00:00:00Z`),
        );
  return (
    <section className="month">
      <h2>{title}</h2>
      <div className="month-grid">
        {keyed(weekHeads[lang], (head) => head).map(({ key, item }) => (
          <span key={key} className="week-head">
            {item}
          </span>
        ))}
        {lead > 0 ? <span style={{ gridColumn: `span ${lead}` }} /> : null}
        {own.map((day) => (
          <Day key={day.day} day={day} onOpen={onOpen} />
        ))}
      </div>
    </section>
  );
}

/** Holidays and make-up days carry a sign of their own; plain weekends are only paler. */
function Day({ day, onOpen }: { day: WorkingDay; onOpen: ((day: string) => void) | null }) {
  const w = useWords(calendarTexts);
  const lang = useLang();
  const weekend = [0, 6].includes(new Date(`${day.day}T00:00:00Z`).getUTCDay());
  const sign =
    day.works && weekend ? w.signWork : !day.works && (!weekend || day.name !== '') ? w.signRest : '';
  const label = `${sayDay(day.day, lang)} ${day.works ? w.works : w.rests} ${day.name}`.trim();
  const inner = (
    <>
      {Number(day.day.slice(8))}
      <small>
        {sign}
        {day.source === 'hand' ? '＊' : ''}
      </small>
    </>
  );
  const isToday = day.day === dayOf(new Date());
  const className = `day ${day.works ? 'day-works' : 'day-rests'}${sign ? ' day-special' : ''}${isToday ? ' day-today' : ''}`;
  if (onOpen === null) {
    return (
      <span className={className} title={label}>
        {inner}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={className}
      title={label}
      aria-label={label}
      onClick={() => onOpen(day.day)}
      data-testid={`day-${day.day}`}
    >
      {inner}
    </button>
  );
}
