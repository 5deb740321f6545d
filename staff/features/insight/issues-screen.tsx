import { Alert, App, Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import { type CaseChannel, caseChannelLabels, everyCaseChannel } from '#shared/inbox.ts';
import {
  askIssueRun,
  type Issue,
  type IssueRun,
  issueDays,
  issueRunStateLabels,
  listIssues,
  otherSentences,
  trendOf,
} from '#shared/insight.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { dayOf, sayDay, sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { Parts } from './parts.tsx';
import { insightTexts } from './texts.ts';

type Days = (typeof issueDays)[number];

export function IssuesScreen() {
  const w = useWords(insightTexts);
  const [days, setDays] = useState<Days>(7);
  const [hidden, setHidden] = useState(false);
  const reading = useRead(
    listIssues,
    ['insight'],
    { query: { days: `${days}`, hidden: hidden ? '1' : undefined } },
    { keepPrevious: true },
  );
  return (
    <Page title={w.title} testId="issues">
      <Parts here="issues" />
      <div className="filters">
        <Segmented<Days>
          value={days}
          onChange={(value) => {
            setDays(value);
            setHidden(false);
          }}
          options={issueDays.map((value) => ({ value, label: fill(w.days, { days: value }) }))}
        />
        <GatherNow days={days} underWay={reading.data?.underWay ?? null} />
      </div>
      <Async reading={reading}>
        {({ run, underWay, lastFailed, issues, hiddenCount }) => (
          <>
            {underWay ? (
              <Alert type="info" showIcon title={fill(w.underWay, { days: underWay.days })} />
            ) : null}
            {lastFailed ? <RunFailed run={lastFailed} /> : null}
            {run ? <RunFacts run={run} /> : null}
            {issues.length > 0 ? (
              <ol className="lines">
                {issues.map((issue) => (
                  <IssueLine key={issue.id} issue={issue} />
                ))}
              </ol>
            ) : run ? (
              <Empty title={w.emptyNoneTitle}>{w.emptyNone}</Empty>
            ) : underWay ? null : (
              <Empty title={w.emptyNeverTitle}>{w.emptyNever}</Empty>
            )}
            {hidden ? (
              <Button type="link" onClick={() => setHidden(false)}>
                {w.backToShown}
              </Button>
            ) : hiddenCount > 0 ? (
              <Button type="link" onClick={() => setHidden(true)} data-testid="issues-hidden">
                {fill(w.showHidden, { count: hiddenCount })}
              </Button>
            ) : null}
          </>
        )}
      </Async>
    </Page>
  );
}

function GatherNow({ days, underWay }: { days: Days; underWay: IssueRun | null }) {
  const w = useWords(insightTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const sayError = useSayError();
  const mayGather = useMay('inbox.dispatch');
  const [via, setVia] = useState<CaseChannel[]>([]);
  const gather = useAction(() => call(askIssueRun, { body: { days, via } }), {
    topics: ['insight'],
    onDone: () => void message.success(w.gatherAsked),
    onFailed: sayError,
  });
  if (!mayGather) return null;
  return (
    <>
      <Select<CaseChannel[]>
        mode="multiple"
        allowClear
        value={via}
        onChange={setVia}
        placeholder={w.everyWay}
        aria-label={w.via}
        options={everyCaseChannel.map((value) => ({ value, label: caseChannelLabels[value][lang] }))}
        style={{ minWidth: 150 }}
      />
      <Button
        type="primary"
        onClick={() => gather.mutate(undefined)}
        loading={gather.isPending}
        disabled={underWay !== null}
        data-testid="gather-issues"
      >
        {w.gather}
      </Button>
    </>
  );
}

function RunFailed({ run }: { run: IssueRun }) {
  const lang = useLang();
  return (
    <Alert
      type="warning"
      showIcon
      title={`${issueRunStateLabels[run.state][lang]}：${run.failure?.[lang] ?? ''}`}
    />
  );
}

function RunFacts({ run }: { run: IssueRun }) {
  const w = useWords(insightTexts);
  const lang = useLang();
  return (
    <div className="quiet run-facts" data-testid="run-facts">
      <p>
        {fill(w.runFacts, {
          time: run.finishedAt ? sayMoment(run.finishedAt, lang) : '',
          messages: run.messages ?? 0,
          from: sayDay(dayOf(run.from), lang),
          to: sayDay(dayOf(run.to), lang),
        })}
        {run.via.length > 0
          ? ` · ${run.via.map((channel) => caseChannelLabels[channel][lang]).join('、')}`
          : ''}
        {run.leftOut > 0 ? fill(w.runLeftOut, { count: run.leftOut }) : ''}
      </p>
      <details>
        <summary>{w.heatTitle}</summary>
        <p>{fill(w.heatFormula, { version: run.heatVersion ?? 1 })}</p>
      </details>
    </div>
  );
}

function IssueLine({ issue }: { issue: Issue }) {
  const w = useWords(insightTexts);
  const lang = useLang();
  return (
    <li className="line line-wrap" data-testid="issue-row">
      <div className="line-main">
        <To href={`/insight/issues/${issue.id}`} className="line-title" testId="issue-open">
          {issue.title}
        </To>
        <IssueFacts issue={issue} />
        <ul className="said-lines quiet">
          {otherSentences(issue)
            .slice(0, 2)
            .map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
        </ul>
      </div>
      <div className="line-side issue-side number">
        <Growth issue={issue} />
        <div>{fill(w.heat, { heat: sayHeat(issue.heat) })}</div>
        <div className="quiet">{sayDay(dayOf(issue.lastAt), lang)}</div>
      </div>
    </li>
  );
}

export const sayHeat = (heat: number): string => (Math.round(heat * 10) / 10).toString();

export function IssueFacts({ issue }: { issue: Issue }) {
  const w = useWords(insightTexts);
  return (
    <div className="line-note">
      <span className="number">{fill(w.people, { count: issue.people })}</span>
      <span className="number">{fill(w.messages, { count: issue.messages })}</span>
      <span className="number">{fill(w.before, { count: issue.before })}</span>
      {issue.names.length > 0 ? <span>{`${w.names} ${issue.names.join('、')}`}</span> : null}
    </div>
  );
}

/** Told against the window before, by a word and a shape. */
export function Growth({ issue }: { issue: Issue }) {
  const w = useWords(insightTexts);
  const trend = trendOf(issue);
  return trend ? <StateMark tone={trend === 'falling' ? 'quiet' : 'warn'}>{w[trend]}</StateMark> : null;
}
