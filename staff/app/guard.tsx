import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { getMe } from '#shared/people.ts';
import { SignInDialog } from '../features/session/sign-in-dialog.tsx';
import { call, isCallError } from '../lib/call.ts';
import { useWords } from '../lib/language.ts';
import { watchLive } from '../lib/live.ts';
import { MeContext } from '../lib/me.ts';
import { useNarrow } from '../lib/narrow.ts';
import { Async } from '../ui/async.tsx';
import { appTexts } from './texts.ts';

/** Everything that needs a session lies under here. Only the first load may lead to the sign-in page. */
export function Guard() {
  const w = useWords(appTexts);
  const narrow = useNarrow();
  const router = useRouter();
  const me = useQuery({
    queryKey: [getMe.path],
    queryFn: () => call(getMe, undefined, { onSignedOut: 'throw' }),
    staleTime: 60_000,
    meta: { topics: ['none'] },
  });
  const missing = me.data === undefined && isCallError(me.error, 'sign-in-needed');
  const signedIn = me.data !== undefined;
  const client = useQueryClient();
  useEffect(() => (signedIn ? watchLive(client) : undefined), [signedIn, client]);

  // Once, with the address of that moment: following the location here would go round in circles.
  useEffect(() => {
    if (!missing) return;
    void router.navigate({ to: '/sign-in', search: { next: router.state.location.href }, replace: true });
  }, [missing, router]);

  if (missing) return null;
  return (
    <Async reading={me}>
      {(person) => (
        <MeContext.Provider value={person}>
          {person.demonstration ? (
            <div className="demo-line" role="note" data-testid="demonstration">
              {narrow ? w.demonstrationShort : w.demonstration}
            </div>
          ) : null}
          <Outlet />
          <SignInDialog me={person} />
        </MeContext.Provider>
      )}
    </Async>
  );
}
