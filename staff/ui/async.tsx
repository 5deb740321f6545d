import { Alert, Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { errorText } from '../lib/call-error.ts';
import { useLang, useWords } from '../lib/language.ts';
import { uiTexts } from './texts.ts';

type Reading<T> = { data: T | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };

/** Shows what was read; what is on screen stays there when a later reading fails. */
export function Async<T>({ reading, children }: { reading: Reading<T>; children: (data: T) => ReactNode }) {
  const w = useWords(uiTexts);
  if (reading.data !== undefined) return <>{children(reading.data)}</>;
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
