import './inbox.css';
import { getCaseFigures } from '#shared/case-figures.ts';
import { type CaseRow, caseUrgencyLabels, listCases } from '#shared/inbox.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useNow } from '../../lib/now.ts';
import { useRead } from '../../lib/query.ts';
import { sayLength } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { FigureMarks } from './figures.tsx';
import { inboxTexts } from './texts.ts';
import { WindowUntil } from './waiting-marks.tsx';
import { sayWorkingDays } from './working-days.ts';

/** For a display in the office: sections side by side, what is most urgent on top, told by word and shape. */
export function WallScreen() {
  const w = useWords(inboxTexts);
  const reading = useRead(listCases, ['cases'], { query: { state: 'open' } });
  const figures = useRead(getCaseFigures, ['cases'], {}).data;
  const ofUnit = (name: string) => figures?.sections.find(({ unitName }) => (unitName ?? w.noOwner) === name);
  return (
    <Page title={w.wall} testId="wall">
      <Async reading={reading}>
        {({ rows, open, overdue }) =>
          rows.length === 0 ? (
            <Empty title={w.emptyTitle} />
          ) : (
            <>
              <p className="number">
                {figures ? <FigureMarks figures={figures} /> : fill(w.counts, { open, overdue })}
                {open > rows.length ? ` · ${fill(w.wallFirst, { count: rows.length })}` : ''}
              </p>
              <div className="wall">
                {[...Map.groupBy(rows, (row) => row.unitName ?? w.noOwner)].map(([unit, cases]) => (
                  <section key={unit} className="wall-unit" aria-label={unit}>
                    <h2>{unit}</h2>
                    <FigureMarks figures={ofUnit(unit) ?? { open: cases.length, overdue: 0, today: 0 }} />
                    <ul>
                      {cases.map((row) => (
                        <WallCase key={row.id} row={row} />
                      ))}
                    </ul>
                  </section>
                ))}
              </div>
            </>
          )
        }
      </Async>
      <To href="/inbox">{w.backToList}</To>
    </Page>
  );
}

function WallCase({ row }: { row: CaseRow }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const now = useNow(30);
  const seconds = row.dueAt ? (new Date(row.dueAt).getTime() - now.getTime()) / 1_000 : null;
  const [tone, words] = sayLeft();
  function sayLeft(): [Tone, string] {
    if (row.pausedAt) return ['calm', w.waitsForPerson];
    if (seconds === null) return ['quiet', w.noDeadline];
    // Counted when the list was read: of a deadline that has passed since, no day is late yet.
    const days = Math.max(0, (row.workingDaysLeft ?? 0) * (seconds < 0 ? -1 : 1));
    // Hours only where no working day lies between: nobody works through a weekend of hours.
    const length = days > 0 ? sayWorkingDays(days, lang) : sayLength(Math.abs(seconds), lang);
    if (seconds < 0) return ['bad', fill(w.lateBy, { length })];
    const pressing = days <= 1 || row.urgency !== 'normal';
    return [pressing ? 'warn' : 'calm', fill(w.leftFor, { length })];
  }
  return (
    <li className={`wall-case wall-${tone}`} data-testid="wall-case">
      <StateMark tone={tone}>{words}</StateMark>
      <To href={`/inbox/${row.id}`}>{row.title}</To>
      <span className="quiet">
        {row.ownerName ?? w.noOwner} · <span className="number">{row.number}</span>
        {row.urgency === 'normal' ? '' : ` · ${caseUrgencyLabels[row.urgency][lang]}`}
      </span>
      {row.windowEndsAt ? <WindowUntil at={row.windowEndsAt} /> : null}
    </li>
  );
}
