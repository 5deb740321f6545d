import { useState } from 'react';
import {
  type ArticleRow,
  type ArticleState,
  articleStateLabels,
  articleStates,
  listArticles,
} from '#shared/content.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { useTyped } from '../../lib/typed.ts';
import { Empty } from '../../ui/empty.tsx';
import { ChoiceFilter, PagedList, SearchBox } from '../../ui/list-parts.tsx';
import { Page } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { WriteButton } from '../../ui/write-button.tsx';
import { ArticleStateMark } from './article-state-mark.tsx';
import { articleTexts } from './texts.ts';

export function ArticleListScreen() {
  const w = useWords(articleTexts);
  const lang = useLang();
  const mayWrite = useMay('article.write');
  const [state, setState] = useState<ArticleState | undefined>();
  const { typed, setTyped, search } = useTyped();
  const pages = usePages([listArticles.path, search, state], ['articles'], (cursor) =>
    call(listArticles, { query: { search, state, cursor } }),
  );
  return (
    <Page title={w.title} actions={mayWrite ? <WriteButton /> : null}>
      <div className="filters">
        <SearchBox label={w.search} value={typed} onChange={setTyped} />
        <ChoiceFilter
          everything={w.allStates}
          value={state}
          options={articleStates.map((one) => ({ value: one, label: articleStateLabels[one][lang] }))}
          onChange={setState}
        />
      </div>
      <PagedList
        pages={pages}
        empty={
          <Empty title={search || state ? w.noneFound : w.emptyTitle}>
            {search || state || !mayWrite ? null : w.emptyHelp}
          </Empty>
        }
      >
        {(rows) => (
          <ul className="lines">
            {rows.map((row) => (
              <ArticleLine key={row.id} row={row} />
            ))}
          </ul>
        )}
      </PagedList>
    </Page>
  );
}

function ArticleLine({ row }: { row: ArticleRow }) {
  const w = useWords(articleTexts);
  const lang = useLang();
  return (
    <li className="line" data-testid="article-row">
      <div className="line-main">
        <To href={`/articles/${row.id}`} className="line-title">
          {row.title || w.untitled}
        </To>
        <div className="line-note">
          <span>{fill(w.changed, { name: row.updatedByName, time: sayMoment(row.updatedAt, lang) })}</span>
          <span>{fill(w.targetCount, { count: row.targetCount })}</span>
        </div>
      </div>
      <div className="line-side">
        <ArticleStateMark state={row.state} />
      </div>
    </li>
  );
}
