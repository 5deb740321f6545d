import { captureLabels } from '#shared/abilities.ts';
import type { Text } from '#shared/lang.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { sayMoment } from '../../lib/time.ts';
import { LineChart } from '../../ui/line-chart.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { figureTexts } from './texts.ts';

type Point<M extends string> = {
  metric: M;
  value: number | null;
  capture: keyof typeof captureLabels;
  asOf: string;
};

/** The course of each figure as a picture, and beside them every reading as a table, the latest first. */
export function FigureCurves<M extends string>({
  points,
  metrics,
  labels,
  fromZero,
}: {
  /** Oldest first. */
  points: readonly Point<M>[];
  metrics: readonly M[];
  labels: Readonly<Record<M, Text>>;
  fromZero: boolean;
}) {
  const lang = useLang();
  const shown = metrics.flatMap((metric) => {
    const known = points.flatMap(({ metric: of, value, asOf }) =>
      of === metric && value !== null ? [{ at: asOf, value }] : [],
    );
    return known.length > 1 ? [{ metric, known }] : [];
  });
  return (
    <div className="curves" data-testid="figure-curves">
      <div className="curve-charts">
        {shown.map(({ metric, known }) => (
          <figure key={metric}>
            <figcaption>{labels[metric][lang]}</figcaption>
            <LineChart label={labels[metric][lang]} points={known} fromZero={fromZero} />
          </figure>
        ))}
      </div>
      <Readings points={points} labels={labels} />
    </div>
  );
}

function Readings<M extends string>({
  points,
  labels,
}: {
  points: readonly Point<M>[];
  labels: Readonly<Record<M, Text>>;
}) {
  const w = useWords(figureTexts);
  const lang = useLang();
  return (
    <ScrollRegion className="readings" label={w.curve}>
      <table>
        <thead>
          <tr>
            <th scope="col">{w.asOf}</th>
            <th scope="col">{w.figure}</th>
            <th scope="col" className="reading-value">
              {w.value}
            </th>
            <th scope="col">{w.source}</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={`${point.metric} ${point.asOf}`}>
              <td className="number">{sayMoment(point.asOf, lang)}</td>
              <td>{labels[point.metric][lang]}</td>
              <td className="number reading-value">
                {point.value === null ? w.unavailable : point.value.toLocaleString('zh-CN')}
              </td>
              <td className="quiet">{captureLabels[point.capture][lang]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
