import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { getMe, type Me } from '#shared/people.ts';
import { deskPath } from '../../lib/address.ts';
import { useWords } from '../../lib/language.ts';
import { useDocumentTitle } from '../../ui/page.tsx';
import { uiTexts } from '../../ui/texts.ts';
import { SignInForm } from './sign-in-form.tsx';
import { sessionTexts } from './texts.ts';

/** Only a path of this app may be the place to go on to: `//host` would leave it. */
function nextPath(value: unknown): string {
  const path = typeof value === 'string' ? deskPath(value) : '/';
  return /^\/(?![/\\])/.test(path) ? path : '/';
}

export function SignInScreen() {
  const w = useWords(sessionTexts);
  const ui = useWords(uiTexts);
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { next?: unknown };
  useDocumentTitle(w.title);

  const go = (me: Me) => {
    client.clear(); // Another person may have used this browser before.
    client.setQueryData([getMe.path], me);
    void navigate({ to: nextPath(search.next), replace: true });
  };

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>{ui.brand}</h1>
        <p className="quiet">{w.desk}</p>
        <SignInForm onSignedIn={go} />
      </div>
    </main>
  );
}
