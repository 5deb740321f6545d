import { fill, useLang, useWords } from '../lib/language.ts';
import { dayOf, sayDay, sayMoment } from '../lib/time.ts';
import { type CurvePoint, layOut } from './curve.ts';
import { uiTexts } from './texts.ts';

const box = { width: 360, height: 170, left: 58, right: 14, top: 12, bottom: 26 };

/** A small chart of one figure. The same numbers stand in a table beside it; this only shows their course. */
export function LineChart({
  label,
  points,
  fromZero,
}: {
  label: string;
  /** Oldest first. */
  points: readonly CurvePoint[];
  fromZero: boolean;
}) {
  const w = useWords(uiTexts);
  const lang = useLang();
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const { dots, line, ticks } = layOut(points, box, fromZero);
  const day = (at: string) => sayDay(dayOf(at), lang);
  const said = fill(w.chart, {
    ...{ label, from: first.value, to: last.value },
    ...{ start: day(first.at), end: day(last.at) },
  });
  return (
    <svg className="chart" viewBox={`0 0 ${box.width} ${box.height}`} role="img" aria-label={said}>
      {ticks.map(({ value, y }) => (
        <g key={value}>
          <line className="chart-rule" x1={box.left} x2={box.width - box.right} y1={y} y2={y} />
          <text className="chart-word" x={box.left - 6} y={y + 4} textAnchor="end">
            {value.toLocaleString('zh-CN')}
          </text>
        </g>
      ))}
      <path className="chart-line" d={line} />
      {dots.map(({ at, value, x, y }) => (
        <circle key={at} className="chart-dot" cx={x} cy={y} r={3}>
          <title>{`${sayMoment(at, lang)} ${value.toLocaleString('zh-CN')}`}</title>
        </circle>
      ))}
      <text className="chart-word" x={box.left} y={box.height - 6}>
        {day(first.at)}
      </text>
      {points.length > 1 ? (
        <text className="chart-word" x={box.width - box.right} y={box.height - 6} textAnchor="end">
          {day(last.at)}
        </text>
      ) : null}
    </svg>
  );
}
