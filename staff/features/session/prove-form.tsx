import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { CallError } from '../../lib/call-error.ts';
import { useWords } from '../../lib/language.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { CodeItem } from './code-item.tsx';
import { accountTexts } from './texts.ts';

export type Proof = { password: string; code?: string };

type ProveFormProps = {
  explain: string;
  confirm: string;
  withCode: boolean;
  danger?: boolean;
  busy: boolean;
  error: Error | null;
  onProve: (proof: Proof) => void;
};

/** Asks who sits there before keys change: the password, and a code where a second factor is in force. */
export function ProveForm({
  explain,
  confirm,
  withCode,
  danger = false,
  busy,
  error,
  onProve,
}: ProveFormProps) {
  const w = useWords(accountTexts);
  const [form] = Form.useForm<Proof>();
  const [asked, setAsked] = useState(false);
  // The server knows better than a screen that was read a while ago.
  const needed = error instanceof CallError && error.code === 'second-factor-needed';
  if (needed && !asked) setAsked(true);
  return (
    <Form<Proof>
      form={form}
      layout="vertical"
      requiredMark={false}
      className="narrow-form"
      onFinish={(proof) => onProve(proof)}
      data-testid="prove-form"
    >
      <p>{explain}</p>
      <Form.Item name="password" label={w.currentPassword} rules={[{ required: true, message: w.needed }]}>
        <Input.Password autoComplete="current-password" data-testid="prove-password" />
      </Form.Item>
      {withCode || asked ? <CodeItem testId="prove-code" /> : null}
      {error && !needed ? <ErrorNotice error={error} /> : null}
      <Button type="primary" danger={danger} htmlType="submit" loading={busy} data-testid="prove-submit">
        {confirm}
      </Button>
    </Form>
  );
}
