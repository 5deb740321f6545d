import { type ReactNode, useEffect } from 'react';
import { useWords } from '../lib/language.ts';
import { uiTexts } from './texts.ts';

type PageProps = {
  title: string;
  /** Beside the title: state, time. */
  aside?: ReactNode;
  /** The one primary action stands here. */
  actions?: ReactNode;
  children: ReactNode;
  testId?: string;
};

/** One screen: its document title, one heading, one place for actions. */
export function Page({ title, aside, actions, children, testId }: PageProps) {
  useDocumentTitle(title);
  return (
    <div className="page" data-testid={testId}>
      <header className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
          {aside}
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

export function useDocumentTitle(title: string): void {
  const w = useWords(uiTexts);
  useEffect(() => {
    document.title = `${title} · ${w.brand}`;
  }, [title, w.brand]);
}

export function Section({ title, aside, children, testId }: { title: string; aside?: ReactNode; children: ReactNode; testId?: string }) {
  return (
    <section className="section" data-testid={testId}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
