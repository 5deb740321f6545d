import './deliveries.css';
import { Select } from 'antd';
import { useState } from 'react';
import {
  type DeliveryState,
  deliveryStateLabels,
  deliveryStates,
  listDeliveries,
} from '#shared/publishing.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { ToButton } from '../../ui/to.tsx';
import { DeliveryLine } from './delivery-line.tsx';
import { deliveryTexts } from './texts.ts';

export function DeliveryBoardScreen() {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const manages = useMay('delivery.manage');
  const [state, setState] = useState<DeliveryState | undefined>();
  const pages = usePages([listDeliveries.path, state], ['deliveries'], (cursor) =>
    call(listDeliveries, { query: { state, cursor } }),
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
      <div className="filters">
        <Select<DeliveryState | ''>
          value={state ?? ''}
          onChange={(value) => setState(value === '' ? undefined : value)}
          aria-label={w.allStates}
          style={{ width: 160 }}
          options={[
            { value: '', label: w.allStates },
            ...deliveryStates.map((one) => ({ value: one, label: deliveryStateLabels[one][lang] })),
          ]}
        />
      </div>
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={w.emptyTitle}>{w.emptyHelp}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((delivery) => (
                <DeliveryLine key={delivery.id} delivery={delivery} withArticle />
              ))}
            </ul>
          )
        }
      </Async>
      <MoreButton pages={pages} />
    </Page>
  );
}
