import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { getMe } from '#shared/people.ts';
import { useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { refreshAll } from '../../lib/query.ts';
import { useDocumentTitle } from '../../ui/page.tsx';
import { uiTexts } from '../../ui/texts.ts';
import { Duties } from './duties.tsx';
import './session.css';
import { accountTexts } from './texts.ts';

/**
 * Lets nobody on who must first change a password or set up a second factor: the server would refuse everything. Where a
 * page is open already (an administrator has reset the password meanwhile), the steps lie over it, and what was typed stays.
 */
export function Settled() {
  const me = useMe();
  const client = useQueryClient();
  const due = me.duties.length > 0;
  const [settling, setSettling] = useState(due);
  const [entered, setEntered] = useState(!due);
  // Begun, the steps end by themselves: recovery codes must not vanish because somebody else read the duties again.
  if (due && !settling) setSettling(true);

  const finish = async () => {
    await client.refetchQueries({ queryKey: [getMe.path] });
    setEntered(true);
    setSettling(false);
    refreshAll(client);
  };
  const Frame = entered ? OverPage : AlonePage;
  return (
    <>
      {/* Always in this place: elsewhere React would take the page for another one and begin it anew. */}
      {entered || !settling ? <Outlet /> : null}
      {settling ? (
        <Frame>
          <Duties onDone={() => void finish()} />
        </Frame>
      ) : null}
    </>
  );
}

function AlonePage({ children }: { children: ReactNode }) {
  const w = useWords(accountTexts);
  const ui = useWords(uiTexts);
  useDocumentTitle(w.dutiesTitle);
  return (
    <main className="sign-in">
      <div className="sign-in-card duties-card" data-testid="duties">
        <h1>{ui.brand}</h1>
        {children}
      </div>
    </main>
  );
}

function OverPage({ children }: { children: ReactNode }) {
  const w = useWords(accountTexts);
  return (
    <Modal
      open
      title={w.dutiesTitle}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      // Below the dialog that asks to sign in again.
      zIndex={1900}
      width={560}
    >
      <div data-testid="duties">{children}</div>
    </Modal>
  );
}
