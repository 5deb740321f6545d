import { Button } from 'antd';
import { useWords } from '../lib/language.ts';
import { uiTexts } from './texts.ts';

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

export function MoreButton({ pages }: { pages: Pages }) {
  const w = useWords(uiTexts);
  if (!pages.hasNextPage) return null;
  return (
    <Button
      block
      loading={pages.isFetchingNextPage}
      onClick={() => void pages.fetchNextPage()}
      data-testid="load-more"
    >
      {w.loadMore}
    </Button>
  );
}
