import { Button, Table } from 'antd';
import { metricLabels, metrics } from '#shared/abilities.ts';
import type { CheckedFigures } from '#shared/figures.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { figureTexts } from './texts.ts';

type CheckedTableProps = {
  rows: CheckedFigures[];
  busy: boolean;
  error: Error | null;
  onSave: () => void;
};

/** Every row as it was understood, with what is wrong beside its number; saved whole or not at all. */
export function CheckedTable({ rows, busy, error, onSave }: CheckedTableProps) {
  const w = useWords(figureTexts);
  const lang = useLang();
  const wrong = rows.filter(({ problems }) => problems.length > 0).length;
  const used = metrics.filter((metric) => rows.some(({ totals }) => totals[metric] !== undefined));
  return (
    <>
      {wrong > 0 ? <p>{fill(w.someWrong, { count: rows.length, wrong })}</p> : null}
      <Table<CheckedFigures>
        size="small"
        rowKey="line"
        dataSource={rows}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: w.line, dataIndex: 'line', width: 56, align: 'right' },
          {
            title: w.problems,
            width: 260,
            render: (_, row) => <Verdict row={row} />,
          },
          { title: w.post, width: 200, render: (_, row) => `${row.title} ${row.accountName}` },
          { title: w.asOf, dataIndex: 'asOfWall', width: 150 },
          ...used.map((metric) => ({
            title: metricLabels[metric][lang],
            key: metric,
            align: 'right' as const,
            render: (_: unknown, row: CheckedFigures) => row.totals[metric] ?? '',
          })),
        ]}
      />
      {error ? <ErrorNotice error={error} /> : null}
      <Button type="primary" disabled={wrong > 0} loading={busy} onClick={onSave} data-testid="figures-save">
        {fill(w.save, { count: rows.length })}
      </Button>
    </>
  );
}

function Verdict({ row }: { row: CheckedFigures }) {
  const w = useWords(figureTexts);
  const lang = useLang();
  if (row.problems.length + row.remarks.length === 0) return <StateMark tone="good">{w.fine}</StateMark>;
  return (
    <ul className="plain">
      {row.problems.map((problem) => (
        <li key={problem.zh}>
          <StateMark tone="bad">{problem[lang]}</StateMark>
        </li>
      ))}
      {row.remarks.map((remark) => (
        <li key={remark.zh}>
          <StateMark tone="warn">{remark[lang]}</StateMark>
        </li>
      ))}
    </ul>
  );
}
