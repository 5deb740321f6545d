import './inbox.css';
import { Button, Checkbox, Input, Segmented, Select } from 'antd';
import { useDeferredValue, useEffect, useState } from 'react';
import {
  type CaseChannel,
  type CaseKind,
  type CaseRow,
  type CaseState,
  type CaseUrgency,
  caseChannelLabels,
  caseFields,
  caseKindLabels,
  caseKinds,
  caseOutcomeLabels,
  caseUrgencies,
  caseUrgencyLabels,
  everyCaseChannel,
  listCases,
} from '#shared/inbox.ts';
import type { Lang, Text } from '#shared/lang.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useNarrow } from '../../lib/narrow.ts';
import { usePages } from '../../lib/query.ts';
import { sayLength, sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To, ToButton } from '../../ui/to.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { CaseStateMark } from './case-state-mark.tsx';
import { SectionFigures } from './figures.tsx';
import { type Narrow, useListPlace, type View, views } from './list-place.ts';
import { InboxRooms } from './rooms.tsx';
import { inboxTexts } from './texts.ts';
import { WaitsSince, WindowUntil } from './waiting-marks.tsx';
import { sayWorkingDays } from './working-days.ts';

/** The parts of the query that a view stands for. */
function queryOf(view: View): {
  state?: CaseState;
  mine?: '1';
  overdue?: '1';
  triage?: '1';
  spam?: '1';
  callBack?: '1';
} {
  if (view === 'everything') return {};
  if (view === 'mine') return { mine: '1', state: 'open' };
  if (view === 'overdue') return { overdue: '1' };
  if (view === 'triage') return { triage: '1' };
  if (view === 'callBack') return { callBack: '1' };
  if (view === 'spam') return { spam: '1' };
  return { state: view };
}

/** In the order in which they were chosen; a row that a filter hides stays chosen. */
type Chosen = ReadonlyMap<string, CaseRow>;

/** From when on it is worth a word how long platforms' messages take. */
const slowSeconds = 120;

export function InboxListScreen() {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const mayDispatch = useMay('inbox.dispatch');
  const mayAnswer = useMay('inbox.answer');
  const mayManage = useMay('inbox.manage');
  const { place, goTo } = useListPlace();
  const { view, narrow } = place;
  const [typed, setTyped] = useState(place.search);
  const narrowScreen = useNarrow();
  // What is narrowed must be seen.
  const [unfolded, setUnfolded] = useState(Object.keys(narrow).length > 0);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const search = useDeferredValue(typed.trim());
  useEffect(() => {
    if (search !== place.search) goTo({ ...place, search });
  }, [search, place, goTo]);
  const pages = usePages([listCases.path, view, narrow, search], ['cases'], (cursor) =>
    call(listCases, { query: { ...queryOf(view), ...narrow, search, cursor } }),
  );
  const narrowed = search !== '' || view !== 'open' || Object.values(narrow).some((one) => one !== undefined);
  const choose = (row: CaseRow, on: boolean) =>
    setChosen((before) => new Map([...before, [row.id, row] as const].filter(([id]) => on || id !== row.id)));
  const rooms = (
    <>
      <InboxRooms fromList />
      {mayManage ? <ToButton to="/inbox-settings">{w.settings}</ToButton> : null}
      <ToButton to="/inbox-wall">{w.wall}</ToButton>
      <ToButton to="/inbox-comments">{w.comments}</ToButton>
      {mayDispatch ? <ToButton to="/inbox-intake">{w.intake}</ToButton> : null}
    </>
  );
  return (
    <Page
      title={w.title}
      aside={
        pages.first ? (
          <span data-testid="inbox-counts">
            {fill(w.counts, { open: pages.first.open, overdue: pages.first.overdue })}
            {pages.first.callBack === null ? null : (
              <span data-testid="call-back-count">
                {' '}
                · {fill(w.toCallBack, { count: pages.first.callBack })}
              </span>
            )}
            {pages.first.visibleAfter === null || pages.first.visibleAfter < slowSeconds ? null : (
              <span className="quiet" data-testid="visible-after">
                {' '}
                · {fill(w.visibleAfter, { length: sayLength(Math.max(pages.first.visibleAfter, 1), lang) })}
              </span>
            )}
          </span>
        ) : null
      }
      actions={narrowScreen ? null : rooms}
    >
      <div className="filters">
        <Segmented<View>
          className="inbox-views"
          value={view}
          onChange={(next) => {
            goTo({ ...place, view: next });
            setChosen(new Map());
          }}
          options={views.map((value) => ({ value, label: w[value] }))}
        />
        {narrowScreen && !unfolded ? null : (
          <Narrowing value={narrow} onChange={(next) => goTo({ ...place, narrow: next })} />
        )}
        <Input.Search
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={w.search}
          aria-label={w.search}
          maxLength={100}
          style={{ maxWidth: 360 }}
        />
        {narrowScreen ? (
          <Button onClick={() => setUnfolded(!unfolded)} aria-expanded={unfolded} data-testid="inbox-unfold">
            {unfolded ? w.fold : w.unfold}
          </Button>
        ) : null}
      </div>
      {narrowScreen && unfolded ? <div className="row">{rooms}</div> : null}
      {narrowScreen && !unfolded ? null : (
        <SectionFigures
          chosen={narrow.unitId}
          onChoose={(unitId) => {
            const { unitId: _before, ...rest } = narrow;
            goTo({ ...place, narrow: unitId === undefined ? rest : { ...rest, unitId } });
          }}
        />
      )}
      {chosen.size > 0 ? (
        <BulkBar
          chosen={[...chosen.values()]}
          mayAnswer={mayAnswer}
          mayDispatch={mayDispatch}
          onDone={() => setChosen(new Map())}
        />
      ) : null}
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={narrowed ? w.noneFound : w.emptyTitle}>{narrowed ? null : w.emptyHelp}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <CaseLine
                  key={row.id}
                  row={row}
                  chosen={chosen.has(row.id)}
                  onChoose={mayAnswer || mayDispatch ? (on) => choose(row, on) : null}
                />
              ))}
            </ul>
          )
        }
      </Async>
      <MoreButton pages={pages} />
    </Page>
  );
}

function optionsOf<T extends string>(values: readonly T[], labels: Record<T, Text>, lang: Lang) {
  return values.map((value) => ({ value, label: labels[value][lang] }));
}

function Narrowing({ value, onChange }: { value: Narrow; onChange: (next: Narrow) => void }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const put = <K extends keyof Narrow>(key: K, next: Narrow[K] | undefined) => {
    const { [key]: _before, ...rest } = value;
    onChange(next === undefined ? rest : { ...rest, [key]: next });
  };
  return (
    <>
      <Select
        allowClear
        className="inbox-narrow"
        value={value.channel}
        placeholder={w.channel}
        aria-label={w.channel}
        onChange={(next: CaseChannel | undefined) => put('channel', next)}
        options={optionsOf(everyCaseChannel, caseChannelLabels, lang)}
        data-testid="filter-channel"
      />
      <Select
        allowClear
        className="inbox-narrow"
        value={value.kind}
        placeholder={w.kind}
        aria-label={w.kind}
        onChange={(next: CaseKind | undefined) => put('kind', next)}
        options={optionsOf(caseKinds, caseKindLabels, lang)}
      />
      <Select
        allowClear
        className="inbox-narrow"
        value={value.field}
        placeholder={w.field}
        aria-label={w.field}
        onChange={(next: Narrow['field'] | undefined) => put('field', next)}
        options={caseFields.map((field) => ({ value: field, label: field }))}
      />
      <Select
        allowClear
        className="inbox-narrow"
        value={value.urgency}
        placeholder={w.urgency}
        aria-label={w.urgency}
        onChange={(next: CaseUrgency | undefined) => put('urgency', next)}
        options={optionsOf(caseUrgencies, caseUrgencyLabels, lang)}
      />
    </>
  );
}

type LineProps = { row: CaseRow; chosen: boolean; onChoose: ((on: boolean) => void) | null };

function CaseLine({ row, chosen, onChoose }: LineProps) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  return (
    <li className="line line-wrap" data-testid="case-row" data-number={row.number} data-overdue={row.overdue}>
      {onChoose ? (
        <Checkbox
          checked={chosen}
          onChange={(event) => onChoose(event.target.checked)}
          aria-label={fill(w.choosing, { number: row.number })}
          data-testid="case-choose"
        />
      ) : null}
      <div className="line-main">
        <To href={`/inbox/${row.id}`} className="line-title" testId="case-open">
          {row.title}
        </To>
        {row.latest ? (
          <div className="quiet" data-testid="case-latest">
            {fill(w.wroteAgain, { time: sayMoment(row.latest.at, lang) })}
            {row.latest.text}
          </div>
        ) : null}
        <div className="line-note">
          <span>
            {row.personName ?? (row.personTag ? fill(w.someoneTag, { tag: row.personTag }) : w.someone)} ·{' '}
            {wayIn(row, lang)}
            {row.accountName ? ` · ${row.accountName}` : ''}
          </span>
          <span>
            {caseKindLabels[row.kind][lang]}
            {row.field ? ` · ${row.field}` : ''}
          </span>
          <span>{row.ownerName ?? row.unitName ?? w.noOwner}</span>
          <span className="number">{row.number}</span>
        </div>
      </div>
      <div className="line-side number">
        {row.urgency === 'normal' ? null : (
          <StateMark tone="warn">{caseUrgencyLabels[row.urgency][lang]}</StateMark>
        )}
        {row.reopened && row.state === 'open' ? <StateMark tone="warn">{w.again}</StateMark> : null}
        {row.inReview ? <StateMark tone="busy">{w.answerInReview}</StateMark> : null}
        {row.outcome === 'withdrawn' ? (
          <span className="quiet">{caseOutcomeLabels.withdrawn[lang]}</span>
        ) : null}
        {row.state === 'open' ? <DueLine row={row} /> : <CaseStateMark state={row.state} />}
      </div>
    </li>
  );
}

function wayIn({ platformName, channel }: CaseRow, lang: Lang): string {
  const label = caseChannelLabels[channel][lang];
  return platformName ? `${platformName[lang]}${lang === 'en' ? ' ' : ''}${label}` : label;
}

function DueLine({ row }: { row: CaseRow }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  if (row.pausedAt) return <WaitsSince at={row.pausedAt} />;
  const days = row.workingDaysLeft ?? 0;
  return (
    <>
      {row.overdue ? <StateMark tone="bad">{w.overdue}</StateMark> : null}
      <div className="quiet">
        {row.dueAt ? fill(w.due, { time: sayMoment(row.dueAt, lang) }) : w.noDeadline}
        {days > 0 ? ` · ${fill(w.leftFor, { length: sayWorkingDays(days, lang) })}` : ''}
      </div>
      {row.windowEndsAt ? <WindowUntil at={row.windowEndsAt} /> : null}
    </>
  );
}
