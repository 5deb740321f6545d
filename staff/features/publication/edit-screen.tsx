import './publication.css';
import { Alert, App, Button, Input } from 'antd';
import { type RefObject, useRef } from 'react';
import { caseOutcomeLabels } from '#shared/inbox.ts';
import {
  declinePublication,
  editPublication,
  getPublication,
  markNobodys,
  type PublicationState,
  type PublicationView,
  submitPublication,
  takeBackPublication,
  withdrawPublication,
} from '#shared/publication.ts';
import { useParam } from '../../lib/address.ts';
import { call } from '../../lib/call.ts';
import { useKeptValue } from '../../lib/kept-text.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { To, ToButton } from '../../ui/to.tsx';
import { KnowledgeButton } from '../knowledge/from-answer-button.tsx';
import { PublicationStateMark } from './state-mark.tsx';
import { publicationTexts } from './texts.ts';

export function PublicationScreen() {
  const publicationId = useParam('publicationId');
  const reading = useRead(getPublication, ['cases', 'reviews'], { params: { publicationId } });
  return (
    <Async reading={reading}>
      {(view) => <Desk key={`${view.id}${view.revision}${view.state}`} view={view} />}
    </Async>
  );
}

const editableStates: ReadonlySet<PublicationState> = new Set(['draft', 'withdrawn', 'declined']);

type Words = { question: string; answer: string };
const isWords = (value: unknown) =>
  typeof value === 'object' && value !== null && 'question' in value && 'answer' in value;

function Desk({ view }: { view: PublicationView }) {
  const w = useWords(publicationTexts);
  const lang = useLang();
  const editable = editableStates.has(view.state);
  return (
    <Page
      title={w.title}
      testId="publication"
      aside={
        <>
          <PublicationStateMark state={view.state} />
          <span className="quiet">{fill(w.fromCase, { number: view.caseNumber })}</span>
          {view.outcome && view.kind === 'suggestion' ? (
            <span className="quiet" data-testid="publication-outcome">
              {fill(w.outcome, { outcome: caseOutcomeLabels[view.outcome][lang] })}
            </span>
          ) : null}
        </>
      }
      actions={
        <>
          {view.state === 'published' ? <KnowledgeButton publicationId={view.id} /> : null}
          <ToButton to={`/inbox/${view.caseId}`}>{w.openCase}</ToButton>
        </>
      }
    >
      <Alert
        type={view.consent ? 'success' : 'info'}
        showIcon
        title={view.consent ? w.consent : w.noConsent}
        style={{ marginBottom: 12 }}
      />
      {view.outcomeNow ? (
        <Alert
          type="warning"
          showIcon
          title={fill(view.state === 'published' ? w.outcomeNow : w.outcomeNowDraft, {
            outcome: caseOutcomeLabels[view.outcomeNow][lang],
          })}
          style={{ marginBottom: 12 }}
          data-testid="publication-outcome-now"
        />
      ) : null}
      {view.withdrawnReason && (view.state === 'withdrawn' || view.state === 'declined') ? (
        <p className="quiet">
          {fill(view.state === 'withdrawn' ? w.withdrawnFor : w.declinedFor, {
            reason: view.withdrawnReason,
          })}
        </p>
      ) : null}
      <div className="columns">
        <div>
          <Section title={w.toBePublic}>{editable ? <Editor view={view} /> : <Shown view={view} />}</Section>
        </div>
        <div>
          <Section title={w.original}>
            <h3>{w.question}</h3>
            <p className="pub-words">{view.original.question}</p>
            <h3>{w.answer}</h3>
            <p className="pub-words">{view.original.answer}</p>
          </Section>
          <Section title={w.maskedTitle} testId="publication-masked">
            <FoundList found={view.masked} none={w.maskedNone} />
          </Section>
          <Section title={w.leftTitle} testId="publication-left">
            <FoundList found={view.left} none={w.leftNone} mark={editable ? { view, nobodys: true } : null} />
          </Section>
          {view.nobodys.length > 0 ? (
            <Section title={w.nobodysTitle} testId="publication-nobodys">
              <FoundList found={view.nobodys} none="" mark={editable ? { view, nobodys: false } : null} />
            </Section>
          ) : null}
        </div>
      </div>
      <To href="/inbox/published">{w.back}</To>
    </Page>
  );
}

type Mark = { view: PublicationView; nobodys: boolean };

function FoundList({
  found,
  none,
  mark = null,
}: {
  found: PublicationView['left'];
  none: string;
  mark?: Mark | null;
}) {
  const lang = useLang();
  if (found.length === 0) return <p className="quiet">{none}</p>;
  return (
    <ul className="pub-found">
      {[...new Map(found.map((one) => [`${one.kind.zh}${one.words}`, one])).entries()].map(([key, one]) => (
        <li key={key}>
          <span className="quiet">{one.kind[lang]}</span> {one.words}{' '}
          {mark && one.doubtful ? <NobodysButton {...mark} words={one.words} /> : null}
        </li>
      ))}
    </ul>
  );
}

function NobodysButton({ view, words, nobodys }: Mark & { words: string }) {
  const w = useWords(publicationTexts);
  const marking = useAction(
    () =>
      call(markNobodys, {
        params: { publicationId: view.id },
        body: { baseRevision: view.revision, words, nobodys },
      }),
    { topics: ['cases'] },
  );
  return (
    <>
      <Button
        size="small"
        loading={marking.isPending}
        onClick={() => marking.mutate(undefined)}
        data-testid="publication-nobodys-mark"
      >
        {nobodys ? w.nobodys : w.somebodys}
      </Button>
      {marking.error ? <ErrorNotice error={marking.error} /> : null}
    </>
  );
}

function Shown({ view }: { view: PublicationView }) {
  const w = useWords(publicationTexts);
  const { message } = App.useApp();
  const params = { publicationId: view.id };
  const takeBack = useAction(() => call(takeBackPublication, { params }), {
    topics: ['cases', 'reviews'],
    onDone: () => void message.success(w.takenBack),
  });
  return (
    <>
      <h3>{w.question}</h3>
      <p className="pub-words">{view.question}</p>
      <h3>{w.answer}</h3>
      <p className="pub-words">{view.answer}</p>
      {view.state === 'reviewing' ? <p className="quiet">{w.reviewing}</p> : null}
      {takeBack.error ? <ErrorNotice error={takeBack.error} /> : null}
      <div className="pub-actions">
        {view.state === 'reviewing' ? (
          <Button
            loading={takeBack.isPending}
            onClick={() => takeBack.mutate(undefined)}
            data-testid="publication-take-back"
          >
            {w.takeBack}
          </Button>
        ) : (
          <ReasonButton
            label={w.withdraw}
            title={w.withdrawTitle}
            explain={w.withdrawHelp}
            danger
            button={{ danger: true }}
            run={(reason) => call(withdrawPublication, { params, body: { reason } })}
            topics={['cases']}
            onDone={() => void message.success(w.withdrawn)}
            testId="publication-withdraw"
          />
        )}
      </div>
    </>
  );
}

function Editor({ view }: { view: PublicationView }) {
  const w = useWords(publicationTexts);
  const { message } = App.useApp();
  const { personId } = useMe();
  const start: Words = { question: view.question, answer: view.answer };
  const kept = useKeptValue<Words>(`publication:${personId}:${view.id}:${view.revision}`, start, isWords);
  const words = kept.value;
  const changed = words.question !== view.question || words.answer !== view.answer;
  const params = { publicationId: view.id };
  const save = async () =>
    changed
      ? (await call(editPublication, { params, body: { baseRevision: view.revision, ...words } })).revision
      : view.revision;
  const saving = useAction(save, {
    topics: ['cases'],
    onDone: () => {
      kept.forget();
      void message.success(w.saved);
    },
  });
  const submitting = useAction(
    async () => call(submitPublication, { params, body: { baseRevision: await save() } }),
    {
      topics: ['cases', 'reviews'],
      onDone: () => {
        kept.forget();
        void message.success(w.submitted);
      },
    },
  );
  const error = saving.error ?? submitting.error;
  const blank = words.question.trim().length < 4 || words.answer.trim().length < 4;
  // What was withdrawn or declined becomes a draft by its first change.
  const mustChange = view.state !== 'draft' && !changed;
  return (
    <>
      {(['question', 'answer'] as const).map((part) => (
        <Part
          key={part}
          label={w[part]}
          value={words[part]}
          testId={`publication-${part}`}
          onChange={(value) => kept.setValue({ ...words, [part]: value })}
        />
      ))}
      <p className="quiet">{w.maskHelp}</p>
      {error ? <ErrorNotice error={error} /> : null}
      <div className="pub-actions">
        <Button
          disabled={!changed || blank}
          loading={saving.isPending}
          onClick={() => saving.mutate(undefined)}
          data-testid="publication-save"
        >
          {w.save}
        </Button>
        <Button
          type="primary"
          disabled={blank || mustChange}
          loading={submitting.isPending}
          onClick={() => submitting.mutate(undefined)}
          data-testid="publication-submit"
        >
          {w.submit}
        </Button>
        {view.state === 'draft' ? (
          <ReasonButton
            label={w.decline}
            title={w.declineTitle}
            explain={w.declineHelp}
            run={(reason) => call(declinePublication, { params, body: { reason } })}
            topics={['cases']}
            onDone={() => void message.success(w.declined)}
            testId="publication-decline"
          />
        ) : null}
        {changed ? <span className="quiet">{w.unsaved}</span> : null}
      </div>
    </>
  );
}

function Part(props: { label: string; value: string; testId: string; onChange: (value: string) => void }) {
  const w = useWords(publicationTexts);
  const box: RefObject<HTMLDivElement | null> = useRef(null);
  const mask = () => {
    const area = box.current?.querySelector('textarea');
    if (!area || area.selectionStart === area.selectionEnd) return;
    const { selectionStart: from, selectionEnd: to, value } = area;
    props.onChange(`${value.slice(0, from)}${w.filler}${value.slice(to)}`);
  };
  return (
    <div className="field" ref={box}>
      <div className="row answer-foot">
        <span>{props.label}</span>
        <Button size="small" onClick={mask}>
          {w.mask}
        </Button>
      </div>
      <Input.TextArea
        value={props.value}
        aria-label={props.label}
        autoSize={{ minRows: 4, maxRows: 16 }}
        maxLength={4_000}
        onChange={(event) => props.onChange(event.target.value)}
        data-testid={props.testId}
      />
    </div>
  );
}
