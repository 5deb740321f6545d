import { App, Button, Checkbox, InputNumber } from 'antd';
import { useState } from 'react';
import { type Metric, metricLabels } from '#shared/abilities.ts';
import {
  type DueFigures,
  type FigureRow,
  listDueFigures,
  saveAccountFigures,
  saveFigures,
  type Totals,
} from '#shared/figures.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useNow } from '../../lib/now.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { figureTexts } from './texts.ts';

/** What the platforms' own pages show of a post beside it. */
const asked = ['reads', 'plays', 'likes', 'comments', 'shares', 'favourites'] as const satisfies Metric[];

/** Everything that a person reads once a week, one under the other; saved together, and gone then. */
export function DueFiguresPanel() {
  const { data } = useRead(listDueFigures, ['deliveries', 'accounts'], {});
  return data && data.total + data.accounts.length > 0 ? <Entry due={data} /> : null;
}

function Entry({ due }: { due: DueFigures }) {
  const w = useWords(figureTexts);
  const { message } = App.useApp();
  const [followers, setFollowers] = useState<Record<string, number | null>>({});
  const [totals, setTotals] = useState<Record<string, Totals>>({});
  // Only what still stands here: an entry of a row that a colleague filled in meanwhile is theirs.
  const counts = due.accounts.flatMap(({ accountId }) =>
    typeof followers[accountId] === 'number' ? [{ accountId, followers: followers[accountId] }] : [],
  );
  const posts = due.rows.flatMap(({ deliveryId }) => {
    const own = totals[deliveryId] ?? {};
    return Object.keys(own).length > 0 ? [{ deliveryId, asOfWall: null, totals: own }] : [];
  });
  const save = useAction(
    async () => {
      if (posts.length > 0) await call(saveFigures, { body: { capture: 'hand', rows: posts } });
      for (const { accountId, followers: value } of counts)
        await call(saveAccountFigures, {
          params: { accountId },
          body: { asOfWall: null, totals: { followers: value } },
        });
    },
    {
      topics: ['deliveries', 'accounts'],
      onDone: () => void message.success(fill(w.savedRows, { count: posts.length + counts.length })),
    },
  );
  return (
    <Section title={w.dueTitle} testId="due-figures" aside={<DueBy at={due.dueAt} />}>
      <p className="quiet">{w.dueHelp}</p>
      {due.accounts.length > 0 ? (
        <div className="figure-fields due-accounts">
          {due.accounts.map((account) => (
            <Field key={account.accountId} label={fill(w.followersOf, { name: account.accountName })}>
              <Count
                value={followers[account.accountId] ?? null}
                onChange={(value) => setFollowers({ ...followers, [account.accountId]: value })}
                testId="due-followers"
              />
            </Field>
          ))}
        </div>
      ) : null}
      {due.rows.map((row) => (
        <DuePost
          key={row.deliveryId}
          row={row}
          totals={totals[row.deliveryId] ?? {}}
          onChange={(next) => setTotals({ ...totals, [row.deliveryId]: next })}
        />
      ))}
      {due.total > due.rows.length ? (
        <p className="quiet">{fill(w.dueMore, { count: due.total - due.rows.length })}</p>
      ) : null}
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <Button
        type="primary"
        disabled={posts.length + counts.length === 0}
        loading={save.isPending}
        onClick={() => save.mutate(undefined)}
        data-testid="due-save"
      >
        {fill(w.saveItems, { count: posts.length + counts.length })}
      </Button>
    </Section>
  );
}

function DueBy({ at }: { at: string }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const words = fill(w.dueBy, { time: sayMoment(at, lang) });
  return useNow() > new Date(at) ? (
    <StateMark tone="warn">{words}</StateMark>
  ) : (
    <span className="quiet">{words}</span>
  );
}

function DuePost({
  row,
  totals,
  onChange,
}: {
  row: FigureRow;
  totals: Totals;
  onChange: (totals: Totals) => void;
}) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const hidden = totals.reads === null;
  const set = (metric: Metric, value: number | null) => {
    const { [metric]: _before, ...others } = totals;
    onChange(value === null ? others : { ...others, [metric]: value });
  };
  return (
    <div className="due-post" data-testid="due-post">
      <p>
        <To href={`/deliveries/${row.deliveryId}`}>{row.title}</To>{' '}
        <span className="quiet">
          {row.accountName} · {row.platformName[lang]} · {sayMoment(row.publishedAt, lang)}
        </span>{' '}
        {row.url ? (
          <a href={row.url} target="_blank" rel="noopener noreferrer">
            {w.see}
          </a>
        ) : null}
      </p>
      <div className="due-fields">
        {asked.map((metric) => (
          <Field key={metric} label={metricLabels[metric][lang]}>
            <Count
              value={totals[metric] ?? null}
              disabled={hidden}
              before={row.figures.find((one) => one.metric === metric)?.value ?? null}
              onChange={(value) => set(metric, value)}
              testId={`due-${metric}`}
            />
          </Field>
        ))}
      </div>
      <Checkbox checked={hidden} onChange={(event) => onChange(event.target.checked ? { reads: null } : {})}>
        {w.nothingShown}
      </Checkbox>
    </div>
  );
}

/** The last reading stands in the empty box, so that a slip shows. */
function Count({
  value,
  before = null,
  disabled = false,
  onChange,
  testId,
}: {
  value: number | null;
  before?: number | null;
  disabled?: boolean;
  onChange: (value: number | null) => void;
  testId: string;
}) {
  const w = useWords(figureTexts);
  return (
    <InputNumber<number>
      min={0}
      precision={0}
      style={{ width: '100%' }}
      value={value}
      disabled={disabled}
      placeholder={before === null ? undefined : fill(w.before, { value: before })}
      onChange={onChange}
      data-testid={testId}
    />
  );
}
