import { Alert, Button, Drawer } from 'antd';
import { useState } from 'react';
import { listColleagues } from '#shared/people.ts';
import { fill, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useRead } from '../../lib/query.ts';
import { Async } from '../../ui/async.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { PersonForm } from './person-form.tsx';
import { PersonLine } from './person-line.tsx';
import { peopleTexts } from './texts.ts';
import { UnitsPanel } from './units-panel.tsx';

/** A password that is shown once: of somebody new, or reset. */
type Fresh = { name: string; password: string; isReset: boolean };

export function PeopleScreen() {
  const w = useWords(peopleTexts);
  const manages = useMay('people.manage');
  const [adding, setAdding] = useState(false);
  const [fresh, setFresh] = useState<Fresh | null>(null);
  const people = useRead(listColleagues, [], {});
  const show = (password: Fresh) => {
    setFresh(password);
    window.scrollTo({ top: 0 });
  };
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
      {fresh ? <FirstPassword fresh={fresh} onDone={() => setFresh(null)} /> : null}
      <Section title={w.list}>
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
                    onDisabled={() => void people.refetch()}
                    onReset={(password) => show({ name: person.name, password, isReset: true })}
                  />
                ))}
              </ul>
            )
          }
        </Async>
      </Section>
      <UnitsPanel manages={manages} />
      <Drawer open={adding} onClose={() => setAdding(false)} title={w.add} size={440} destroyOnHidden>
        <PersonForm
          onDone={(person) => {
            show({ ...person, isReset: false });
            setAdding(false);
            void people.refetch();
          }}
        />
      </Drawer>
    </Page>
  );
}

function FirstPassword({ fresh, onDone }: { fresh: Fresh; onDone: () => void }) {
  const w = useWords(peopleTexts);
  return (
    <Alert
      type="success"
      showIcon
      title={
        <span className="row">
          {fill(fresh.isReset ? w.resetDone : w.firstPassword, { name: fresh.name })}
          <code data-testid="first-password">{fresh.password}</code>
          <CopyButton text={fresh.password} />
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
