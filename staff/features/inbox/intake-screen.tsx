import './inbox.css';
import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, Input, Select, Upload } from 'antd';
import { useState } from 'react';
import { type CaseKind, caseChannelLabels, caseKindLabels, caseKinds } from '#shared/inbox.ts';
import {
  everyHandChannel,
  importCases,
  importColumnLabels,
  importColumns,
  neededColumns,
  takeInCase,
} from '#shared/inbox-intake.ts';
import type { RouteReply } from '#shared/route.ts';
import { call, upload } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { saveBlob } from '../../lib/save-file.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { intakeTexts } from './intake-texts.ts';

export function IntakeScreen() {
  const w = useWords(intakeTexts);
  return (
    <Page title={w.title}>
      <div className="columns">
        <div>
          <HandForm />
        </div>
        <div>
          <ImportForm />
        </div>
      </div>
      <To href="/inbox">{w.backToList}</To>
    </Page>
  );
}

function HandForm() {
  const w = useWords(intakeTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [channel, setChannel] = useState<(typeof everyHandChannel)[number]>('visit');
  const [words, setWords] = useState('');
  const [kind, setKind] = useState<CaseKind | null>(null);
  const [name, setName] = useState('');
  const [phone, setPhone] = useState('');
  const [address, setAddress] = useState('');
  const enter = useAction(
    () => call(takeInCase, { body: { channel, text: words.trim(), kind, name, phone, address } }),
    {
      topics: ['cases'],
      onDone: ({ caseId }) => {
        void message.success(w.entered);
        void navigate({ to: `/inbox/${caseId}` });
      },
    },
  );
  return (
    <Section title={w.byHand} testId="intake-hand">
      <div className="handling">
        <Field label={w.channel}>
          <Select
            value={channel}
            onChange={setChannel}
            options={everyHandChannel.map((value) => ({ value, label: caseChannelLabels[value][lang] }))}
          />
        </Field>
        <Field label={w.kind}>
          <Select<CaseKind | ''>
            value={kind ?? ''}
            onChange={(next) => setKind(next === '' ? null : next)}
            options={[
              { value: '' as const, label: w.byWords },
              ...caseKinds.map((value) => ({ value, label: caseKindLabels[value][lang] })),
            ]}
          />
        </Field>
        <Field label={w.words} className="handling-wide">
          <Input.TextArea
            value={words}
            maxLength={5_000}
            autoSize={{ minRows: 4, maxRows: 12 }}
            onChange={(event) => setWords(event.target.value)}
            data-testid="intake-words"
          />
        </Field>
        <Field label={w.name}>
          <Input value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={w.phone}>
          <Input value={phone} maxLength={40} onChange={(event) => setPhone(event.target.value)} />
        </Field>
        <Field label={w.address} className="handling-wide">
          <Input value={address} maxLength={120} onChange={(event) => setAddress(event.target.value)} />
        </Field>
      </div>
      <p className="quiet">{w.sealed}</p>
      <Button
        type="primary"
        disabled={words.trim().length < 2}
        loading={enter.isPending}
        onClick={() => enter.mutate(undefined)}
        data-testid="intake-enter"
      >
        {w.enter}
      </Button>
      {enter.error ? <ErrorNotice error={enter.error} /> : null}
    </Section>
  );
}

/** The template as a csv that a Chinese spreadsheet opens as it is: with a byte order mark. */
function downloadTemplate(name: string): void {
  const head = importColumns.map((column) => importColumnLabels[column].zh).join(',');
  saveBlob(name, new Blob([`\uFEFF${head}\r\n`], { type: 'text/csv' }));
}

function ImportForm() {
  const w = useWords(intakeTexts);
  const lang = useLang();
  const [result, setResult] = useState<RouteReply<typeof importCases> | null>(null);
  const take = useAction((file: File) => upload(importCases, file, file.name), {
    topics: ['cases'],
    onDone: setResult,
  });
  return (
    <Section title={w.list} testId="intake-list">
      <p>
        {fill(w.listHelp, { columns: neededColumns.map((one) => importColumnLabels[one][lang]).join('、') })}
      </p>
      <div className="row">
        <Upload
          accept=".csv,.xlsx"
          showUploadList={false}
          beforeUpload={(file) => {
            setResult(null);
            take.mutate(file);
            return false;
          }}
        >
          <Button loading={take.isPending} data-testid="intake-file">
            {w.chooseFile}
          </Button>
        </Upload>
        <Button type="link" onClick={() => downloadTemplate(w.templateFile)}>
          {w.template}
        </Button>
      </div>
      {take.error ? <ErrorNotice error={take.error} /> : null}
      {result ? <ImportResult result={result} /> : null}
    </Section>
  );
}

function ImportResult({ result }: { result: RouteReply<typeof importCases> }) {
  const w = useWords(intakeTexts);
  const lang = useLang();
  const { imported, known, problems } = result;
  if (problems.length === 0) {
    return (
      <Alert
        type="success"
        showIcon
        title={fill(w.imported, { count: imported })}
        description={known.length > 0 ? `${fill(w.known, { count: known.length })}${known.join('、')}` : null}
        data-testid="import-done"
      />
    );
  }
  return (
    <div data-testid="import-problems">
      <Alert type="error" showIcon title={fill(w.refused, { count: problems.length })} />
      <ul className="log">
        {problems.map((one) => (
          <li key={`${one.line}${one.column}${one.problem.en}`}>
            <strong className="number">{fill(w.line, { line: one.line })}</strong> {one.column}：
            {one.problem[lang]}
          </li>
        ))}
      </ul>
    </div>
  );
}
