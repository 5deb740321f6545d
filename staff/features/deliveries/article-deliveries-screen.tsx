import './deliveries.css';
import { getArticle } from '#shared/content.ts';
import { type DeliveryState, listDeliveries } from '#shared/publishing.ts';
import { useParam } from '../../lib/address.ts';
import { call } from '../../lib/call.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages, useRead } from '../../lib/query.ts';
import { Empty } from '../../ui/empty.tsx';
import { PagedList } from '../../ui/list-parts.tsx';
import { Page } from '../../ui/page.tsx';
import { ToButton } from '../../ui/to.tsx';
import { CorrectionButton, CorrectionPanel } from './correction-panel.tsx';
import { DeliveryLines } from './delivery-line.tsx';
import { deliveryTexts } from './texts.ts';
import { WithdrawalPanel, WithdrawButton } from './withdrawal-panel.tsx';

/** Nothing of these is out or can go out. */
const over: readonly DeliveryState[] = ['withdrawn', 'cancelled', 'expired', 'rejected'];

/** Where one article stands on every account, live. */
export function ArticleDeliveriesScreen() {
  const w = useWords(deliveryTexts);
  const articleId = useParam('articleId');
  const mayRead = useMay('article.read');
  const manages = useMay('delivery.manage');
  const article = useRead(getArticle, ['articles'], { params: { articleId } }, { enabled: mayRead });
  const pages = usePages([listDeliveries.path, articleId], ['deliveries'], (cursor) =>
    call(listDeliveries, { query: { articleId, cursor } }),
  );
  const title = article.data?.working.title ?? pages.rows?.[0]?.articleTitle ?? '';
  return (
    <Page
      title={fill(w.ofArticle, { title })}
      testId="article-deliveries"
      actions={
        <>
          {mayRead ? <ToButton to={`/articles/${articleId}`}>{w.openArticle}</ToButton> : null}
          <CorrectionButton articleId={articleId} />
          {manages && pages.rows?.some(({ state }) => !over.includes(state)) ? (
            <WithdrawButton of={{ articleId }} />
          ) : null}
        </>
      }
    >
      <WithdrawalPanel of={{ articleId }} />
      <CorrectionPanel articleId={articleId} />
      <PagedList pages={pages} empty={<Empty title={w.noneOfArticle} />}>
        {(rows) => <DeliveryLines rows={rows} withArticle={false} />}
      </PagedList>
    </Page>
  );
}
