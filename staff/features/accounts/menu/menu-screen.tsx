import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { type AccountMenu, getAccountMenu, readAccountMenu } from '#shared/menus.ts';
import { useParam } from '../../../lib/address.ts';
import { call } from '../../../lib/call.ts';
import { fill, useLang, useWords } from '../../../lib/language.ts';
import { useAction, useRead } from '../../../lib/query.ts';
import { sayMoment } from '../../../lib/time.ts';
import { Async } from '../../../ui/async.tsx';
import { Page, Section } from '../../../ui/page.tsx';
import { useSayError } from '../../../ui/say-error.ts';
import { StateMark } from '../../../ui/state-mark.tsx';
import { To } from '../../../ui/to.tsx';
import { accountTexts } from '../texts.ts';
import { MenuEditor } from './menu-editor.tsx';
import { MenuPreview } from './menu-preview.tsx';
import { menuTexts } from './texts.ts';
import '../accounts.css';

export function MenuScreen() {
  const w = useWords(menuTexts);
  const account = useWords(accountTexts);
  const accountId = useParam('accountId');
  const menu = useRead(getAccountMenu, ['accounts'], { params: { accountId } });
  return (
    <Page title={w.title} testId="account-menu">
      <p className="quiet">{w.help}</p>
      <Async reading={menu}>
        {(found) => (
          <>
            <MenuEditor accountId={accountId} menu={found} />
            <OnPlatform accountId={accountId} menu={found} />
          </>
        )}
      </Async>
      <To href={`/accounts/${accountId}`}>{account.toAccount}</To>
    </Page>
  );
}

function OnPlatform({ accountId, menu }: { accountId: string; menu: AccountMenu }) {
  const w = useWords(menuTexts);
  const lang = useLang();
  const sayError = useSayError();
  const { mutate, isPending } = useAction(() => call(readAccountMenu, { params: { accountId } }), {
    topics: ['accounts'],
    onFailed: sayError,
  });
  const begun = useRef(false);
  // What publishing would replace is looked at before anything else.
  useEffect(() => {
    if (begun.current || menu.readAt !== null || menu.asked !== null) return;
    begun.current = true;
    mutate(undefined);
  }, [menu, mutate]);
  return (
    <Section
      title={w.onPlatform}
      aside={
        <Button
          loading={isPending || menu.asked === 'read'}
          onClick={() => mutate(undefined)}
          data-testid="menu-read"
        >
          {w.read}
        </Button>
      }
    >
      <div className="line-note" data-testid="menu-state">
        {menu.asked ? (
          <StateMark tone="busy">{menu.asked === 'publish' ? w.publishing : w.reading}</StateMark>
        ) : null}
        {menu.error ? <StateMark tone="bad">{fill(w.failed, { code: menu.error })}</StateMark> : null}
        {menu.readAt ? <span>{fill(w.readAt, { time: sayMoment(menu.readAt, lang) })}</span> : null}
      </div>
      {menu.published === null ? (
        <p className="quiet">{w.neverRead}</p>
      ) : (
        <MenuPreview buttons={menu.published} testId="menu-published" />
      )}
    </Section>
  );
}
