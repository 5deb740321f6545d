import { Button, Spin } from 'antd';
import { useEffect, useRef } from 'react';
import { beginSignIn } from '#shared/accounts.ts';
import { useParam } from '../../lib/address.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Page } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { accountTexts } from './texts.ts';

/** Where a warning leads: on to the platform's consent page without another click. */
export function GrantScreen() {
  const w = useWords(accountTexts);
  const accountId = useParam('accountId');
  const begun = useRef(false);
  const { mutate, error } = useAction(() => call(beginSignIn, { params: { accountId } }), {
    topics: ['accounts'],
    onDone: ({ authorizeUrl }) => window.location.assign(authorizeUrl),
  });
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    mutate(undefined);
  }, [mutate]);
  return (
    <Page title={w.signIn} testId="grant">
      {error ? (
        <>
          <ErrorNotice error={error} action={<Button onClick={() => mutate(undefined)}>{w.signIn}</Button>} />
          <To href={`/accounts/${accountId}`}>{w.toAccount}</To>
        </>
      ) : (
        <p className="row">
          <Spin size="small" /> {w.leading}
        </p>
      )}
    </Page>
  );
}
