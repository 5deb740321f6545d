import './figures.css';
import { Table } from 'antd';
import { useState } from 'react';
import { metricLabels, metrics } from '#shared/abilities.ts';
import { listAccounts } from '#shared/accounts.ts';
import { type FigureRow, listFigures } from '#shared/figures.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Empty } from '../../ui/empty.tsx';
import { ChoiceFilter, PagedList } from '../../ui/list-parts.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { DueFiguresPanel } from './due-figures.tsx';
import { FigureCell } from './figure-cell.tsx';
import { PasteFigures } from './paste-figures.tsx';
import { failureTexts, figureTexts } from './texts.ts';

export function FiguresScreen() {
  const w = useWords(figureTexts);
  const lang = useLang();
  const manages = useMay('delivery.manage');
  const [accountId, setAccountId] = useState<string | undefined>();
  const accounts = useRead(listAccounts, ['accounts'], {}, { enabled: useMay('account.read') });
  const pages = usePages([listFigures.path, accountId], ['deliveries'], (cursor) =>
    call(listFigures, { query: { accountId, cursor } }),
  );
  return (
    <Page title={w.title} testId="figures">
      <p className="quiet">{w.help}</p>
      {manages ? <DueFiguresPanel /> : null}
      <div className="filters">
        <ChoiceFilter
          everything={w.allAccounts}
          value={accountId}
          options={(accounts.data ?? []).map((one) => ({
            value: one.id,
            label: `${one.name} · ${one.platformName[lang]}`,
          }))}
          onChange={setAccountId}
          width={220}
        />
      </div>
      <PagedList pages={pages} empty={<Empty title={w.emptyTitle}>{w.emptyHelp}</Empty>}>
        {(rows) => (
          <>
            {manages ? <PasteFigures rows={rows} accountId={accountId ?? ''} /> : null}
            <FigureTable rows={rows} />
          </>
        )}
      </PagedList>
    </Page>
  );
}

function FigureTable({ rows }: { rows: FigureRow[] }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  return (
    <Table<FigureRow>
      size="small"
      rowKey="deliveryId"
      dataSource={rows}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: w.post,
          width: 260,
          render: (_, row) => (
            <div data-testid="figure-row" data-title={row.title}>
              <To href={`/deliveries/${row.deliveryId}`}>{row.title}</To>
              <div className="quiet">
                {row.accountName} · {row.platformName[lang]}
              </div>
              {row.failure ? (
                <StateMark tone="warn">
                  {fill(w.failed, { why: failureTexts[row.failure]?.[lang] ?? row.failure })}
                </StateMark>
              ) : null}
            </div>
          ),
        },
        { title: w.published, width: 150, render: (_, row) => sayMoment(row.publishedAt, lang) },
        ...metrics.map((metric) => ({
          title: metricLabels[metric][lang],
          key: metric,
          align: 'right' as const,
          render: (_: unknown, row: FigureRow) => (
            <FigureCell figure={row.figures.find((one) => one.metric === metric)} />
          ),
        })),
      ]}
    />
  );
}
