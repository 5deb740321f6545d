import { Input, Modal } from 'antd';
import { useState } from 'react';
import { useWords } from '../lib/language.ts';
import { ErrorNotice } from './async.tsx';
import { Field } from './field.tsx';
import { uiTexts } from './texts.ts';

type ReasonDialogProps = {
  title: string;
  explain?: string;
  confirm: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  onConfirm: (reason: string) => void;
  onClose: () => void;
};

/** Asks why before something that others will notice. */
export function ReasonDialog({
  title,
  explain,
  confirm,
  danger = false,
  busy,
  error,
  onConfirm,
  onClose,
}: ReasonDialogProps) {
  const w = useWords(uiTexts);
  const [reason, setReason] = useState('');
  return (
    <Modal
      open
      title={title}
      okText={confirm}
      cancelText={w.cancel}
      okButtonProps={{
        danger,
        disabled: reason.trim() === '',
        loading: busy,
        'data-testid': 'reason-confirm',
      }}
      onOk={() => onConfirm(reason.trim())}
      onCancel={onClose}
    >
      {explain ? <p>{explain}</p> : null}
      <Field label={w.reason} className="field-counted">
        <Input.TextArea
          autoFocus
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          showCount
          autoSize={{ minRows: 2, maxRows: 6 }}
          placeholder={w.reasonNeeded}
          data-testid="reason-text"
        />
      </Field>
      {error ? <ErrorNotice error={error} /> : null}
    </Modal>
  );
}
