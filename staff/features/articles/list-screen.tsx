import { Input, Select } from 'antd';
import { useDeferredValue, useState } from 'react';
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
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { WriteButton } from '../../ui/write-button.tsx';
import { ArticleStateMark } from './article-state-mark.tsx';
import { articleTexts } from './texts.ts';

export function ArticleListScreen() {
  const w = useWords(articleTexts);
  const lang = useLang();
  const mayWrite = useMay('article.write');
  const [typed, setTyped] = useState('');
  const [state, setState] = useState<ArticleState | undefined>();
  const search = useDeferredValue(typed.trim());
  const pages = usePages([listArticles.path, search, state], ['articles'], (cursor) =>
    call(listArticles, { query: { search, state, cursor } }),
  );
  return (
    <Page title={w.title} actions={mayWrite ? <WriteButton /> : null}>
      <div className="filters">
        <Input.Search
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={w.search}
          aria-label={w.search}
          style={{ maxWidth: 320 }}
          maxLength={100}
        />
        <Select<ArticleState | ''>
          value={state ?? ''}
          onChange={(value) => setState(value === '' ? undefined : value)}
          aria-label={w.allStates}
          style={{ width: 140 }}
          options={[
            { value: '', label: w.allStates },
            ...articleStates.map((one) => ({ value: one, label: articleStateLabels[one][lang] })),
          ]}
        />
      </div>
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={search || state ? w.noneFound : w.emptyTitle}>
              {search || state || !mayWrite ? null : w.emptyHelp}
            </Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <ArticleLine key={row.id} row={row} />
              ))}
            </ul>
          )
        }
      </Async>
      <MoreButton pages={pages} />
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
