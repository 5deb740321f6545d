import { Alert, Button } from 'antd';
import { useWords } from '../../lib/language.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import './session.css';
import { accountTexts } from './texts.ts';

/** Shown this once. Whoever leaves without noting them has only the phone. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const w = useWords(accountTexts);
  return (
    <div data-testid="recovery-codes">
      <Alert type="success" showIcon title={w.codesTitle} description={w.codesHelp} />
      <ol className="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className="row">
        <CopyButton text={codes.join('\n')} label={w.copyCodes} size="middle" />
        <Button type="primary" onClick={onDone} data-testid="recovery-codes-noted">
          {w.codesNoted}
        </Button>
      </div>
    </div>
  );
}
