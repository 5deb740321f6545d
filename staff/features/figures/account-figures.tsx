import './figures.css';
import { App, Button, InputNumber } from 'antd';
import { useState } from 'react';
import { type AccountMetric, accountMetricLabels, accountMetrics } from '#shared/abilities.ts';
import { listAccountFigures, saveAccountFigures } from '#shared/figures.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { FigureCurves } from './figure-curves.tsx';
import { figureTexts } from './texts.ts';

/** Followers and posts of an account over time, and writing them down. */
export function AccountFigures({ accountId }: { accountId: string }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const manages = useMay('delivery.manage');
  const { data } = useRead(listAccountFigures, ['accounts'], { params: { accountId } });
  if (!data) return null;
  const points = data.points.toReversed();
  return (
    <Section title={w.accountTitle} testId="account-figures">
      {points.length === 0 ? <p className="quiet">{w.none}</p> : null}
      {points.length === 1 && points[0] ? (
        <p className="number">
          {accountMetricLabels[points[0].metric][lang]}{' '}
          {points[0].value?.toLocaleString('zh-CN') ?? w.unavailable}{' '}
          <span className="quiet">{sayMoment(points[0].asOf, lang)}</span>
        </p>
      ) : null}
      {points.length > 1 ? (
        // A hundred more of ten thousand would be a flat line from zero.
        <FigureCurves
          points={points}
          metrics={accountMetrics}
          labels={accountMetricLabels}
          fromZero={false}
        />
      ) : null}
      {manages ? <CountByHand accountId={accountId} /> : null}
    </Section>
  );
}

function CountByHand({ accountId }: { accountId: string }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const [totals, setTotals] = useState<Partial<Record<AccountMetric, number>>>({});
  const given = Object.keys(totals).length;
  const save = useAction(
    () => call(saveAccountFigures, { params: { accountId }, body: { asOfWall: null, totals } }),
    {
      topics: ['accounts', 'deliveries'],
      onDone: () => {
        setTotals({});
        void message.success(fill(w.saved, { count: given }));
      },
    },
  );
  return (
    <>
      <div className="row count-row">
        {accountMetrics.map((metric) => (
          <Field key={metric} label={accountMetricLabels[metric][lang]}>
            <InputNumber<number>
              min={0}
              precision={0}
              value={totals[metric] ?? null}
              onChange={(value) => {
                const { [metric]: _before, ...others } = totals;
                setTotals(value === null ? others : { ...others, [metric]: value });
              }}
              data-testid={`count-${metric}`}
            />
          </Field>
        ))}
        <Button
          disabled={given === 0}
          loading={save.isPending}
          onClick={() => save.mutate(undefined)}
          data-testid="count-save"
        >
          {w.saveNow}
        </Button>
      </div>
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </>
  );
}
