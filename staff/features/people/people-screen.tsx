import { Alert, App, Button, Drawer } from 'antd';
import { useState } from 'react';
import { type Colleague, disablePerson, listColleagues, roleLabel } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { type NewPerson, PersonForm } from './person-form.tsx';
import { peopleTexts } from './texts.ts';

export function PeopleScreen() {
  const w = useWords(peopleTexts);
  const manages = useMay('people.manage');
  const [adding, setAdding] = useState(false);
  const [fresh, setFresh] = useState<NewPerson | null>(null);
  const people = useRead(listColleagues, [], {});
  return (
    <Page
      title={w.title}
      testId="people"
      actions={
        manages ? (
          <Button type="primary" onClick={() => setAdding(true)} data-testid="person-add">
            {w.add}
          </Button>
        ) : null
      }
    >
      {fresh ? <FirstPassword person={fresh} onDone={() => setFresh(null)} /> : null}
      <Async reading={people}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={w.emptyTitle} />
          ) : (
            <ul className="lines">
              {rows.map((person) => (
                <PersonLine
                  key={person.id}
                  person={person}
                  manages={manages}
                  onChanged={() => void people.refetch()}
                />
              ))}
            </ul>
          )
        }
      </Async>
      <Drawer open={adding} onClose={() => setAdding(false)} title={w.add} size={440} destroyOnHidden>
        <PersonForm
          onDone={(person) => {
            setFresh(person);
            setAdding(false);
            void people.refetch();
          }}
        />
      </Drawer>
    </Page>
  );
}

function FirstPassword({ person, onDone }: { person: NewPerson; onDone: () => void }) {
  const w = useWords(peopleTexts);
  return (
    <Alert
      type="success"
      showIcon
      title={
        <span className="row">
          {fill(w.firstPassword, { name: person.name })}
          <code data-testid="first-password">{person.password}</code>
          <CopyButton text={person.password} />
        </span>
      }
      description={w.firstPasswordHelp}
      action={
        <Button size="small" onClick={onDone}>
          {w.done}
        </Button>
      }
    />
  );
}

function PersonLine({
  person,
  manages,
  onChanged,
}: {
  person: Colleague;
  manages: boolean;
  onChanged: () => void;
}) {
  const w = useWords(peopleTexts);
  const lang = useLang();
  const me = useMe();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const disable = useAction(
    (reason: string) => call(disablePerson, { params: { personId: person.id }, body: { reason } }),
    {
      topics: [],
      onDone: () => {
        setAsking(false);
        onChanged();
        void message.success(w.disabledDone);
      },
    },
  );
  return (
    <li className="line" data-testid="person-row">
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
        <Button onClick={() => setAsking(true)} data-testid="person-disable">
          {w.disable}
        </Button>
      ) : null}
      {asking ? (
        <ReasonDialog
          title={fill(w.disableTitle, { name: person.name })}
          explain={w.disableHelp}
          confirm={w.disable}
          danger
          busy={disable.isPending}
          error={disable.error}
          onConfirm={(reason) => disable.mutate(reason)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </li>
  );
}
