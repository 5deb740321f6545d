import { Alert, App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import { type Digest, getDigest, putDigest, signDigest } from '#shared/insight.ts';
import { useParam } from '../../lib/address.ts';
import { call } from '../../lib/call.ts';
import { useKeptValue } from '../../lib/kept-text.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay, useMe } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { DigestFiles } from './digest-files.tsx';
import { Parts } from './parts.tsx';
import { digestTexts } from './texts.ts';

export function DigestScreen() {
  const digestId = useParam('digestId');
  const reading = useRead(getDigest, ['insight'], { params: { digestId } });
  return <Async reading={reading}>{(digest) => <DigestPage key={digest.id} digest={digest} />}</Async>;
}

/** What a person changed and has not saved; null: nothing. */
const Edit = z.object({
  baseRevision: z.number(),
  title: z.string(),
  texts: z.record(z.string(), z.string()),
});
type Edit = z.infer<typeof Edit>;

function DigestPage({ digest }: { digest: Digest }) {
  const w = useWords(digestTexts);
  const lang = useLang();
  const mayEdit = useMay('inbox.supervise');
  const { personId } = useMe();
  const kept = useKeptValue<Edit | null>(
    `digest:${personId}:${digest.id}`,
    null,
    (value) => Edit.safeParse(value).success,
  );
  const edit = kept.value;
  const texts = edit?.texts ?? Object.fromEntries(digest.sections.map((one) => [one.key, one.text]));
  const title = edit?.title ?? digest.title;
  const change = (next: Partial<Pick<Edit, 'title' | 'texts'>>) =>
    kept.setValue({ baseRevision: edit?.baseRevision ?? digest.revision, title, texts, ...next });
  return (
    <Page
      title={digest.title}
      testId="digest"
      aside={
        <StateMark tone={digest.signedAt ? 'good' : 'calm'} testId="digest-state">
          {digest.signedAt ? w.signed : w.draft}
        </StateMark>
      }
      actions={mayEdit && !digest.signedAt && !edit ? <SignButton digest={digest} /> : null}
    >
      <Parts here="digests" />
      {digest.signedAt ? (
        <p className="quiet digest-hash" data-testid="digest-signature">
          {fill(w.signedBy, { name: digest.signedByName ?? '', time: sayMoment(digest.signedAt, lang) })} ·{' '}
          {w.hash} <span className="number">{digest.textHash}</span>
        </p>
      ) : null}
      {edit && edit.baseRevision !== digest.revision ? (
        <Alert type="warning" showIcon title={w.movedOn} />
      ) : edit && digest.signedAt ? (
        <Alert type="warning" showIcon title={w.voids} />
      ) : null}
      {mayEdit ? (
        <>
          <Field label={w.titleLabel} className="digest-text">
            <Input
              value={title}
              maxLength={100}
              onChange={(event) => change({ title: event.target.value })}
            />
          </Field>
          {digest.sections.map((section) => (
            <Field key={section.key} label={<strong>{section.title}</strong>} className="digest-text">
              <Input.TextArea
                value={texts[section.key] ?? ''}
                maxLength={20_000}
                autoSize={{ minRows: 3, maxRows: 24 }}
                onChange={(event) => change({ texts: { ...texts, [section.key]: event.target.value } })}
                data-testid={`digest-${section.key}`}
              />
            </Field>
          ))}
          <SaveRow digest={digest} edit={edit} onSaved={kept.forget} />
        </>
      ) : (
        digest.sections.map((section) => (
          <Section key={section.key} title={section.title}>
            <p className="prose digest-text">{section.text}</p>
          </Section>
        ))
      )}
      {edit ? <p className="quiet">{w.unsavedFirst}</p> : <DigestFiles digest={digest} />}
      <To href="/insight/digests">{w.back}</To>
    </Page>
  );
}

function SaveRow({ digest, edit, onSaved }: { digest: Digest; edit: Edit | null; onSaved: () => void }) {
  const w = useWords(digestTexts);
  const { message } = App.useApp();
  const save = useAction(
    ({ baseRevision, title, texts }: Edit) =>
      call(putDigest, {
        params: { digestId: digest.id },
        body: {
          baseRevision,
          title,
          sections: digest.sections.map((one) => ({ ...one, text: texts[one.key] ?? one.text })),
        },
      }),
    {
      topics: ['insight'],
      onDone: ({ masked }) => {
        onSaved();
        void message.success(masked > 0 ? fill(w.savedMasked, { count: masked }) : w.saved);
      },
    },
  );
  if (!edit) return null;
  return (
    <>
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <div className="row insight-row">
        <Button
          type="primary"
          loading={save.isPending}
          disabled={edit.baseRevision !== digest.revision || edit.title.trim() === ''}
          onClick={() => save.mutate(edit)}
          data-testid="digest-save"
        >
          {w.save}
        </Button>
        <Button onClick={onSaved} disabled={save.isPending}>
          {w.discard}
        </Button>
        <span className="quiet">{w.keptHere}</span>
      </div>
    </>
  );
}

function SignButton({ digest }: { digest: Digest }) {
  const w = useWords(digestTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const [open, setOpen] = useState(false);
  const sign = useAction(
    () => call(signDigest, { params: { digestId: digest.id }, body: { revision: digest.revision } }),
    {
      topics: ['insight'],
      onDone: () => void message.success(w.signDone),
      onFailed: (error) => {
        setOpen(false);
        sayError(error);
      },
    },
  );
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)} data-testid="digest-sign">
        {w.sign}
      </Button>
      <Modal
        open={open}
        title={w.signTitle}
        okText={w.sign}
        cancelText={w.cancel}
        okButtonProps={{ loading: sign.isPending, 'data-testid': 'digest-sign-confirm' }}
        onOk={() => sign.mutate(undefined)}
        onCancel={() => setOpen(false)}
      >
        <p>{w.signHelp}</p>
      </Modal>
    </>
  );
}
