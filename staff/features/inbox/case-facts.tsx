import { App, Button, Input } from 'antd';
import { addCaseNote } from '#shared/case-steps.ts';
import { type CaseView, caseStateLabels } from '#shared/inbox.ts';
import { call } from '../../lib/call.ts';
import { useKeptText } from '../../lib/kept-text.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { To } from '../../ui/to.tsx';
import type { Conversation } from './conversation.ts';
import { factTexts } from './fact-texts.ts';

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
  const lang = useLang();
  return (
    <>
      {view.helpers.map((helper) => (
        <p key={helper.unitId}>
          {fill(w.helper, { unit: helper.unitName })} <span className="quiet">{helper.note}</span>
        </p>
      ))}
      {view.satisfaction ? (
        <p>
          {fill(w.satisfied, { stars: view.satisfaction.stars })}{' '}
          <span className="quiet">{view.satisfaction.note}</span>
        </p>
      ) : null}
      {view.mergedInto ? (
        <p>
          {w.mergedInto} <To href={`/inbox/${view.mergedInto.id}`}>{view.mergedInto.number}</To>
        </p>
      ) : null}
      {view.merged.map((one) => (
        <p key={one.id}>
          {w.merged} <To href={`/inbox/${one.id}`}>{one.title}</To>
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

export function CaseNotes({ view, mayWrite }: { view: CaseView; mayWrite: boolean }) {
  const w = useWords(factTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const sayError = useSayError();
  const { personId } = useMe();
  const draft = useKeptText(`note:${personId}:${view.id}`);
  const add = useAction(
    (note: string) => call(addCaseNote, { params: { caseId: view.id }, body: { text: note } }),
    {
      topics: ['cases'],
      onDone: () => {
        draft.forget();
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
          {note.files.map((file) => (
            <a key={file.id} href={file.url} target="_blank" rel="noopener noreferrer">
              {file.name}
            </a>
          ))}
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
