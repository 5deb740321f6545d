import { Button, Form } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { beginSecondFactor, confirmSecondFactor } from '#shared/my-account.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Qr } from '../../ui/qr.tsx';
import { CodeItem } from './code-item.tsx';
import { ProveForm } from './prove-form.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { accountTexts } from './texts.ts';

type FactorSetUpProps = {
  /** One is in force already: replacing it takes a code of it. */
  replaces: boolean;
  /** Just typed a moment ago; else it is asked for. */
  password?: string | undefined;
  onDone: () => void;
};

/** Password, then the QR code and a first code, then the recovery codes, which are shown this once. */
export function FactorSetUp({ replaces, password, onDone }: FactorSetUpProps) {
  const w = useWords(accountTexts);
  const begin = useAction(
    (given: { password: string; code?: string }) => call(beginSecondFactor, { body: given }),
    { topics: [] },
  );
  const confirm = useAction(({ code }: { code: string }) => call(confirmSecondFactor, { body: { code } }), {
    topics: [],
  });
  const started = useRef(false);
  const { mutate } = begin;
  useEffect(() => {
    if (password === undefined || replaces || started.current) return;
    started.current = true;
    mutate({ password });
  }, [password, replaces, mutate]);

  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  if (begin.data)
    return (
      <Scan
        made={begin.data}
        busy={confirm.isPending}
        error={confirm.error}
        onCode={(code) => confirm.mutate({ code })}
      />
    );
  return (
    <ProveForm
      explain={replaces ? w.replaceHelp : w.factorHelp}
      confirm={w.goOn}
      withCode={replaces}
      busy={begin.isPending}
      error={begin.error}
      onProve={(given) => begin.mutate(given)}
    />
  );
}

type ScanProps = {
  made: { secret: string; uri: string };
  busy: boolean;
  error: Error | null;
  onCode: (code: string) => void;
};

function Scan({ made, busy, error, onCode }: ScanProps) {
  const w = useWords(accountTexts);
  const [form] = Form.useForm<{ code: string }>();
  const [byHand, setByHand] = useState(false);
  return (
    <div data-testid="factor-scan">
      <p>{w.scan}</p>
      <Qr text={made.uri} label={w.qrLabel} />
      <p>
        <Button type="link" size="small" onClick={() => setByHand(!byHand)} aria-expanded={byHand}>
          {w.cannotScan}
        </Button>
      </p>
      {byHand ? (
        <p className="row">
          <code data-testid="factor-secret">{made.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
          <CopyButton text={made.secret} />
        </p>
      ) : null}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        className="narrow-form"
        onFinish={({ code }) => onCode(code)}
      >
        <CodeItem digitsOnly testId="factor-code" />
        {error ? <ErrorNotice error={error} /> : null}
        <Button type="primary" htmlType="submit" loading={busy} data-testid="factor-confirm">
          {w.turnOn}
        </Button>
      </Form>
    </div>
  );
}
