import './knowledge.css';
import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, Input, Select } from 'antd';
import { caseFields } from '#shared/inbox.ts';
import {
  createKnowledge,
  getKnowledge,
  KnowledgeContent,
  type KnowledgeView,
  knowledgeStateLabels,
  moveKnowledge,
  saveKnowledge,
} from '#shared/knowledge.ts';
import { listUnits } from '#shared/people.ts';
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
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { EntryMarks } from './entry-marks.tsx';
import { knowledgeTexts } from './texts.ts';

const blank: KnowledgeContent = {
  ...{ question: '', answer: '', basis: '', appliesTo: '', region: '', field: null },
  ...{ validFrom: null, validTo: null, reviewOn: null, unitId: null },
};

export function NewKnowledgeScreen() {
  const w = useWords(knowledgeTexts);
  const mayAnswer = useMay('inbox.answer');
  return (
    <Page title={w.newTitle} testId="knowledge-new">
      <Section title={w.newTitle}>
        {mayAnswer ? <EntryForm view={null} /> : <p className="quiet">{w.mayNotWrite}</p>}
      </Section>
      <To href="/inbox/knowledge">{w.back}</To>
    </Page>
  );
}

export function KnowledgeScreen() {
  const entryId = useParam('entryId');
  const reading = useRead(getKnowledge, ['cases'], { params: { entryId } });
  return (
    <Async reading={reading}>{(view) => <EntryPage key={`${view.id}${view.version}`} view={view} />}</Async>
  );
}

function EntryPage({ view }: { view: KnowledgeView }) {
  const w = useWords(knowledgeTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const mayAnswer = useMay('inbox.answer');
  const to = view.state === 'in-use' ? 'retired' : 'in-use';
  const move = useAction(() => call(moveKnowledge, { params: { entryId: view.id }, body: { state: to } }), {
    topics: ['cases'],
    onDone: () => void message.success(w.moved),
  });
  return (
    <Page
      title={view.question}
      testId="knowledge"
      aside={
        <>
          <StateMark tone={view.state === 'in-use' ? 'good' : 'quiet'}>
            {knowledgeStateLabels[view.state][lang]}
          </StateMark>
          <EntryMarks entry={view} />
        </>
      }
      actions={
        mayAnswer ? (
          <Button
            loading={move.isPending}
            onClick={() => move.mutate(undefined)}
            data-testid="knowledge-move"
          >
            {to === 'in-use' ? w.putToUse : w.retire}
          </Button>
        ) : null
      }
    >
      {move.error ? <ErrorNotice error={move.error} /> : null}
      {view.basisMissing && mayAnswer ? (
        <Alert type="warning" showIcon title={w.basisNeeded} data-testid="basis-needed" />
      ) : null}
      <div className="columns">
        <div>
          <Section title={w.title}>
            {mayAnswer ? <EntryForm view={view} /> : <p className="kb-answer">{view.answer}</p>}
          </Section>
        </div>
        <div>
          <Section title={w.usedIn} testId="knowledge-uses">
            {view.usedIn.length === 0 ? <p className="quiet">{w.usedNone}</p> : null}
            <ul className="log">
              {view.usedIn.map((use) => (
                <li key={`${use.caseId}${use.at}`}>
                  <To href={`/inbox/${use.caseId}`}>
                    {fill(w.usedLine, { number: use.caseNumber, version: use.version })}
                  </To>{' '}
                  {use.version < view.version ? <StateMark tone="warn">{w.usedOlder}</StateMark> : null}
                  <EntryMarks entry={view} />
                </li>
              ))}
            </ul>
          </Section>
          <Section title={w.versions}>
            {view.versions.map((one) => (
              <details key={one.version}>
                <summary>
                  {fill(w.versionLine, {
                    version: one.version,
                    name: one.byName,
                    time: sayMoment(one.at, lang),
                  })}
                </summary>
                <p className="kb-answer">{one.content.answer}</p>
                {one.content.basis ? <p className="quiet">{one.content.basis}</p> : null}
              </details>
            ))}
          </Section>
        </div>
      </div>
      <To href="/inbox/knowledge">{w.back}</To>
    </Page>
  );
}

function EntryForm({ view }: { view: KnowledgeView | null }) {
  const w = useWords(knowledgeTexts);
  const { personId } = useMe();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const units = useRead(listUnits, [], {});
  const start = view ? KnowledgeContent.parse(view) : blank;
  const key = view ? `knowledge:${personId}:${view.id}:${view.version}` : `knowledge:${personId}:new`;
  const kept = useKeptValue<KnowledgeContent>(
    key,
    start,
    (value) => typeof value === 'object' && value !== null && 'question' in value,
  );
  const content = kept.value;
  const set = (change: Partial<KnowledgeContent>) => kept.setValue({ ...content, ...change });
  const ready = KnowledgeContent.safeParse(content).success;
  const changed = JSON.stringify(content) !== JSON.stringify(start);
  const save = useAction(
    async () => {
      if (view === null) return (await call(createKnowledge, { body: content })).entryId;
      const body = { baseVersion: view.version, content };
      await call(saveKnowledge, { params: { entryId: view.id }, body });
      return view.id;
    },
    {
      topics: ['cases'],
      onDone: (entryId) => {
        kept.forget();
        void message.success(w.saved);
        if (view === null) void navigate({ to: `/inbox/knowledge/${entryId}` as string });
      },
    },
  );
  return (
    <>
      <Field label={w.question}>
        <Input.TextArea
          value={content.question}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 5 }}
          onChange={(event) => set({ question: event.target.value })}
          data-testid="knowledge-question"
        />
      </Field>
      <Field label={w.answer}>
        <Input.TextArea
          value={content.answer}
          maxLength={4_000}
          autoSize={{ minRows: 5, maxRows: 16 }}
          onChange={(event) => set({ answer: event.target.value })}
          data-testid="knowledge-answer"
        />
      </Field>
      {(['basis', 'appliesTo', 'region'] as const).map((part) => (
        <Field key={part} label={w[part]}>
          <Input
            value={content[part]}
            data-testid={`knowledge-${part}`}
            maxLength={part === 'basis' ? 1_000 : 100}
            onChange={(event) => set({ [part]: event.target.value })}
          />
        </Field>
      ))}
      <div className="kb-dates">
        <Field label={w.field}>
          <Select
            allowClear
            value={content.field ?? undefined}
            onChange={(value) => set({ field: value ?? null })}
            options={caseFields.map((value) => ({ value, label: value }))}
          />
        </Field>
        <Field label={w.unit}>
          <Select
            allowClear
            value={content.unitId ?? undefined}
            onChange={(value) => set({ unitId: value ?? null })}
            options={(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.name }))}
          />
        </Field>
        {(['validFrom', 'validTo', 'reviewOn'] as const).map((part) => (
          <Field key={part} label={w[part]}>
            <Input
              type="date"
              value={content[part] ?? ''}
              onChange={(event) => set({ [part]: event.target.value || null })}
              data-testid={`knowledge-${part}`}
            />
          </Field>
        ))}
      </div>
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <Button
        type="primary"
        disabled={!ready || !changed}
        loading={save.isPending}
        onClick={() => save.mutate(undefined)}
        data-testid="knowledge-save"
      >
        {view ? w.save : w.create}
      </Button>
    </>
  );
}
