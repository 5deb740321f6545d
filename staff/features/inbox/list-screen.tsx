import './inbox.css';
import { Checkbox, Input, Segmented } from 'antd';
import { useDeferredValue, useState } from 'react';
import {
  type CaseRow,
  type CaseState,
  caseChannelLabels,
  caseKindLabels,
  caseUrgencyLabels,
  listCases,
} from '#shared/inbox.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { usePages } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { CaseStateMark } from './case-state-mark.tsx';
import { inboxTexts } from './texts.ts';

type Filter = CaseState | 'everything';

export function InboxListScreen() {
  const w = useWords(inboxTexts);
  const [filter, setFilter] = useState<Filter>('open');
  const [mine, setMine] = useState(false);
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const pages = usePages([listCases.path, filter, mine, search], ['cases'], (cursor) =>
    call(listCases, {
      query: {
        state: filter === 'everything' ? undefined : filter,
        mine: mine ? '1' : undefined,
        search,
        cursor,
      },
    }),
  );
  const narrowed = mine || search !== '' || filter !== 'open';
  return (
    <Page
      title={w.title}
      aside={
        pages.first ? (
          <span className="number" data-testid="inbox-counts">
            {fill(w.counts, { open: pages.first.open, overdue: pages.first.overdue })}
          </span>
        ) : null
      }
    >
      <div className="filters">
        <Segmented<Filter>
          value={filter}
          onChange={setFilter}
          options={(['open', 'answered', 'closed', 'everything'] as const).map((value) => ({
            value,
            label: w[value],
          }))}
        />
        <Checkbox checked={mine} onChange={(event) => setMine(event.target.checked)} className="inbox-mine">
          {w.mineOnly}
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
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={narrowed ? w.noneFound : w.emptyTitle}>{narrowed ? null : w.emptyHelp}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <CaseLine key={row.id} row={row} />
              ))}
            </ul>
          )
        }
      </Async>
      <MoreButton pages={pages} />
    </Page>
  );
}

function CaseLine({ row }: { row: CaseRow }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  return (
    <li className="line line-wrap" data-testid="case-row" data-number={row.number} data-overdue={row.overdue}>
      <div className="line-main">
        <To href={`/inbox/${row.id}`} className="line-title" testId="case-open">
          {row.title}
        </To>
        <div className="line-note">
          <span>
            {row.personName ?? w.someone} · {row.platformName?.[lang] ?? ''}
            {caseChannelLabels[row.channel][lang]}
            {row.accountName ? ` · ${row.accountName}` : ''}
          </span>
          <span>
            {caseKindLabels[row.kind][lang]}
            {row.field ? ` · ${row.field}` : ''}
            {row.urgency === 'normal' ? '' : ` · ${caseUrgencyLabels[row.urgency][lang]}`}
          </span>
          <span>{row.ownerName ?? row.unitName ?? w.noOwner}</span>
          <span className="number">{row.number}</span>
        </div>
      </div>
      <div className="line-side number">
        {row.state === 'open' ? (
          <>
            {row.overdue ? <StateMark tone="warn">{w.overdue}</StateMark> : null}
            <div className="quiet">
              {row.dueAt ? fill(w.due, { time: sayMoment(row.dueAt, lang) }) : w.noDeadline}
            </div>
          </>
        ) : (
          <CaseStateMark state={row.state} />
        )}
      </div>
    </li>
  );
}
