import './inbox.css';
import { Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useState } from 'react';
import { answeredOutcomes } from '#shared/case-outcomes.ts';
import { closeCase } from '#shared/case-steps.ts';
import {
  type CaseOutcome,
  type CaseView,
  caseChannelLabels,
  caseKindLabels,
  caseOutcomeLabels,
  caseUrgencyLabels,
  getCase,
} from '#shared/inbox.ts';
import { useParam } from '../../lib/address.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { AnswerBox } from './answer-box.tsx';
import { CaseNotes, CaseRelations, ConversationFacts } from './case-facts.tsx';
import { CaseStateMark } from './case-state-mark.tsx';
import { CaseSteps } from './case-steps.tsx';
import { DeadlineStrip } from './deadline-strip.tsx';
import { FlagComment } from './flag-comment.tsx';
import { AssignForm, ClassForm, PassForm } from './handling-forms.tsx';
import { lastListPlace } from './list-place.ts';
import { LogLine } from './log-line.tsx';
import { PublishButton } from './publish-button.tsx';
import { Suggestions } from './suggestions.tsx';
import { inboxTexts } from './texts.ts';
import { Thread } from './thread.tsx';
import { WaitsSince } from './waiting-marks.tsx';

export function CaseScreen() {
  const caseId = useParam('caseId');
  const reading = useRead(getCase, ['cases', 'working-days'], { params: { caseId } });
  return <Async reading={reading}>{(data) => <CasePage key={data.id} view={data} />}</Async>;
}

function CasePage({ view }: { view: CaseView }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const mayAnswer = useMay('inbox.answer');
  const mayDispatch = useMay('inbox.dispatch');
  return (
    <Page
      title={view.title}
      testId="case"
      aside={
        <>
          <CaseStateMark state={view.state} />
          {view.outcome ? <span className="quiet">{caseOutcomeLabels[view.outcome][lang]}</span> : null}
          {view.conversations.length > 1 && view.state === 'open' && waitingIn(view).length > 0 ? (
            <StateMark tone="warn">{fill(w.waiting, { count: waitingIn(view).length })}</StateMark>
          ) : null}
          {view.pausedAt ? <WaitsSince at={view.pausedAt} /> : null}
          {view.supervised ? <StateMark tone="warn">{w.supervised}</StateMark> : null}
          {view.urgency === 'normal' ? null : (
            <StateMark tone="warn">{caseUrgencyLabels[view.urgency][lang]}</StateMark>
          )}
          {view.overdue && view.state === 'open' ? <StateMark tone="warn">{w.overdue}</StateMark> : null}
          <span className="quiet">
            {view.number} · {caseKindLabels[view.kind][lang]}
            {view.field ? ` · ${view.field}` : ''} ·{' '}
            {fill(w.received, { time: sayMoment(view.receivedAt, lang) })}
          </span>
        </>
      }
      actions={
        view.mayHandle ? (
          <>
            {view.state !== 'open' && !isAside(view) ? <PublishButton caseId={view.id} /> : null}
            {view.state === 'closed' ? null : <CloseButton view={view} />}
          </>
        ) : null
      }
    >
      <div className="columns">
        <div>
          {view.conversations.map((conversation) => (
            <Section
              key={conversation.id}
              title={`${conversation.personName ?? fill(w.someoneTag, { tag: conversation.id.slice(-4).toUpperCase() })} · ${caseChannelLabels[conversation.kind][lang]}`}
              aside={
                <>
                  {conversation.accountName ? (
                    <span className="quiet">{conversation.accountName}</span>
                  ) : null}
                  {mayAnswer && conversation.kind === 'comment' ? (
                    <FlagComment conversationId={conversation.id} />
                  ) : null}
                </>
              }
            >
              <ConversationFacts conversation={conversation} />
              <Thread conversation={conversation} mayDecide={view.mayHandle} />
              {view.mayHandle && view.state !== 'closed' ? (
                <AnswerBox
                  caseId={view.id}
                  conversation={conversation}
                  others={waitingIn(view).filter(({ id }) => id !== conversation.id).length}
                />
              ) : null}
            </Section>
          ))}
        </div>
        <div>
          {view.mayHandle ? (
            <Suggestions
              caseId={view.id}
              conversationId={view.state === 'closed' ? null : (openConversation(view)?.id ?? null)}
            />
          ) : null}
          <Section
            title={w.deadline}
            aside={
              view.dueAt ? (
                <strong className="number">{fill(w.due, { time: sayMoment(view.dueAt, lang) })}</strong>
              ) : null
            }
            testId="deadline"
          >
            <DeadlineStrip deadline={view.deadline} pausedAt={view.pausedAt} />
          </Section>
          <Section title={w.handling}>
            <p>
              {view.unitName ?? w.noOwner}
              {view.ownerName ? ` · ${view.ownerName}` : ''}
            </p>
            {mayAnswer && !view.mayHandle ? (
              <p className="quiet" data-testid="case-of-others">
                {w.ofOthers}
              </p>
            ) : null}
            {view.mayPass && !mayDispatch && view.state !== 'closed' ? <PassForm view={view} /> : null}
            {mayDispatch && view.state !== 'closed' ? (
              <>
                <ClassForm view={view} />
                <AssignForm view={view} />
              </>
            ) : null}
          </Section>
          <Section title={w.steps} testId="steps">
            <CaseSteps view={view} />
            <CaseRelations view={view} />
          </Section>
          <CaseNotes view={view} mayWrite={mayAnswer} />
          <Section title={w.log}>
            <ul className="log">
              {view.events.map((event) => (
                <LogLine key={`${event.at}${event.event}${event.unitName}`} event={event} />
              ))}
            </ul>
          </Section>
        </div>
      </div>
      <Link to="/inbox" search={lastListPlace() as never}>
        {w.backToList}
      </Link>
    </Page>
  );
}

/** The one that a suggested answer is put into: the newest that the platform still takes an answer in. */
const openConversation = (view: CaseView) => view.conversations.findLast(({ window }) => window.open);

/** Those of several people in one case who have no answer yet, or wrote more since. */
const waitingIn = (view: CaseView) => view.conversations.filter(({ waits }) => waits);

/** Nothing for the public: nobody was answered. */
const isAside = ({ outcome }: CaseView) => outcome !== null && !answeredOutcomes.has(outcome);

const suggestionEnds = ['adopted', 'not-adopted', 'no-answer'] as const satisfies readonly CaseOutcome[];

/** A suggestion ends with a choice, because the person is told whether it was taken up. */
function CloseButton({ view }: { view: CaseView }) {
  const caseId = view.id;
  const lang = useLang();
  const w = useWords(inboxTexts);
  const { message } = App.useApp();
  const [open, setOpen] = useState<(typeof suggestionEnds)[number] | 'close' | null>(null);
  const byTwo = view.twoFor.includes(open === null || open === 'close' ? 'no-answer' : open);
  const words = byTwo
    ? { close: w.askClosing, help: w.askClosingHelp }
    : { close: w.close, help: w.closeHelp };
  const close = useAction(
    (reason: string) =>
      call(closeCase, {
        params: { caseId },
        body: { reason, outcome: open === null || open === 'close' ? null : open },
      }),
    {
      topics: ['cases'],
      onDone: () => {
        setOpen(null);
        void message.success(byTwo ? w.closingAsked : w.closedDone);
      },
    },
  );
  const title = open === null || open === 'close' ? w.closeTitle : caseOutcomeLabels[open][lang];
  return (
    <>
      {view.kind === 'suggestion' ? (
        suggestionEnds
          .filter((end) => end !== 'no-answer' || view.state === 'open')
          .map((end) => (
            <Button
              key={end}
              onClick={() => setOpen(end)}
              disabled={view.closingAsk !== null}
              data-testid={`case-close-${end}`}
            >
              {caseOutcomeLabels[end][lang]}
            </Button>
          ))
      ) : (
        <Button onClick={() => setOpen('close')} disabled={view.closingAsk !== null} data-testid="case-close">
          {words.close}
        </Button>
      )}
      {open ? (
        <ReasonDialog
          title={title}
          explain={
            open === 'adopted' || open === 'not-adopted'
              ? `${w.suggestionHelp}${byTwo ? ` ${w.suggestionByTwo}` : ''}`
              : words.help
          }
          confirm={words.close}
          busy={close.isPending}
          error={close.error}
          onConfirm={(reason) => close.mutate(reason)}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  );
}
