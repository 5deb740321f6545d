import { type ReactNode, useEffect } from 'react';
import { useWords } from '../lib/language.ts';
import { uiTexts } from './texts.ts';

type PageProps = {
  title: string;
  /** For the browser's tab, where the heading alone would not tell pages apart. */
  documentTitle?: string;
  /** Beside the title: state, time. */
  aside?: ReactNode;
  /** The one primary action stands here. */
  actions?: ReactNode;
  children: ReactNode;
  testId?: string;
};

/** One screen: its document title, one heading, one place for actions. */
export function Page({ title, documentTitle, aside, actions, children, testId }: PageProps) {
  useDocumentTitle(documentTitle ?? title);
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

export function Section({
  title,
  aside,
  children,
  testId,
  id,
}: {
  id?: string;
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  testId?: string;
}) {
  return (
    <section className="section" id={id} data-testid={testId}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
