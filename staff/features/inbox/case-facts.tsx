import { App, Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { addCaseNote, dispatchCase } from '#shared/case-steps.ts';
import { type CaseView, caseStateLabels } from '#shared/inbox.ts';
import type { CaseFile } from '#shared/sent-files.ts';
import { call } from '../../lib/call.ts';
import { useKeptText } from '../../lib/kept-text.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { To } from '../../ui/to.tsx';
import { CaseFiles, NoteFiles } from './case-files.tsx';
import type { Conversation } from './conversation.ts';
import { factTexts } from './fact-texts.ts';
import { stepTexts } from './step-texts.ts';

/** Where the words came from and how the person is reached. */
export function ConversationFacts({ conversation }: { conversation: Conversation }) {
  const w = useWords(factTexts);
  const { source, contact, pageUrl, receipt } = conversation;
  return (
    <>
      {source ? <p className="quiet number">{fill(w.source, source)}</p> : null}
      {receipt ? <p className="quiet number">{fill(w.receipt, { receipt })}</p> : null}
      {pageUrl ? (
        <p className="quiet">
          {w.page}
          <a href={pageUrl} target="_blank" rel="noopener noreferrer">
            {pageUrl}
          </a>
        </p>
      ) : null}
      {contact ? (
        <p data-testid="contact">
          {w.contact}
          {[contact.name, contact.phone, contact.address].filter(Boolean).join(' · ')}
        </p>
      ) : null}
    </>
  );
}

/** Helpers, what was merged, earlier cases of the same person, satisfaction. */
export function CaseRelations({ view }: { view: CaseView }) {
  const w = useWords(factTexts);
  const mayDispatch = useMay('inbox.dispatch');
  const lang = useLang();
  return (
    <>
      {view.helpers.map((helper) => (
        <p key={helper.unitId}>
          {fill(w.helper, { unit: helper.unitName })} <span className="quiet">{helper.note}</span>{' '}
          {mayDispatch && view.state !== 'closed' ? (
            <RemoveHelper caseId={view.id} unitId={helper.unitId} />
          ) : null}
        </p>
      ))}
      {view.satisfaction ? (
        <p>
          {fill(w.satisfied, {
            stars: view.satisfaction.stars,
            word: [w.rated1, w.rated2, w.rated3, w.rated4, w.rated5][view.satisfaction.stars - 1] ?? '',
          })}{' '}
          <span className="quiet">{view.satisfaction.note}</span>
        </p>
      ) : null}
      {view.mergedInto ? (
        <p>
          {w.mergedInto} <OtherCase one={view.mergedInto} />
        </p>
      ) : null}
      {view.merged.map((one) => (
        <p key={one.id}>
          {w.merged} <OtherCase one={one} />
        </p>
      ))}
      {view.earlier.length > 0 ? (
        <>
          <h3>{w.earlier}</h3>
          <ul className="log" data-testid="earlier">
            {view.earlier.map((one) => (
              <li key={one.id}>
                <span className="quiet number">{sayMoment(one.receivedAt, lang)}</span>{' '}
                <To href={`/inbox/${one.id}`}>{one.title}</To>{' '}
                <span className="quiet">{caseStateLabels[one.state][lang]}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

function OtherCase({ one }: { one: { id: string; number: string; title: string } }) {
  return (
    <To href={`/inbox/${one.id}`} testId="other-case">
      <span className="number">{one.number}</span> {one.title}
    </To>
  );
}

function RemoveHelper({ caseId, unitId }: { caseId: string; unitId: string }) {
  const w = useWords(stepTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const remove = useAction(
    () => call(dispatchCase, { params: { caseId }, body: { step: 'remove-helper', unitId } }),
    { topics: ['cases'], onDone: () => void message.success(w.done), onFailed: sayError },
  );
  return (
    <Popconfirm
      title={w['remove-helper']}
      description={w['remove-helper-help']}
      okText={w.confirm}
      cancelText={w.cancel}
      okButtonProps={{ 'data-testid': 'helper-remove-confirm' }}
      onConfirm={() => remove.mutate(undefined)}
    >
      <Button size="small" type="link" loading={remove.isPending} data-testid="helper-remove">
        {w['remove-helper']}
      </Button>
    </Popconfirm>
  );
}

export function CaseNotes({ view, mayWrite }: { view: CaseView; mayWrite: boolean }) {
  const w = useWords(factTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const sayError = useSayError();
  const { personId } = useMe();
  const draft = useKeptText(`note:${personId}:${view.id}`);
  const [files, setFiles] = useState<readonly CaseFile[]>([]);
  const add = useAction(
    (note: string) =>
      call(addCaseNote, {
        params: { caseId: view.id },
        body: { text: note, fileIds: files.map(({ id }) => id) },
      }),
    {
      topics: ['cases'],
      onDone: () => {
        draft.forget();
        setFiles([]);
        void message.success(w.noted);
      },
      onFailed: sayError,
    },
  );
  if (!mayWrite && view.notes.length === 0) return null;
  return (
    <Section title={w.notes} testId="notes">
      {view.notes.map((note) => (
        <div key={note.id} className="note">
          <div className="quiet">
            {note.byName} <span className="number">{sayMoment(note.at, lang)}</span>
          </div>
          <p className="prose">{note.text}</p>
          <CaseFiles files={note.files} />
        </div>
      ))}
      {mayWrite ? (
        <>
          <Input.TextArea
            value={draft.text}
            aria-label={w.notes}
            placeholder={w.noteHint}
            maxLength={2_000}
            autoSize={{ minRows: 2, maxRows: 8 }}
            onChange={(event) => draft.setText(event.target.value)}
            data-testid="note-text"
          />
          <NoteFiles files={files} onChange={setFiles} />
          <Button
            size="small"
            className="note-add"
            disabled={draft.text.trim() === ''}
            loading={add.isPending}
            onClick={() => add.mutate(draft.text.trim())}
            data-testid="note-add"
          >
            {w.addNote}
          </Button>
        </>
      ) : null}
    </Section>
  );
}
