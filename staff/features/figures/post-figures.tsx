import './figures.css';
import { App, Button, Checkbox, InputNumber } from 'antd';
import { useState } from 'react';
import { type Metric, metricLabels, metrics } from '#shared/abilities.ts';
import { getFigures, saveFigures, type Totals } from '#shared/figures.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { FigureCell } from './figure-cell.tsx';
import { FigureCurves } from './figure-curves.tsx';
import { figureTexts } from './texts.ts';

/** Figures of one post: the latest, how they grew, and writing them by hand. */
export function PostFigures({ deliveryId }: { deliveryId: string }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const manages = useMay('delivery.manage');
  const { data } = useRead(getFigures, ['deliveries'], { params: { deliveryId } });
  if (!data) return null;
  return (
    <Section title={w.title} testId="post-figures">
      {data.row.figures.length === 0 ? <p className="quiet">{w.none}</p> : null}
      <div className="figure-fields">
        {data.row.figures.map((figure) => (
          <div key={figure.metric} data-testid={`figure-${figure.metric}`}>
            <div className="quiet">{metricLabels[figure.metric][lang]}</div>
            <FigureCell figure={figure} />
          </div>
        ))}
      </div>
      {data.points.length > data.row.figures.length ? (
        <FigureCurves points={data.points} metrics={metrics} labels={metricLabels} fromZero />
      ) : null}
      {manages ? <ByHand deliveryId={deliveryId} /> : null}
    </Section>
  );
}

function ByHand({ deliveryId }: { deliveryId: string }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [totals, setTotals] = useState<Totals>({});
  const save = useAction(
    () => call(saveFigures, { body: { capture: 'hand', rows: [{ deliveryId, asOfWall: null, totals }] } }),
    {
      topics: ['deliveries'],
      onDone: ({ saved }) => {
        setOpen(false);
        setTotals({});
        void message.success(fill(w.saved, { count: saved }));
      },
    },
  );
  if (!open)
    return (
      <Button onClick={() => setOpen(true)} data-testid="figures-by-hand">
        {w.fill}
      </Button>
    );
  const set = (metric: Metric, value: number | null | undefined) => {
    const { [metric]: _before, ...others } = totals;
    setTotals(value === undefined ? others : { ...others, [metric]: value });
  };
  return (
    <>
      <div className="figure-fields">
        {metrics.map((metric) => (
          <div key={metric}>
            <Field label={metricLabels[metric][lang]}>
              <InputNumber<number>
                min={0}
                precision={0}
                style={{ width: '100%' }}
                disabled={totals[metric] === null}
                value={totals[metric] ?? null}
                onChange={(value) => set(metric, value ?? undefined)}
                data-testid={`hand-${metric}`}
              />
            </Field>
            <Checkbox
              checked={totals[metric] === null}
              onChange={(event) => set(metric, event.target.checked ? null : undefined)}
            >
              {w.notShown}
            </Checkbox>
          </div>
        ))}
      </div>
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <Button
        type="primary"
        disabled={Object.keys(totals).length === 0}
        loading={save.isPending}
        onClick={() => save.mutate(undefined)}
        data-testid="hand-save"
      >
        {fill(w.save, { count: 1 })}
      </Button>
    </>
  );
}
