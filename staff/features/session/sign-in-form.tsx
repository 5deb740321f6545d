import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { type Me, signIn } from '#shared/people.ts';
import { call, isCallError } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { CodeItem } from './code-item.tsx';
import { sessionTexts } from './texts.ts';

type SignInFormProps = { fixedLogin?: string; onSignedIn: (me: Me) => void };
type Values = { login: string; password: string; code?: string };

/** Login and password; the code of a second factor once the server asks for it. */
export function SignInForm({ fixedLogin, onSignedIn }: SignInFormProps) {
  const w = useWords(sessionTexts);
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [asksCode, setAsksCode] = useState(false);

  const submit = async ({ login, password, code }: Values) => {
    setBusy(true);
    setError(null);
    const given = asksCode && code ? { code } : {};
    try {
      onSignedIn(await call(signIn, { body: { login: login.trim(), password, ...given } }));
    } catch (problem) {
      form.resetFields(['code']);
      if (isCallError(problem, 'second-factor-needed')) setAsksCode(true);
      else setError(problem);
      if (isCallError(problem, 'second-factor-wrong')) form.focusField('code');
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ login: fixedLogin ?? '', password: '' }}
      onFinish={(values) => void submit(values)}
      // Another person or password may need no code.
      onValuesChange={(changed) => 'code' in changed || setAsksCode(false)}
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
      {asksCode ? <CodeItem autoFocus testId="sign-in-code" /> : null}
      {error ? <ErrorNotice error={error} /> : null}
      <Button type="primary" size="large" htmlType="submit" block loading={busy} data-testid="sign-in-submit">
        {w.submit}
      </Button>
    </Form>
  );
}
