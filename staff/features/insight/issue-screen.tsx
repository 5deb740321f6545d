import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { caseChannelLabels } from '#shared/inbox.ts';
import { beginTopic, getIssue } from '#shared/insight.ts';
import type { RouteReply } from '#shared/route.ts';
import { useParam } from '../../lib/address.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { dayOf, sayDay, sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { To, ToButton } from '../../ui/to.tsx';
import { IssueChanges } from './issue-changes.tsx';
import { Growth, IssueFacts, sayHeat } from './issues-screen.tsx';
import { Parts } from './parts.tsx';
import { insightTexts } from './texts.ts';

type View = RouteReply<typeof getIssue>;

export function IssueScreen() {
  const issueId = useParam('issueId');
  const reading = useRead(getIssue, ['insight'], { params: { issueId } });
  return <Async reading={reading}>{(view) => <IssuePage key={view.issue.id} view={view} />}</Async>;
}

function IssuePage({ view }: { view: View }) {
  const w = useWords(insightTexts);
  const lang = useLang();
  const mayChange = useMay('inbox.dispatch');
  const { issue, members, memberCount } = view;
  return (
    <Page
      title={issue.title}
      testId="issue"
      aside={<Growth issue={issue} />}
      actions={<TopicButton view={view} />}
    >
      <Parts here="issues" />
      <IssueFacts issue={issue} />
      <p className="quiet number">
        {fill(w.heat, { heat: sayHeat(issue.heat) })} ·{' '}
        {fill(w.between, {
          first: sayDay(dayOf(issue.firstAt), lang),
          last: sayDay(dayOf(issue.lastAt), lang),
        })}
      </p>
      {issue.change ? (
        <p className="quiet" data-testid="issue-change">
          {fill(w.changedBy, {
            ...issue.change,
            name: issue.change.byName,
            time: sayMoment(issue.change.at, lang),
          })}
        </p>
      ) : null}
      {mayChange ? <IssueChanges view={view} /> : null}
      <Section title={w.sentences}>
        <ul className="said-lines">
          {issue.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Section>
      <Section title={w.membersTitle} aside={<span className="quiet">{w.membersNote}</span>}>
        <ul className="lines">
          {members.map((member) => (
            <li key={member.messageId} className="line line-wrap" data-testid="issue-member">
              <div className="line-main">
                <div className="prose">{member.text}</div>
                <div className="line-note">
                  <span>{caseChannelLabels[member.channel][lang]}</span>
                  <span className="number">{sayMoment(member.at, lang)}</span>
                  {member.caseId ? (
                    <To href={`/inbox/${member.caseId}`} className="number">
                      {member.caseNumber ?? ''}
                    </To>
                  ) : null}
                </div>
              </div>
            </li>
          ))}
        </ul>
        {memberCount > members.length ? (
          <p className="quiet">{fill(w.membersMore, { shown: members.length, count: memberCount })}</p>
        ) : null}
      </Section>
      <To href="/insight">{w.backToShown}</To>
    </Page>
  );
}

/** From what people ask to what is written: the one step that an issue asks for. */
function TopicButton({ view }: { view: View }) {
  const w = useWords(insightTexts);
  const mayWrite = useMay('article.write');
  const mayRead = useMay('article.read');
  const navigate = useNavigate();
  const sayError = useSayError();
  const { id: issueId, articleId } = view.issue;
  const begin = useAction(() => call(beginTopic, { params: { issueId } }), {
    topics: ['insight', 'articles'],
    onDone: (made) => void navigate({ to: '/articles/$articleId', params: { articleId: made.articleId } }),
    onFailed: sayError,
  });
  if (articleId) return mayRead ? <ToButton to={`/articles/${articleId}`}>{w.openTopic}</ToButton> : null;
  if (!mayWrite) return null;
  return (
    <Button
      type="primary"
      loading={begin.isPending}
      onClick={() => begin.mutate(undefined)}
      data-testid="begin-topic"
    >
      {w.beginTopic}
    </Button>
  );
}
