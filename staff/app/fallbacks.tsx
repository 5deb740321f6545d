import { Button } from 'antd';
import { useWords } from '../lib/language.ts';
import { ErrorNotice } from '../ui/async.tsx';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { uiTexts } from '../ui/texts.ts';
import { ToButton } from '../ui/to.tsx';

export function NotFound() {
  const w = useWords(uiTexts);
  return (
    <Page title={w.notFound}>
      <Empty title={w.notFoundHelp} action={<ToButton to="/">{w.home}</ToButton>} />
    </Page>
  );
}

/** A screen that broke: the rest of the desk goes on, and what was typed is in the local copies. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const w = useWords(uiTexts);
  return (
    <Page title={w.failed}>
      <ErrorNotice error={error} action={<Button onClick={reset}>{w.tryAgain}</Button>} />
    </Page>
  );
}
