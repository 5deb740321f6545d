import { Segmented } from 'antd';
import { useState } from 'react';
import { caseOutcomeLabels } from '#shared/inbox.ts';
import {
  listPublications,
  type PublicationState,
  publicationStateLabels,
  publicationStates,
} from '#shared/publication.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { ToButton } from '../../ui/to.tsx';
import { InboxRooms } from '../inbox/rooms.tsx';
import { PublicationStateMark } from './state-mark.tsx';
import { publicationTexts } from './texts.ts';

type Filter = PublicationState | 'all';

export function PublicationListScreen() {
  const w = useWords(publicationTexts);
  const lang = useLang();
  const mayAnswer = useMay('inbox.answer');
  const [filter, setFilter] = useState<Filter>('all');
  const pages = usePages([listPublications.path, filter], ['cases'], (cursor) =>
    call(listPublications, { query: { state: filter === 'all' ? undefined : filter, cursor } }),
  );
  return (
    <Page title={w.title} actions={<InboxRooms />}>
      <div className="filters">
        <Segmented<Filter>
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: w.all },
            ...publicationStates.map((value) => ({ value, label: publicationStateLabels[value][lang] })),
          ]}
        />
      </div>
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={w.empty}>{w.emptyHelp}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <li key={row.id} className="line line-wrap" data-testid="publication-row">
                  <div className="line-main">
                    <div className="line-title">{row.question.slice(0, 80)}</div>
                    <div className="line-note">
                      <PublicationStateMark state={row.state} />
                      <span>{fill(w.fromCase, { number: row.caseNumber })}</span>
                      {row.field ? <span>{row.field}</span> : null}
                      {row.outcome ? <span>{caseOutcomeLabels[row.outcome][lang]}</span> : null}
                    </div>
                  </div>
                  {mayAnswer ? (
                    <ToButton to={`/inbox/published/${row.id}`} data-testid="publication-open">
                      {row.state === 'reviewing' || row.state === 'published' ? w.look : w.edit}
                    </ToButton>
                  ) : null}
                </li>
              ))}
            </ul>
          )
        }
      </Async>
      <MoreButton pages={pages} />
    </Page>
  );
}
