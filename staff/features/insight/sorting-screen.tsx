import { type CaseKind, caseKindLabels } from '#shared/inbox.ts';
import { getSortingReport, type SortingReport } from '#shared/insight.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Parts } from './parts.tsx';
import { insightTexts, sortingTexts } from './texts.ts';

const mistakesShown = 12;

export function SortingScreen() {
  const w = useWords(sortingTexts);
  const title = useWords(insightTexts).title;
  const lang = useLang();
  const reading = useRead(getSortingReport, ['cases'], {});
  return (
    <Page title={title} testId="sorting">
      <Parts here="sorting" />
      <p>{w.help}</p>
      <Async reading={reading}>
        {({ model, waiting }) =>
          model === null ? (
            <Empty title={w.noneTitle}>{w.none}</Empty>
          ) : (
            <>
              <p className="quiet">
                {fill(w.model, { time: sayMoment(model.trainedAt, lang), count: model.corrections })}{' '}
                {waiting > 0 ? fill(w.waiting, { count: waiting }) : ''}
              </p>
              {model.report.judged === 0 ? (
                <Empty title={w.fewTitle}>{fill(w.few, { count: model.corrections })}</Empty>
              ) : (
                <>
                  <p>{fill(w.method, { count: model.report.judged })}</p>
                  <Part title={w.field} part={model.report.field} say={(label) => label} />
                  <Part
                    title={w.kind}
                    part={model.report.kind}
                    say={(label) => caseKindLabels[label as CaseKind][lang]}
                  />
                </>
              )}
            </>
          )
        }
      </Async>
    </Page>
  );
}

type PartProps = {
  title: string;
  part: SortingReport['field'] | SortingReport['kind'];
  say: (label: string) => string;
};

function Part({ title, part, say }: PartProps) {
  const w = useWords(sortingTexts);
  const mistakes = part.confusion.filter((cell) => cell.said !== cell.model).slice(0, mistakesShown);
  const facts = [
    { label: w.automatic, part: part.automatic, whole: part.judged },
    { label: w.precision, part: part.automaticRight, whole: part.automatic },
    { label: w.right, part: part.right, whole: part.judged },
  ];
  return (
    <Section title={title}>
      <dl className="figures">
        {facts.map((fact) => (
          <div key={fact.label}>
            <dt className="quiet">{fact.label}</dt>
            <dd>
              {fact.whole === 0 ? (
                w.noneAutomatic
              ) : (
                <>
                  {Math.round((fact.part / fact.whole) * 100)}%{' '}
                  <small className="quiet">{fill(w.ofCount, { part: fact.part, whole: fact.whole })}</small>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <h3>{w.confusion}</h3>
      {mistakes.length === 0 ? (
        <p className="quiet">{w.noMistakes}</p>
      ) : (
        <ScrollRegion className="marks-scroll" label={w.confusion}>
          <table className="marks">
            <thead>
              <tr>
                <th>{w.said}</th>
                <th>{w.guessed}</th>
                <th>{w.times}</th>
              </tr>
            </thead>
            <tbody>
              {mistakes.map((cell) => (
                <tr key={`${cell.said} ${cell.model}`}>
                  <td>{say(cell.said)}</td>
                  <td>{say(cell.model)}</td>
                  <td>{cell.count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Section>
  );
}
