import { App, Button } from 'antd';
import { useState } from 'react';
import { type MyAccount, removeSecondFactor, renewRecoveryCodes } from '#shared/my-account.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { FactorSetUp } from './factor-setup.tsx';
import { type Proof, ProveForm } from './prove-form.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { accountTexts } from './texts.ts';

type Doing = 'set-up' | 'renew' | 'remove' | null;
/** From here on new ones should be made. */
const fewCodes = 3;

export function FactorPanel({ account, onChanged }: { account: MyAccount; onChanged: () => void }) {
  const w = useWords(accountTexts);
  const { message } = App.useApp();
  const [doing, setDoing] = useState<Doing>(null);
  const { secondFactor: factor } = account;
  const finish = () => {
    setDoing(null);
    void message.success(w.saved);
    onChanged();
  };
  return (
    <Section title={w.factor} testId="second-factor">
      <FactorState account={account} />
      {doing === null ? (
        <div className="row">
          <Button onClick={() => setDoing('set-up')} data-testid="factor-set-up">
            {factor ? w.replaceFactor : w.setUpFactor}
          </Button>
          {factor ? <Button onClick={() => setDoing('renew')}>{w.renewCodes}</Button> : null}
          {factor && !account.secondFactorRequired ? (
            <Button onClick={() => setDoing('remove')}>{w.removeFactor}</Button>
          ) : null}
        </div>
      ) : (
        <>
          {doing === 'set-up' ? <FactorSetUp replaces={factor !== null} onDone={finish} /> : null}
          {doing === 'renew' ? <Renew onDone={finish} /> : null}
          {doing === 'remove' ? <Remove onDone={finish} /> : null}
          <p>
            <Button type="link" size="small" onClick={() => setDoing(null)}>
              {w.notNow}
            </Button>
          </p>
        </>
      )}
    </Section>
  );
}

function FactorState({ account: { secondFactor: factor, secondFactorRequired } }: { account: MyAccount }) {
  const w = useWords(accountTexts);
  const lang = useLang();
  if (!factor)
    return (
      <p>
        <StateMark tone={secondFactorRequired ? 'warn' : 'quiet'}>{w.factorOff}</StateMark>
      </p>
    );
  const left = factor.recoveryCodesLeft;
  return (
    <p className="row">
      <StateMark tone="good">{fill(w.factorOn, { time: sayMoment(factor.since, lang) })}</StateMark>
      <StateMark tone={left <= fewCodes ? 'warn' : 'quiet'}>{fill(w.codesLeft, { count: left })}</StateMark>
    </p>
  );
}

const withCode = ({ password, code = '' }: Proof) => ({ password, code });

function Renew({ onDone }: { onDone: () => void }) {
  const w = useWords(accountTexts);
  const renew = useAction((proof: Proof) => call(renewRecoveryCodes, { body: withCode(proof) }), {
    topics: [],
  });
  if (renew.data) return <RecoveryCodes codes={renew.data.recoveryCodes} onDone={onDone} />;
  return (
    <ProveForm
      explain={w.renewHelp}
      confirm={w.renewCodes}
      withCode
      busy={renew.isPending}
      error={renew.error}
      onProve={(proof) => renew.mutate(proof)}
    />
  );
}

function Remove({ onDone }: { onDone: () => void }) {
  const w = useWords(accountTexts);
  const remove = useAction((proof: Proof) => call(removeSecondFactor, { body: withCode(proof) }), {
    topics: [],
    onDone,
  });
  return (
    <ProveForm
      explain={w.removeHelp}
      confirm={w.removeFactor}
      withCode
      danger
      busy={remove.isPending}
      error={remove.error}
      onProve={(proof) => remove.mutate(proof)}
    />
  );
}
