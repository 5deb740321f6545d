import { Alert, Button, Input } from 'antd';
import { useWords } from '../../lib/language.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { reviewTexts } from './texts.ts';
import type { Decision } from './use-decision.ts';

export function RemarkList({ decision }: { decision: Decision }) {
  const w = useWords(reviewTexts);
  if (decision.remarks.length === 0) return null;
  return (
    <ul className="earlier" aria-label={w.remarks} data-testid="my-remarks">
      {decision.remarks.map((remark) => (
        <li key={remark.quote + remark.note}>
          <q>{remark.quote}</q> {remark.note}{' '}
          <Button size="small" onClick={() => decision.dropRemark(remark)}>
            {w.remarkDrop}
          </Button>
        </li>
      ))}
    </ul>
  );
}

export function NoteField({ decision }: { decision: Decision }) {
  const w = useWords(reviewTexts);
  return (
    <>
      {decision.restored ? <p className="quiet">{w.kept}</p> : null}
      <Field label={w.note}>
        <Input.TextArea
          value={decision.note}
          maxLength={1_000}
          autoSize={{ minRows: 2, maxRows: 8 }}
          placeholder={w.noteHint}
          onChange={(event) => decision.setNote(event.target.value)}
          data-testid="review-note"
        />
      </Field>
      {decision.missing && decision.note.trim() === '' && decision.remarks.length === 0 ? (
        <Alert type="warning" showIcon title={w.noteNeeded} data-testid="note-needed" />
      ) : null}
      {decision.error ? <ErrorNotice error={decision.error} /> : null}
    </>
  );
}

export function DecisionForm({ decision }: { decision: Decision }) {
  const w = useWords(reviewTexts);
  return (
    <>
      <RemarkList decision={decision} />
      <NoteField decision={decision} />
      <div className="row">
        <Button
          type="primary"
          loading={decision.running === 'approve'}
          disabled={decision.busy}
          onClick={decision.approve}
          data-testid="review-approve"
        >
          {w.approve}
        </Button>
        <Button
          loading={decision.running === 'return'}
          disabled={decision.busy}
          onClick={decision.giveBack}
          data-testid="review-return"
        >
          {w.return}
        </Button>
      </div>
    </>
  );
}
