import type { z } from 'zod';
import { getCaseFigures } from '#shared/case-figures.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { inboxTexts } from './texts.ts';

type Figures = z.infer<(typeof getCaseFigures)['reply']>;

/** Overdue, due today, open: each has its word and its shape. What is nothing is left out, save the whole. */
export function FigureMarks({ figures }: { figures: Pick<Figures, 'open' | 'overdue' | 'today'> }) {
  const w = useWords(inboxTexts);
  const { open, overdue, today } = figures;
  return (
    <span className="figure-marks number">
      {overdue > 0 ? <StateMark tone="bad">{fill(w.overdueCount, { count: overdue })}</StateMark> : null}
      {today > 0 ? <StateMark tone="warn">{fill(w.todayCount, { count: today })}</StateMark> : null}
      <StateMark tone="calm">{fill(w.openCount, { count: open })}</StateMark>
    </span>
  );
}

/** Open cases a section, the most pressed first; one of them narrows the list to it. */
export function SectionFigures({
  chosen,
  onChoose,
}: {
  chosen: string | undefined;
  onChoose: (unitId: string | undefined) => void;
}) {
  const w = useWords(inboxTexts);
  const { data } = useRead(getCaseFigures, ['cases'], {});
  if (!data || data.open === 0) return null;
  return (
    <fieldset className="section-figures" aria-label={w.bySection} data-testid="section-figures">
      <span className="section-figure">
        {w.everything} <FigureMarks figures={data} />
      </span>
      {data.sections.map(({ unitId, unitName, ...figures }) =>
        unitId === null ? (
          <span key="none" className="section-figure">
            {w.noOwner} <FigureMarks figures={figures} />
          </span>
        ) : (
          <button
            key={unitId}
            type="button"
            className="section-figure section-figure-choice"
            aria-pressed={chosen === unitId}
            onClick={() => onChoose(chosen === unitId ? undefined : unitId)}
          >
            {unitName} <FigureMarks figures={figures} />
          </button>
        ),
      )}
    </fieldset>
  );
}
