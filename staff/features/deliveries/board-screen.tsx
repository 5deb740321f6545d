import './deliveries.css';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { DeliveryState, listDeliveries } from '#shared/publishing.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages } from '../../lib/query.ts';
import { Empty } from '../../ui/empty.tsx';
import { PagedList } from '../../ui/list-parts.tsx';
import { Page } from '../../ui/page.tsx';
import { ToButton } from '../../ui/to.tsx';
import { type BoardFilter, BoardFilters } from './board-filters.tsx';
import { DeliveryLines } from './delivery-line.tsx';
import { deliveryTexts } from './texts.ts';

export function DeliveryBoardScreen() {
  const w = useWords(deliveryTexts);
  const manages = useMay('delivery.manage');
  const { state } = useSearch({ strict: false }) as { state?: unknown };
  // The way here may name what is looked for; anything else in the address is no filter.
  const [filter, setFilter] = useState<BoardFilter>({ state: DeliveryState.safeParse(state).data });
  const pages = usePages([listDeliveries.path, filter], ['deliveries'], (cursor) =>
    call(listDeliveries, { query: { ...filter, cursor } }),
  );
  return (
    <Page
      title={w.title}
      actions={
        manages ? (
          <ToButton to="/registrations" data-testid="register-open">
            {w.register}
          </ToButton>
        ) : null
      }
    >
      <BoardFilters filter={filter} onChange={setFilter} />
      <PagedList
        pages={pages}
        empty={
          Object.values(filter).some((chosen) => chosen !== undefined) ? (
            <Empty title={w.emptyFilter}>{w.emptyFilterHelp}</Empty>
          ) : (
            <Empty title={w.emptyTitle}>{w.emptyHelp}</Empty>
          )
        }
      >
        {(rows) => <DeliveryLines rows={rows} withArticle />}
      </PagedList>
    </Page>
  );
}
