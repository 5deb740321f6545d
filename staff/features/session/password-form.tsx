import { Button, Form, Input } from 'antd';
import { changePassword } from '#shared/my-account.ts';
import { findPasswordProblem, passwordProblems } from '#shared/password-rule.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { accountTexts } from './texts.ts';

type Values = { current: string; next: string; again: string };

/** The rule is told while typing; the server asks it again. */
export function PasswordForm({ onDone }: { onDone: (password: string) => void }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  const me = useMe();
  const [form] = Form.useForm<Values>();
  const change = useAction(
    async ({ current, next }: Values) => {
      await call(changePassword, { body: { current, next } });
      return next;
    },
    {
      topics: [],
      onDone: (password) => {
        form.resetFields();
        onDone(password);
      },
    },
  );
  const refuseWeak = (_rule: unknown, value: string | undefined) => {
    const problem = value ? findPasswordProblem(value, me) : null;
    return problem ? Promise.reject(new Error(passwordProblems[problem][lang])) : Promise.resolve();
  };
  const refuseOther = (_rule: unknown, value: string | undefined) =>
    !value || value === form.getFieldValue('next')
      ? Promise.resolve()
      : Promise.reject(new Error(w.notTheSame));
  const needed = { required: true, message: w.needed };
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={(values) => change.mutate(values)}
      className="narrow-form"
      data-testid="password-form"
    >
      {/* For the browser's store of passwords: whose it is. */}
      <input type="text" autoComplete="username" value={me.login} readOnly hidden />
      <Form.Item name="current" label={w.currentPassword} rules={[needed]}>
        <Input.Password autoComplete="current-password" data-testid="password-current" />
      </Form.Item>
      <Form.Item
        name="next"
        label={w.newPassword}
        extra={w.passwordHelp}
        rules={[needed, { validator: refuseWeak }]}
        validateTrigger="onBlur"
      >
        <Input.Password autoComplete="new-password" data-testid="password-next" />
      </Form.Item>
      <Form.Item
        name="again"
        label={w.newPasswordAgain}
        dependencies={['next']}
        rules={[needed, { validator: refuseOther }]}
        validateTrigger="onBlur"
      >
        <Input.Password autoComplete="new-password" data-testid="password-again" />
      </Form.Item>
      {change.error ? <ErrorNotice error={change.error} /> : null}
      <Button type="primary" htmlType="submit" loading={change.isPending} data-testid="password-save">
        {w.changePassword}
      </Button>
    </Form>
  );
}
