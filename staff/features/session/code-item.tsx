import { Form, Input } from 'antd';
import { useWords } from '../../lib/language.ts';
import { sessionTexts } from './texts.ts';

type CodeItemProps = { autoFocus?: boolean; digitsOnly?: boolean; testId: string };

/** The field `code` of a form: six digits of the authenticator, or a recovery code unless `digitsOnly`. */
export function CodeItem({ autoFocus = false, digitsOnly = false, testId }: CodeItemProps) {
  const w = useWords(sessionTexts);
  return (
    <Form.Item
      name="code"
      label={w.code}
      extra={digitsOnly ? w.codeHelp : w.codeOrRecoveryHelp}
      rules={[{ required: true, whitespace: true, message: w.needCode }]}
    >
      <Input
        size="large"
        autoComplete="one-time-code"
        inputMode={digitsOnly ? 'numeric' : 'text'}
        autoCapitalize="characters"
        maxLength={40}
        autoFocus={autoFocus}
        data-testid={testId}
      />
    </Form.Item>
  );
}
