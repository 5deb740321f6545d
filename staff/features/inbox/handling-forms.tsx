import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { passCase } from '#shared/case-steps.ts';
import {
  assignCase,
  type CaseKind,
  type CaseView,
  caseFields,
  caseKindLabels,
  caseKinds,
  classifyCase,
} from '#shared/inbox.ts';
import { listColleagues, listUnits, may } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Field } from '../../ui/field.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { inboxTexts } from './texts.ts';

type CaseField = (typeof caseFields)[number];

export function ClassForm({ view }: { view: CaseView }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const sayError = useSayError();
  const classify = useAction(
    (body: { kind: CaseKind; field: CaseField | null }) =>
      call(classifyCase, { params: { caseId: view.id }, body }),
    { topics: ['cases'], onDone: () => void message.success(w.classified), onFailed: sayError },
  );
  const field = caseFields.find((one) => one === view.field) ?? null;
  return (
    <div className="handling">
      <Field label={w.kind}>
        <Select<CaseKind>
          value={view.kind}
          loading={classify.isPending}
          onChange={(kind) => classify.mutate({ kind, field })}
          options={caseKinds.map((kind) => ({ value: kind, label: caseKindLabels[kind][lang] }))}
          data-testid="case-kind"
        />
      </Field>
      <Field label={w.field}>
        <Select<CaseField>
          value={field}
          placeholder={w.choose}
          loading={classify.isPending}
          onChange={(next) => classify.mutate({ kind: view.kind, field: next ?? null })}
          options={caseFields.map((one) => ({ value: one, label: one }))}
          data-testid="case-field"
        />
      </Field>
    </div>
  );
}

const toChoice = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });

/** Until the list is there, what is chosen already: else its id would stand for its name. */
const known = (id: string | null, name: string | null) => (id && name ? [toChoice({ id, name })] : []);

/** Within the section that has it: a chief gives it to a colleague, a colleague takes it. */
export function PassForm({ view }: { view: CaseView }) {
  const w = useWords(inboxTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const people = useRead(listColleagues, [], {}, { enabled: useMay('people.read') });
  const [chosen, setChosen] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const pass = useAction(
    (ownerId: string) =>
      call(passCase, { params: { caseId: view.id }, body: { ownerId, note: note.trim() } }),
    {
      topics: ['cases'],
      onDone: () => {
        setChosen(null);
        setNote('');
        void message.success(w.assigned);
      },
      onFailed: sayError,
    },
  );
  const able = (people.data ?? []).filter(
    ({ disabled, memberships }) =>
      !disabled && memberships.some((one) => one.unitId === view.unitId && may([one.role], 'inbox.answer')),
  );
  return (
    <div className="handling">
      <Field label={w.passTo}>
        <Select
          value={chosen ?? view.ownerId}
          placeholder={w.choose}
          onChange={setChosen}
          options={people.data ? able.map(toChoice) : known(view.ownerId, view.ownerName)}
          data-testid="pass-owner"
        />
      </Field>
      {chosen === null || chosen === view.ownerId ? null : (
        <>
          <Field label={w.note} className="handling-wide">
            <Input value={note} maxLength={300} onChange={(event) => setNote(event.target.value)} />
          </Field>
          <Button loading={pass.isPending} onClick={() => pass.mutate(chosen)} data-testid="pass">
            {w.pass}
          </Button>
        </>
      )}
    </div>
  );
}

export function AssignForm({ view }: { view: CaseView }) {
  const w = useWords(inboxTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const mayRead = useMay('people.read');
  const units = useRead(listUnits, [], {}, { enabled: mayRead });
  const people = useRead(listColleagues, [], {}, { enabled: mayRead });
  /** What is chosen anew; null: as it is. */
  const [chosen, setChosen] = useState<{ unitId: string; ownerId: string | null } | null>(null);
  const [note, setNote] = useState('');
  const unitId = chosen?.unitId ?? view.unitId;
  const ownerId = chosen ? chosen.ownerId : view.ownerId;
  const assign = useAction(
    (next: { unitId: string; ownerId: string | null }) =>
      call(assignCase, { params: { caseId: view.id }, body: { ...next, note: note.trim() } }),
    {
      topics: ['cases'],
      onDone: () => {
        setChosen(null);
        setNote('');
        void message.success(w.assigned);
      },
      onFailed: sayError,
    },
  );
  const able = (people.data ?? []).filter(
    (person) =>
      !person.disabled &&
      (person.id === view.ownerId || person.memberships.some((one) => one.unitId === unitId)),
  );
  return (
    <div className="handling">
      <Field label={w.unit}>
        <Select
          value={unitId}
          placeholder={w.choose}
          popupMatchSelectWidth={false}
          onChange={(next: string) => setChosen({ unitId: next, ownerId: null })}
          options={units.data ? units.data.map(toChoice) : known(view.unitId, view.unitName)}
          data-testid="assign-unit"
        />
      </Field>
      <Field label={w.owner}>
        <Select
          value={ownerId ?? ''}
          disabled={unitId === null}
          onChange={(next: string) => unitId && setChosen({ unitId, ownerId: next === '' ? null : next })}
          options={[
            { value: '', label: w.noPerson },
            ...(people.data ? able.map(toChoice) : known(view.ownerId, view.ownerName)),
          ]}
          data-testid="assign-owner"
        />
      </Field>
      {chosen ? (
        <>
          <Field label={w.note} className="handling-wide">
            <Input value={note} maxLength={300} onChange={(event) => setNote(event.target.value)} />
          </Field>
          <Button loading={assign.isPending} onClick={() => assign.mutate(chosen)} data-testid="assign">
            {w.assign}
          </Button>
        </>
      ) : null}
    </div>
  );
}
