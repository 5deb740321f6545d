import { Button } from 'antd';
import { useState } from 'react';
import { signOut } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { FactorSetUp } from './factor-setup.tsx';
import { PasswordForm } from './password-form.tsx';
import { accountTexts } from './texts.ts';

/** What the policy profile asks of me, one step after the other. */
export function Duties({ onDone }: { onDone: () => void }) {
  const w = useWords(accountTexts);
  const me = useMe();
  // As they were at the beginning: reading them again must not move the steps under somebody's hands.
  const [duties] = useState(me.duties);
  const [at, setAt] = useState(0);
  const [password, setPassword] = useState<string>();
  const duty = duties[at];
  const next = () => (at + 1 < duties.length ? setAt(at + 1) : onDone());
  const leave = async () => {
    await call(signOut, undefined, { onSignedOut: 'throw' }).catch(() => undefined);
    window.location.assign('/desk/sign-in');
  };
  return (
    <>
      <p>{fill(w.greeting, { name: me.name })}</p>
      {duties.length > 1 ? <p className="quiet">{fill(w.step, { at: at + 1, of: duties.length })}</p> : null}
      {duty === 'change-password' ? (
        <>
          <h2 className="duty-head">{w.dutyPassword}</h2>
          <p>{w.dutyPasswordHelp}</p>
          <PasswordForm
            onDone={(chosen) => {
              setPassword(chosen);
              next();
            }}
          />
        </>
      ) : null}
      {duty === 'set-up-second-factor' ? (
        <>
          <h2 className="duty-head">{w.dutyFactor}</h2>
          <FactorSetUp replaces={false} password={password} onDone={next} />
        </>
      ) : null}
      <p className="sign-in-other">
        <Button type="link" size="small" onClick={() => void leave()}>
          {w.later}
        </Button>
      </p>
    </>
  );
}
