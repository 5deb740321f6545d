import { Input, Modal } from 'antd';
import { correctionLength, submitCorrection } from '#shared/corrections.ts';
import { call } from '../../lib/call.ts';
import { useKeptText } from '../../lib/kept-text.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { correctionTexts } from './correction-texts.ts';

/** What was wrong and what is right, for everybody; why, for the desk. */
export function CorrectionDialog({ articleId, onClose }: { articleId: string; onClose: () => void }) {
  const w = useWords(correctionTexts);
  const words = useKeptText(`correction:${articleId}`);
  const why = useKeptText(`correction-reason:${articleId}`);
  const { text, setText } = words;
  const { text: reason, setText: setReason } = why;
  const submit = useAction(
    () =>
      call(submitCorrection, { params: { articleId }, body: { text: text.trim(), reason: reason.trim() } }),
    {
      topics: ['deliveries', 'reviews'],
      onDone: () => {
        words.forget();
        why.forget();
        onClose();
      },
    },
  );
  return (
    <Modal
      open
      title={w.dialogTitle}
      okText={w.submit}
      cancelText={w.cancel}
      okButtonProps={{
        disabled: text.trim() === '' || reason.trim() === '',
        loading: submit.isPending,
        'data-testid': 'correction-submit',
      }}
      onOk={() => submit.mutate(undefined)}
      onCancel={onClose}
    >
      <p>{w.dialogHelp}</p>
      <Field label={w.words} className="field-counted">
        <Input.TextArea
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={correctionLength}
          showCount
          autoSize={{ minRows: 3, maxRows: 10 }}
          placeholder={w.wordsHint}
          data-testid="correction-text"
        />
      </Field>
      <Field label={w.reason} className="field-counted">
        <Input.TextArea
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={200}
          showCount
          autoSize={{ minRows: 2, maxRows: 6 }}
          placeholder={w.reasonHint}
          data-testid="correction-reason"
        />
      </Field>
      {submit.error ? <ErrorNotice error={submit.error} /> : null}
    </Modal>
  );
}
