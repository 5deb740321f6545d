import { App, Button } from 'antd';
import { useState } from 'react';
import { type Colleague, disablePerson, resetPassword, roleLabel } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { peopleTexts } from './texts.ts';

type PersonLineProps = {
  person: Colleague;
  manages: boolean;
  onDisabled: () => void;
  onReset: (firstPassword: string) => void;
};

export function PersonLine({ person, manages, onDisabled, onReset }: PersonLineProps) {
  const w = useWords(peopleTexts);
  const lang = useLang();
  const me = useMe();
  const [asking, setAsking] = useState<'disable' | 'reset' | null>(null);
  const close = () => setAsking(null);
  return (
    <li className="line line-wrap" data-testid="person-row">
      <div className="line-main">
        <div className="line-title">
          <strong>{person.name}</strong> <span className="quiet">{person.login}</span>{' '}
          {person.disabled ? <StateMark tone="quiet">{w.disabled}</StateMark> : null}
        </div>
        <div className="line-note">
          {person.memberships.map((one) => (
            <span key={one.unitId + one.role}>
              {one.unitName} · {roleLabel(one.role, lang)}
            </span>
          ))}
        </div>
      </div>
      {manages && !person.disabled && person.id !== me.personId ? (
        <div className="row">
          <Button onClick={() => setAsking('reset')} data-testid="person-reset">
            {w.reset}
          </Button>
          <Button onClick={() => setAsking('disable')} data-testid="person-disable">
            {w.disable}
          </Button>
        </div>
      ) : null}
      {asking === 'disable' ? <DisableDialog person={person} onClose={close} onDone={onDisabled} /> : null}
      {asking === 'reset' ? <ResetDialog person={person} onClose={close} onDone={onReset} /> : null}
    </li>
  );
}

type DialogProps<T> = { person: Colleague; onClose: () => void; onDone: (done: T) => void };

function DisableDialog({ person, onClose, onDone }: DialogProps<void>) {
  const w = useWords(peopleTexts);
  const { message } = App.useApp();
  const disable = useAction(
    (reason: string) => call(disablePerson, { params: { personId: person.id }, body: { reason } }),
    {
      topics: [],
      onDone: () => {
        onClose();
        onDone();
        void message.success(w.disabledDone);
      },
    },
  );
  return (
    <ReasonDialog
      title={fill(w.disableTitle, { name: person.name })}
      explain={w.disableHelp}
      confirm={w.disable}
      danger
      busy={disable.isPending}
      error={disable.error}
      onConfirm={(reason) => disable.mutate(reason)}
      onClose={onClose}
    />
  );
}

function ResetDialog({ person, onClose, onDone }: DialogProps<string>) {
  const w = useWords(peopleTexts);
  const reset = useAction(
    (reason: string) => call(resetPassword, { params: { personId: person.id }, body: { reason } }),
    {
      topics: [],
      onDone: ({ firstPassword }) => {
        onClose();
        onDone(firstPassword);
      },
    },
  );
  return (
    <ReasonDialog
      title={fill(w.resetTitle, { name: person.name })}
      explain={w.resetHelp}
      confirm={w.reset}
      danger
      busy={reset.isPending}
      error={reset.error}
      onConfirm={(reason) => reset.mutate(reason)}
      onClose={onClose}
    />
  );
}
