import { Segmented } from 'antd';
import { useState } from 'react';
import { getAnswerQuality, issueDays, type Marks, qualityMarkLabels, qualityMarks } from '#shared/insight.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { To } from '../../ui/to.tsx';
import { Parts } from './parts.tsx';
import { insightTexts, qualityTexts } from './texts.ts';

/** Marks as whole points of a hundred: nobody reads 0.73. */
const points = (mark: number): string => `${Math.round(mark * 100)}`;
const fewAnswers = 10;
/** A mark below this is worth a sentence. */
const weak = 0.6;

export function QualityScreen() {
  const w = useWords(qualityTexts);
  const i = useWords(insightTexts);
  const [days, setDays] = useState<(typeof issueDays)[number]>(30);
  const reading = useRead(
    getAnswerQuality,
    ['cases'],
    { query: { days: `${days}` } },
    { keepPrevious: true },
  );
  return (
    <Page title={i.title} testId="quality">
      <Parts here="quality" />
      <div className="filters">
        <Segmented
          value={days}
          onChange={setDays}
          options={issueDays.map((value) => ({ value, label: fill(i.days, { days: value }) }))}
        />
      </div>
      <p className="quiet">{w.help}</p>
      <Async reading={reading}>
        {({ count, mean, sections, lowest }) =>
          mean === null ? (
            <Empty title={w.emptyTitle}>{w.empty}</Empty>
          ) : (
            <>
              <Section
                title={w.sectionsTitle}
                aside={<span className="quiet">{fill(w.count, { count })}</span>}
              >
                <MarksTable rows={[{ name: w.all, count, mean }, ...sections]} />
              </Section>
              <Section title={w.lowestTitle}>
                {lowest.length === 0 ? <p className="quiet">{w.lowestNone}</p> : null}
                <ul className="lines">
                  {lowest.map((answer) => (
                    <LowLine key={answer.caseId} answer={answer} />
                  ))}
                </ul>
              </Section>
            </>
          )
        }
      </Async>
    </Page>
  );
}

type Row = { name: string; count: number; mean: Marks };

function MarksTable({ rows }: { rows: readonly Row[] }) {
  const w = useWords(qualityTexts);
  const labels = useWords(qualityMarkLabels);
  return (
    <ScrollRegion className="marks-scroll" label={w.sectionsTitle}>
      <table className="marks marks-cards" data-testid="quality-marks">
        <thead>
          <tr>
            <th>{w.section}</th>
            <th>{w.answers}</th>
            <th>{w.overall}</th>
            {qualityMarks.map((mark) => (
              <th key={mark}>{labels[mark]}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>{row.name}</td>
              <td data-label={w.answers}>
                {row.count}
                {row.count < fewAnswers ? '＊' : ''}
              </td>
              <td data-label={w.overall}>{points(row.mean.overall)}</td>
              {qualityMarks.map((mark) => (
                <td key={mark} data-label={labels[mark]}>
                  {points(row.mean[mark])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.some((row) => row.count < fewAnswers) ? <p className="quiet">{`＊ ${w.few}`}</p> : null}
    </ScrollRegion>
  );
}

type Low = {
  caseId: string;
  number: string;
  title: string;
  answeredAt: string;
  overall: number;
  marks: { mark: (typeof qualityMarks)[number]; score: number; why: { zh: string; en: string } }[];
};

function LowLine({ answer }: { answer: Low }) {
  const lang = useLang();
  const labels = useWords(qualityMarkLabels);
  return (
    <li className="line line-wrap" data-testid="low-answer">
      <div className="line-main">
        <To href={`/inbox/${answer.caseId}`} className="line-title">
          {answer.title}
        </To>
        <div className="line-note">
          <span className="number">{answer.number}</span>
          <span className="number">{sayMoment(answer.answeredAt, lang)}</span>
        </div>
        <ul className="said-lines">
          {answer.marks
            .filter(({ score }) => score < weak)
            .map(({ mark, score, why }) => (
              <li key={mark}>
                {labels[mark]} <span className="number">{points(score)}</span>：{why[lang]}
              </li>
            ))}
        </ul>
      </div>
      <div className="line-side number">{points(answer.overall)}</div>
    </li>
  );
}
