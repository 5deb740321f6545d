import { Checkbox, Input, Segmented } from 'antd';
import { useDeferredValue, useState } from 'react';
import {
  type KnowledgeState,
  knowledgeStateLabels,
  knowledgeStates,
  listKnowledge,
} from '#shared/knowledge.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { usePages } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To, ToButton } from '../../ui/to.tsx';
import { InboxRooms } from '../inbox/rooms.tsx';
import { EntryMarks } from './entry-marks.tsx';
import { SheetButtons } from './sheet-buttons.tsx';
import { knowledgeTexts } from './texts.ts';

type Filter = KnowledgeState | 'all';
const tones = { draft: 'calm', 'in-use': 'good', retired: 'quiet' } as const;

export function KnowledgeListScreen() {
  const w = useWords(knowledgeTexts);
  const lang = useLang();
  const mayAnswer = useMay('inbox.answer');
  const [filter, setFilter] = useState<Filter>('all');
  const [stale, setStale] = useState(false);
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const pages = usePages([listKnowledge.path, filter, stale, search], ['cases'], (cursor) =>
    call(listKnowledge, {
      query: { state: filter === 'all' ? undefined : filter, stale: stale ? '1' : undefined, search, cursor },
    }),
  );
  const narrowed = stale || search !== '' || filter !== 'all';
  return (
    <Page
      title={w.title}
      testId="knowledge-list"
      actions={
        <>
          <InboxRooms />
          {mayAnswer ? (
            <ToButton type="primary" to="/inbox/knowledge/new" data-testid="knowledge-add">
              {w.add}
            </ToButton>
          ) : null}
        </>
      }
    >
      <div className="filters">
        <Segmented<Filter>
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: w.all },
            ...knowledgeStates.map((value) => ({ value, label: knowledgeStateLabels[value][lang] })),
          ]}
        />
        <Checkbox checked={stale} onChange={(event) => setStale(event.target.checked)} className="inbox-mine">
          {w.staleOnly}
        </Checkbox>
        <Input.Search
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={w.search}
          aria-label={w.search}
          maxLength={100}
          style={{ maxWidth: 280 }}
        />
      </div>
      {mayAnswer ? <SheetButtons /> : null}
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={narrowed ? w.noneFound : w.empty}>{narrowed ? null : w.emptyHelp}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <li key={row.id} className="line line-wrap" data-testid="knowledge-row">
                  <div className="line-main">
                    <To href={`/inbox/knowledge/${row.id}`} className="line-title" testId="knowledge-open">
                      {row.question}
                    </To>
                    <div className="line-note">
                      <StateMark tone={tones[row.state]}>{knowledgeStateLabels[row.state][lang]}</StateMark>
                      <EntryMarks entry={row} />
                      {row.field ? <span>{row.field}</span> : null}
                      {row.unitName ? <span>{row.unitName}</span> : null}
                      {row.validTo ? <span>{fill(w.until, { day: row.validTo })}</span> : null}
                      {row.reviewOn ? <span>{fill(w.review, { day: row.reviewOn })}</span> : null}
                      <span>{fill(w.uses, { count: row.uses })}</span>
                    </div>
                  </div>
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
