import { App, Button, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { changeIssue, type getIssue } from '#shared/insight.ts';
import type { RouteInput, RouteReply } from '#shared/route.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { insightTexts } from './texts.ts';

type View = RouteReply<typeof getIssue>;
type Change = RouteInput<typeof changeIssue>['body'];
type Open = 'rename' | 'hide' | 'show' | 'merge' | null;

/** Each asks why: later readers of the list must be able to tell. */
export function IssueChanges({ view }: { view: View }) {
  const w = useWords(insightTexts);
  const { message } = App.useApp();
  const [open, setOpen] = useState<Open>(null);
  const { issue, others } = view;
  const change = useAction((body: Change) => call(changeIssue, { params: { issueId: issue.id }, body }), {
    topics: ['insight'],
    onDone: () => {
      setOpen(null);
      void message.success(w.saved);
    },
  });
  const shared = { busy: change.isPending, error: change.error, onClose: () => setOpen(null) };
  const step = issue.hidden ? 'show' : 'hide';
  return (
    <div className="row insight-row">
      <Button onClick={() => setOpen('rename')} data-testid="issue-rename">
        {w.rename}
      </Button>
      {others.length > 0 ? <Button onClick={() => setOpen('merge')}>{w.merge}</Button> : null}
      <Button onClick={() => setOpen(step)} data-testid="issue-hide">
        {issue.hidden ? w.show : w.hide}
      </Button>
      {open === 'hide' || open === 'show' ? (
        <ReasonDialog
          {...shared}
          title={open === 'hide' ? w.hideTitle : w.showTitle}
          {...(open === 'hide' ? { explain: w.hideHelp } : {})}
          confirm={open === 'hide' ? w.hide : w.show}
          onConfirm={(reason) => change.mutate({ step: open, reason })}
        />
      ) : null}
      {open === 'rename' || open === 'merge' ? (
        <NamedChange {...shared} view={view} step={open} onConfirm={(body) => change.mutate(body)} />
      ) : null}
    </div>
  );
}

type NamedProps = {
  view: View;
  step: 'rename' | 'merge';
  busy: boolean;
  error: unknown;
  onConfirm: (change: Change) => void;
  onClose: () => void;
};

function NamedChange({ view, step, busy, error, onConfirm, onClose }: NamedProps) {
  const w = useWords(insightTexts);
  const [title, setTitle] = useState(view.issue.title);
  const [into, setInto] = useState<string | undefined>();
  const [reason, setReason] = useState('');
  const ready =
    reason.trim().length > 1 && (step === 'rename' ? title.trim().length > 1 : into !== undefined);
  const confirm = () => {
    const why = reason.trim();
    if (step === 'rename') onConfirm({ step, title: title.trim(), reason: why });
    else if (into) onConfirm({ step, into, reason: why });
  };
  return (
    <Modal
      open
      title={step === 'rename' ? w.renameTitle : w.mergeTitle}
      okText={w.save}
      cancelText={w.cancel}
      okButtonProps={{ disabled: !ready, loading: busy, 'data-testid': 'issue-change-confirm' }}
      onOk={confirm}
      onCancel={onClose}
    >
      {step === 'rename' ? (
        <Field label={w.name}>
          <Input
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            maxLength={60}
            data-testid="issue-name"
          />
        </Field>
      ) : (
        <>
          <p>{w.mergeHelp}</p>
          <Field label={w.mergeTitle}>
            <Select<string>
              {...(into ? { value: into } : {})}
              placeholder={w.choose}
              onChange={setInto}
              options={view.others.map((one) => ({ value: one.id, label: one.title }))}
              style={{ width: '100%' }}
            />
          </Field>
        </>
      )}
      <Field label={w.reason}>
        <Input
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          data-testid="issue-reason"
        />
      </Field>
      {error ? <ErrorNotice error={error} /> : null}
    </Modal>
  );
}
