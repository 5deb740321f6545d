import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { type Me, signIn } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { sessionTexts } from './texts.ts';

type SignInFormProps = { fixedLogin?: string; onSignedIn: (me: Me) => void };

export function SignInForm({ fixedLogin, onSignedIn }: SignInFormProps) {
  const w = useWords(sessionTexts);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = async (values: { login: string; password: string }) => {
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await call(signIn, { body: { login: values.login.trim(), password: values.password } }));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form
      layout="vertical"
      requiredMark={false}
      initialValues={{ login: fixedLogin ?? '', password: '' }}
      onFinish={(values: { login: string; password: string }) => void submit(values)}
      data-testid="sign-in-form"
    >
      <Form.Item label={w.login} name="login" rules={[{ required: true, message: w.needLogin }]}>
        <Input
          size="large"
          autoComplete="username"
          autoCapitalize="none"
          readOnly={fixedLogin !== undefined}
          autoFocus={fixedLogin === undefined}
          data-testid="sign-in-login"
        />
      </Form.Item>
      <Form.Item label={w.password} name="password" rules={[{ required: true, message: w.needPassword }]}>
        <Input.Password
          size="large"
          autoComplete="current-password"
          autoFocus={fixedLogin !== undefined}
          data-testid="sign-in-password"
        />
      </Form.Item>
      {error ? <ErrorNotice error={error} /> : null}
      <Button type="primary" size="large" htmlType="submit" block loading={busy} data-testid="sign-in-submit">
        {w.submit}
      </Button>
    </Form>
  );
}
