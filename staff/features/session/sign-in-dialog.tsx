import { useQueryClient } from '@tanstack/react-query';
import { Alert, Modal } from 'antd';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { getMe, type Me } from '#shared/people.ts';
import { fill, useWords } from '../../lib/language.ts';
import { isSignInNeeded, letThrough, onGateChange, returnFocus } from '../../lib/session-gate.ts';
import { SignInForm } from './sign-in-form.tsx';
import { sessionTexts } from './texts.ts';

/** Lies over the page when the session has ended; the page below stays as it is. */
export function SignInDialog({ me }: { me: Me }) {
  const w = useWords(sessionTexts);
  const client = useQueryClient();
  const open = useSyncExternalStore(onGateChange, isSignInNeeded);
  const [wrongPerson, setWrongPerson] = useState(false);
  // Signed in, but a duty comes first (the password was reset meanwhile): what waits would only be refused now.
  const [held, setHeld] = useState(false);
  const settled = me.duties.length === 0;
  useEffect(() => {
    if (!held || !settled) return;
    setHeld(false);
    letThrough();
  }, [held, settled]);

  const go = (again: Me) => {
    // The texts on the page belong to `me`; another person must not send them under their own name.
    if (again.personId !== me.personId) return setWrongPerson(true);
    setWrongPerson(false);
    client.setQueryData([getMe.path], again);
    if (again.duties.length > 0) setHeld(true);
    else letThrough();
  };

  return (
    <Modal
      open={open && !held}
      title={w.again}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      destroyOnHidden
      zIndex={2000}
      width={420}
      focusable={{ focusTriggerAfterClose: false }}
      afterClose={returnFocus}
    >
      <p data-testid="sign-in-dialog">{w.againHelp}</p>
      {wrongPerson ? <Alert type="warning" showIcon title={fill(w.otherPerson, { name: me.name })} /> : null}
      <SignInForm fixedLogin={me.login} onSignedIn={go} />
      <p className="quiet sign-in-other">
        <a href="/desk/sign-in">{w.someoneElse}</a>
        {w.someoneElseHelp}
      </p>
    </Modal>
  );
}
