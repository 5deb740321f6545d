import { Alert, Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { isCallError } from '../lib/call.ts';
import { errorText } from '../lib/call-error.ts';
import { useLang, useWords } from '../lib/language.ts';
import { Empty } from './empty.tsx';
import { uiTexts } from './texts.ts';
import { ToButton } from './to.tsx';

type Reading<T> = { data: T | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };

/** Shows what was read; what is on screen stays there when a later reading fails. */
export function Async<T>({ reading, children }: { reading: Reading<T>; children: (data: T) => ReactNode }) {
  const w = useWords(uiTexts);
  if (reading.data !== undefined) return <>{children(reading.data)}</>;
  // A reading carries no more than an address: what is invalid in it is the address.
  if (isCallError(reading.error, 'not-found') || isCallError(reading.error, 'input-invalid')) {
    return (
      <div className="page">
        <Empty title={w.nothingHere} action={<ToButton to="/">{w.home}</ToButton>} />
      </div>
    );
  }
  if (reading.error) {
    return (
      <ErrorNotice
        error={reading.error}
        action={
          <Button size="small" onClick={() => void reading.refetch()}>
            {w.tryAgain}
          </Button>
        }
      />
    );
  }
  return <Skeleton active paragraph={{ rows: 5 }} title={false} aria-label={w.loading} />;
}

export function ErrorNotice({ error, action }: { error: unknown; action?: ReactNode }) {
  const lang = useLang();
  return (
    <Alert type="error" showIcon title={errorText(error)[lang]} action={action} data-testid="error-notice" />
  );
}
