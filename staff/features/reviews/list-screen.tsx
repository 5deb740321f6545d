import { Segmented } from 'antd';
import { useState } from 'react';
import { listReviews, type ReviewRow } from '#shared/review.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useNarrow } from '../../lib/narrow.ts';
import { useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { ToButton } from '../../ui/to.tsx';
import { GoesOut } from './goes-out.tsx';
import { ReviewStateMark } from './review-state-mark.tsx';
import { reviewTexts } from './texts.ts';

type Filter = 'mine' | 'open' | 'done';

export function ReviewListScreen() {
  const w = useWords(reviewTexts);
  const decides = useMay('review.decide');
  const [filter, setFilter] = useState<Filter>(decides ? 'mine' : 'open');
  const query =
    filter === 'mine' ? { mine: '1' as const } : filter === 'open' ? { state: 'open' as const } : {};
  const reviews = useRead(listReviews, ['reviews'], { query }, { keepPrevious: true });
  const options: { value: Filter; label: string }[] = [
    ...(decides ? [{ value: 'mine' as const, label: w.mine }] : []),
    { value: 'open', label: w.open },
    { value: 'done', label: w.done },
  ];
  return (
    <Page title={w.title}>
      <div className="filters">
        <Segmented<Filter> value={filter} onChange={setFilter} options={options} />
      </div>
      <Async reading={reviews}>
        {(all) => {
          const rows = filter === 'done' ? all.filter((row) => row.state !== 'open') : all;
          if (rows.length === 0)
            return <Empty title={filter === 'mine' ? w.emptyMine : w.emptyOther}>{w.emptyHelp}</Empty>;
          return (
            <ul className="lines">
              {rows.map((row) => (
                <ReviewLine key={row.id} row={row} />
              ))}
            </ul>
          );
        }}
      </Async>
    </Page>
  );
}

function ReviewLine({ row }: { row: ReviewRow }) {
  const w = useWords(reviewTexts);
  const lang = useLang();
  const narrow = useNarrow();
  return (
    <li className="line" data-testid="review-row">
      <div className="line-main">
        <div className="line-title">{row.title}</div>
        <div className="line-note">
          <ReviewStateMark review={row} />
          <span>
            {fill(w.submittedBy, { name: row.submittedByName, time: sayMoment(row.submittedAt, lang) })}
          </span>
          <GoesOut review={row} />
        </div>
      </div>
      <ToButton
        to={narrow ? `/m/reviews/${row.id}` : `/reviews/${row.id}`}
        type={row.mine ? 'primary' : 'default'}
        data-testid="review-open"
      >
        {row.mine ? w.review : w.look}
      </ToButton>
    </li>
  );
}
