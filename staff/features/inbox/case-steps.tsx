import { App, Button, Input, InputNumber, Modal, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import {
  type DispatchStep,
  dispatchCase,
  type SuperviseStep,
  spamKindLabels,
  superviseCase,
  type WorkStep,
  workOnCase,
} from '#shared/case-steps.ts';
import { type CaseView, caseOutcomeLabels, caseUrgencies, caseUrgencyLabels } from '#shared/inbox.ts';
import type { Lang } from '#shared/lang.ts';
import { listUnits } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useNow } from '../../lib/now.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { NewDue } from './new-due.tsx';
import { type SpamKind, SpamKindField } from './spam-kind-field.tsx';
import { stepTexts } from './step-texts.ts';

type Decision = 'grant' | 'refuse' | 'grant-closing' | 'refuse-closing';
type Asked =
  | { to: 'work'; step: WorkStep['step'] }
  | { to: 'dispatch'; step: DispatchStep['step'] }
  | { to: 'supervise'; step: 'supervise' | Decision };

/** What may be done now, a button each; the dialog asks for what the step needs and no more. */
export function CaseSteps({ view }: { view: CaseView }) {
  const w = useWords(stepTexts);
  const lang = useLang();
  const now = useNow(60);
  const mayAnswer = view.mayHandle;
  const mayDispatch = useMay('inbox.dispatch');
  const maySupervise = useMay('inbox.supervise');
  const [asked, setAsked] = useState<Asked | null>(null);
  const open = view.state === 'open';
  const aside = view.outcome === 'spam' || view.outcome === 'merged';
  const returnable = view.returnableUntil !== null && new Date(view.returnableUntil) > now;
  const steps: (Asked & { show: boolean })[] = [
    { to: 'work', step: 'return', show: mayAnswer && returnable },
    { to: 'work', step: 'pause', show: mayAnswer && open && !view.pausedAt },
    { to: 'work', step: 'resume', show: mayAnswer && view.pausedAt !== null },
    {
      to: 'work',
      step: 'ask-extension',
      show: mayAnswer && view.extension !== 'asked' && view.extensionChoices.length > 0,
    },
    { to: 'work', step: 'call-back', show: mayAnswer && !open && !aside && view.outcome !== 'withdrawn' },
    { to: 'dispatch', step: 'set-urgency', show: mayDispatch && view.state !== 'closed' },
    { to: 'dispatch', step: 'add-helper', show: mayDispatch && view.state !== 'closed' },
    { to: 'dispatch', step: 'mark-spam', show: mayDispatch && view.state !== 'closed' },
    { to: 'dispatch', step: 'unmark-spam', show: mayDispatch && view.outcome === 'spam' },
    { to: 'dispatch', step: 'unmerge', show: mayDispatch && view.outcome === 'merged' },
    { to: 'dispatch', step: 'reopen', show: mayDispatch && !open && !aside },
    { to: 'supervise', step: 'supervise', show: maySupervise && view.state !== 'closed' },
  ];
  return (
    <>
      {view.extension === 'asked' && view.extensionAsk ? (
        <Ask
          name="extension-asked"
          words={fill(w.asksExtension, { name: view.extensionAsk.byName, days: view.extensionAsk.days })}
          ask={view.extensionAsk}
          choices={['grant', 'refuse']}
          onChoose={(step) => setAsked({ to: 'supervise', step })}
        >
          <NewDue view={view} days={view.extensionAsk.days} />
        </Ask>
      ) : null}
      {view.closingAsk ? (
        <Ask
          name="closing-asked"
          words={sayClosing(view.closingAsk, w, lang)}
          ask={view.closingAsk}
          choices={['grant-closing', 'refuse-closing']}
          onChoose={(step) => setAsked({ to: 'supervise', step })}
        />
      ) : null}
      <div className="steps">
        {steps
          .filter(({ show }) => show)
          .map(({ show: _shown, ...one }) => (
            <Button
              key={one.step}
              size="small"
              onClick={() => setAsked(one)}
              data-testid={`step-${one.step}`}
            >
              {w[one.step]}
            </Button>
          ))}
      </div>
      {asked ? (
        <StepDialog key={asked.step} view={view} asked={asked} onClose={() => setAsked(null)} />
      ) : null}
    </>
  );
}

function sayClosing(
  { byName, outcome }: NonNullable<CaseView['closingAsk']>,
  w: { asksClosing: string; asksEnd: string },
  lang: Lang,
): string {
  if (outcome === null || outcome === 'no-answer') return fill(w.asksClosing, { name: byName });
  return fill(w.asksEnd, { name: byName, end: caseOutcomeLabels[outcome][lang] });
}

type AskProps = {
  name: string;
  words: string;
  ask: { reason: string; byId: string };
  choices: readonly [yes: Decision, no: Decision];
  onChoose: (step: Decision) => void;
  children?: ReactNode;
};

/** What one person asked for and another decides. */
function Ask({ name, words, ask, choices, onChoose, children }: AskProps) {
  const w = useWords(stepTexts);
  const { personId } = useMe();
  const decides = useMay('inbox.supervise') && ask.byId !== personId;
  return (
    <div className="ask" data-testid={name}>
      <p>
        {words}
        {ask.reason}
      </p>
      {children}
      {decides ? (
        <div className="row">
          {choices.map((step, at) => (
            <Button
              key={step}
              type={at === 0 ? 'primary' : 'default'}
              onClick={() => onChoose(step)}
              data-testid={`step-${step}`}
            >
              {w[step]}
            </Button>
          ))}
        </div>
      ) : (
        <p className="quiet">{w.otherDecides}</p>
      )}
    </div>
  );
}

/** Steps whose own choice says enough. */
const optionalNotes: ReadonlySet<string> = new Set([
  ...['call-back', 'add-helper', 'grant', 'grant-closing', 'mark-spam'],
]);

function StepDialog({ view, asked, onClose }: { view: CaseView; asked: Asked; onClose: () => void }) {
  const w = useWords(stepTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const [reason, setReason] = useState('');
  const [question, setQuestion] = useState('');
  const [days, setDays] = useState(Math.min(3, view.extensionChoices.length));
  const [stars, setStars] = useState<number | null>(5);
  const [urgency, setUrgency] = useState<(typeof caseUrgencies)[number]>('urgent');
  const [why, setWhy] = useState<SpamKind>('advert');
  const [unitId, setUnitId] = useState<string | null>(null);
  const { step } = asked;
  const take = useAction(
    () => {
      const params = { caseId: view.id };
      const input = { reason, question, days, stars, urgency, why, unitId };
      if (asked.to === 'work') return call(workOnCase, { params, body: toWorkStep(asked.step, input) });
      if (asked.to === 'dispatch')
        return call(dispatchCase, { params, body: toDispatchStep(asked.step, input) });
      return call(superviseCase, { params, body: toSuperviseStep(asked.step, reason) });
    },
    {
      topics: ['cases'],
      onDone: () => {
        onClose();
        void message.success(w.done);
      },
    },
  );
  const optional = optionalNotes.has(step) || (step === 'pause' && question.trim() !== '');
  const ready = (optional || reason.trim().length >= 2) && (step !== 'add-helper' || unitId !== null);
  return (
    <Modal
      open
      title={w[step]}
      okText={w.confirm}
      cancelText={w.cancel}
      okButtonProps={{ disabled: !ready, loading: take.isPending, 'data-testid': 'step-confirm' }}
      onOk={() => take.mutate(undefined)}
      onCancel={onClose}
    >
      <p className="quiet">{w[`${step}-help`]}</p>
      {step === 'ask-extension' ? (
        <Field label={w.days}>
          <InputNumber
            min={1}
            max={view.extensionChoices.length}
            value={days}
            onChange={(next) => setDays(next ?? 1)}
            data-testid="step-days"
          />
        </Field>
      ) : null}
      {step === 'ask-extension' ? <NewDue view={view} days={days} /> : null}
      {step === 'grant' && view.extensionAsk ? <NewDue view={view} days={view.extensionAsk.days} /> : null}
      {step === 'pause' ? (
        <Field label={w.question}>
          <Input.TextArea
            value={question}
            maxLength={500}
            onChange={(event) => setQuestion(event.target.value)}
            autoSize={{ minRows: 2, maxRows: 6 }}
          />
        </Field>
      ) : null}
      {step === 'call-back' ? (
        <Field label={w.satisfaction}>
          <Select<number>
            value={stars ?? 0}
            onChange={(next) => setStars(next === 0 ? null : next)}
            options={[5, 4, 3, 2, 1, 0].map((value) => ({
              value,
              label: value === 0 ? w.notReached : fill(w.stars, { count: value }),
            }))}
            data-testid="step-stars"
          />
        </Field>
      ) : null}
      {step === 'set-urgency' ? (
        <Field label={w.urgency}>
          <Select
            value={urgency}
            onChange={setUrgency}
            options={caseUrgencies.map((value) => ({ value, label: caseUrgencyLabels[value][lang] }))}
          />
        </Field>
      ) : null}
      {step === 'mark-spam' ? <SpamKindField value={why} onChange={setWhy} /> : null}
      {step === 'add-helper' ? <UnitField value={unitId} onChange={setUnitId} /> : null}
      <Field label={optional ? w.noteOptional : w.reason}>
        <Input.TextArea
          value={reason}
          maxLength={300}
          onChange={(event) => setReason(event.target.value)}
          autoSize={{ minRows: 2, maxRows: 6 }}
          data-testid="step-reason"
        />
      </Field>
      {take.error ? <ErrorNotice error={take.error} /> : null}
    </Modal>
  );
}

function UnitField({ value, onChange }: { value: string | null; onChange: (unitId: string) => void }) {
  const w = useWords(stepTexts);
  const units = useRead(listUnits, [], {});
  return (
    <Field label={w.unit}>
      <Select
        value={value}
        placeholder={w.chooseUnit}
        onChange={onChange}
        data-testid="step-unit"
        options={(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.name }))}
      />
    </Field>
  );
}

type StepInput = {
  reason: string;
  question: string;
  days: number;
  stars: number | null;
  urgency: (typeof caseUrgencies)[number];
  why: SpamKind;
  unitId: string | null;
};

function toWorkStep(step: WorkStep['step'], { reason, question, days, stars }: StepInput): WorkStep {
  switch (step) {
    case 'pause':
      return { step, reason: reason.trim() || stepTexts.askedPerson.zh, question };
    case 'ask-extension':
      return { step, days, reason };
    case 'call-back':
      return { step, satisfaction: stars, note: reason };
    default:
      return { step, reason };
  }
}

function toDispatchStep(step: DispatchStep['step'], input: StepInput): DispatchStep {
  const { reason, urgency, why, unitId } = input;
  switch (step) {
    case 'set-urgency':
      return { step, urgency, reason };
    case 'mark-spam':
      return { step, why, reason: reason.trim() || spamKindLabels[why].zh };
    case 'add-helper':
      return { step, unitId: unitId ?? '', note: reason };
    case 'remove-helper':
      return { step, unitId: unitId ?? '' };
    case 'merge':
      return { step, into: '', reason };
    default:
      return { step, reason };
  }
}

function toSuperviseStep(step: 'supervise' | Decision, reason: string): SuperviseStep {
  switch (step) {
    case 'supervise':
      return { step, note: reason };
    case 'grant':
    case 'refuse':
      return { step: 'decide-extension', grant: step === 'grant', reason };
    case 'grant-closing':
    case 'refuse-closing':
      return { step: 'decide-closing', grant: step === 'grant-closing', reason };
  }
}
