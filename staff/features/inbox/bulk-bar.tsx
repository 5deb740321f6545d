import { App, Button, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { answerCases, dispatchCase, dispatchCases, spamKindLabels } from '#shared/case-steps.ts';
import { listUnits } from '#shared/people.ts';
import type { RouteReply } from '#shared/route.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { type SpamKind, SpamKindField } from './spam-kind-field.tsx';
import { inboxTexts } from './texts.ts';

type Doing = 'answer' | 'assign' | 'spam' | 'merge';
/** In the order in which they were chosen. */
type Chosen = readonly { id: string; number: string; title: string }[];
type Props = {
  chosen: Chosen;
  mayAnswer: boolean;
  mayDispatch: boolean;
  onDone: () => void;
};

/** The same for every chosen case; what could not be done says why. */
export function BulkBar({ chosen, mayAnswer, mayDispatch, onDone }: Props) {
  const w = useWords(inboxTexts);
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <div className="row bulk" role="toolbar" aria-label={w.bulk} data-testid="bulk">
      <strong className="number">{fill(w.chosen, { count: chosen.length })}</strong>
      {mayAnswer ? (
        <Button type="primary" onClick={() => setDoing('answer')} data-testid="bulk-answer">
          {w.bulkAnswer}
        </Button>
      ) : null}
      {mayDispatch ? (
        <>
          <Button onClick={() => setDoing('assign')} data-testid="bulk-assign">
            {w.assign}
          </Button>
          <Button onClick={() => setDoing('spam')}>{w.spam}</Button>
          {chosen.length > 1 ? (
            <Button onClick={() => setDoing('merge')} data-testid="bulk-merge">
              {w.merge}
            </Button>
          ) : null}
        </>
      ) : null}
      <Button type="text" onClick={onDone}>
        {w.chooseNone}
      </Button>
      {doing ? (
        <BulkDialog doing={doing} chosen={chosen} onClose={() => setDoing(null)} onDone={onDone} />
      ) : null}
    </div>
  );
}

type DialogProps = { doing: Doing; chosen: Chosen; onClose: () => void; onDone: () => void };

function BulkDialog({ doing, chosen, onClose, onDone }: DialogProps) {
  const caseIds = chosen.map(({ id }) => id);
  const w = useWords(inboxTexts);
  const lang = useLang();
  const { message, modal } = App.useApp();
  const [words, setWords] = useState('');
  const [unitId, setUnitId] = useState<string | null>(null);
  const [why, setWhy] = useState<SpamKind>('advert');
  const units = useRead(listUnits, [], {}, { enabled: doing === 'assign' });
  const run = useAction<undefined, RouteReply<typeof answerCases>>(
    () => {
      if (doing === 'merge') return mergeAll(caseIds, words.trim());
      if (doing === 'answer') return call(answerCases, { body: { caseIds, text: words.trim() } });
      const step =
        doing === 'assign'
          ? ({ step: 'assign', unitId: unitId ?? '', ownerId: null, note: words.trim() } as const)
          : ({ step: 'mark-spam', why, reason: words.trim() || spamKindLabels[why].zh } as const);
      return call(dispatchCases, { body: { caseIds, do: step } });
    },
    {
      topics: ['cases'],
      onDone: ({ results }) => {
        const failed = results.filter((one) => !one.done);
        onClose();
        onDone();
        if (failed.length === 0) void message.success(fill(w.bulkDone, { count: results.length }));
        else
          modal.warning({
            title: fill(w.bulkPartly, { done: results.length - failed.length, failed: failed.length }),
            content: [...new Set(failed.map((one) => one.problem?.[lang] ?? ''))].join(' '),
          });
      },
    },
  );
  const ready = doing === 'assign' ? unitId !== null : doing === 'spam' || words.trim().length >= 2;
  const titles = { answer: w.bulkAnswer, assign: w.assign, spam: w.spam, merge: w.merge };
  const labels = { answer: w.answer, assign: w.note, spam: w.reason, merge: w.reason };
  return (
    <Modal
      open
      title={`${titles[doing]} · ${fill(w.chosen, { count: caseIds.length })}`}
      okText={titles[doing]}
      cancelText={w.cancel}
      okButtonProps={{ disabled: !ready, loading: run.isPending, 'data-testid': 'bulk-confirm' }}
      onOk={() => run.mutate(undefined)}
      onCancel={onClose}
    >
      {doing === 'merge' && chosen[0] ? (
        <p data-testid="merge-into">
          {fill(w.mergeHelp, { count: chosen.length - 1 })}
          <br />
          <strong>
            <span className="number">{chosen[0].number}</span> {chosen[0].title}
          </strong>
        </p>
      ) : null}
      {doing === 'answer' ? <p className="quiet">{w.bulkAnswerHelp}</p> : null}
      {doing === 'assign' ? (
        <Field label={w.unit}>
          <Select
            value={unitId}
            placeholder={w.choose}
            onChange={(next: string) => setUnitId(next)}
            options={(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.name }))}
          />
        </Field>
      ) : null}
      {doing === 'spam' ? <SpamKindField value={why} onChange={setWhy} /> : null}
      <Field label={labels[doing]}>
        <Input.TextArea
          value={words}
          maxLength={doing === 'answer' ? 2_000 : 300}
          autoSize={{ minRows: 3, maxRows: 10 }}
          onChange={(event) => setWords(event.target.value)}
          data-testid="bulk-words"
        />
      </Field>
      {run.error ? <ErrorNotice error={run.error} /> : null}
    </Modal>
  );
}

/** Into the one that was chosen first. */
async function mergeAll(caseIds: readonly string[], reason: string): Promise<RouteReply<typeof answerCases>> {
  const [into, ...others] = caseIds;
  const results: RouteReply<typeof answerCases>['results'] = [];
  for (const caseId of others) {
    await call(dispatchCase, { params: { caseId }, body: { step: 'merge', into: into!, reason } });
    results.push({ caseId, done: true, problem: null });
  }
  return { results };
}
