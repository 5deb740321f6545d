import './articles.css';
import { getArticle } from '#shared/content.ts';
import { useParam } from '../../lib/address.ts';
import { useMay } from '../../lib/me.ts';
import { useRead } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { ArticleDesk } from './article-desk.tsx';
import { ArticleReading } from './article-reading.tsx';

export function ArticleScreen() {
  const articleId = useParam('articleId');
  const mayWrite = useMay('article.write');
  const article = useRead(
    getArticle,
    ['articles', 'reviews'],
    { params: { articleId } },
    { forgetAtOnce: true },
  );
  return (
    <Async reading={article}>
      {(data) => {
        const editable = mayWrite && (data.state === 'draft' || data.state === 'returned');
        // The desk keeps its own text while it is open; a new article or a new round starts afresh.
        return editable ? (
          <ArticleDesk key={data.id} article={data} />
        ) : (
          <ArticleReading key={data.id} article={data} />
        );
      }}
    </Async>
  );
}
