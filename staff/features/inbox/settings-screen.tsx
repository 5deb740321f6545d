import './inbox.css';
import { App, Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { caseFields, caseKindLabels, caseKinds } from '#shared/inbox.ts';
import {
  type DispatchRule,
  getInboxSettings,
  type InboxSettings,
  putInboxSettings,
} from '#shared/inbox-settings.ts';
import { listColleagues, listUnits } from '#shared/people.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { newKey } from '../../lib/request.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { AnswerSettings } from './answer-settings.tsx';
import { settingsTexts } from './settings-texts.ts';

export function InboxSettingsScreen() {
  const reading = useRead(getInboxSettings, ['none'], {}, { forgetAtOnce: true });
  return (
    <Async reading={reading}>
      {({ revision, settings }) => <SettingsPage key={revision} revision={revision} given={settings} />}
    </Async>
  );
}

/** A word a line; empty lines are none. */
const toWords = (lines: string) =>
  [...new Set(lines.split(/[\n，、,]/).map((word) => word.trim()))].filter(Boolean);

function SettingsPage({ revision, given }: { revision: number; given: InboxSettings }) {
  const w = useWords(settingsTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const mayManage = useMay('inbox.manage');
  const [base, setBase] = useState(revision);
  const [settings, setSettings] = useState(given);
  const [badWords, setBadWords] = useState(given.badWords.join('\n'));
  const [dutyWords, setDutyWords] = useState(given.dutyWords.join('\n'));
  const change = (part: Partial<InboxSettings>) => setSettings({ ...settings, ...part });
  const save = useAction(
    () => {
      const words = { badWords: toWords(badWords), dutyWords: toWords(dutyWords) };
      return call(putInboxSettings, { body: { baseRevision: base, settings: { ...settings, ...words } } });
    },
    {
      topics: ['cases'],
      onDone: (saved) => {
        setBase(saved.revision);
        void message.success(w.saved);
      },
    },
  );
  return (
    <Page
      title={w.title}
      testId="inbox-settings"
      actions={
        mayManage ? (
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate(undefined)}>
            {w.save}
          </Button>
        ) : null
      }
    >
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <Section title={w.levels}>
        <p className="quiet">{w.levelsHelp}</p>
        <div className="handling">
          {caseKinds.map((kind) => (
            <Field key={kind} label={caseKindLabels[kind][lang]}>
              <InputNumber
                min={1}
                max={15}
                disabled={!mayManage}
                value={settings.levels[kind]}
                onChange={(days) => change({ levels: { ...settings.levels, [kind]: days ?? 1 } })}
              />
            </Field>
          ))}
          <Field label={w.triageDays}>
            <InputNumber
              min={1}
              max={5}
              disabled={!mayManage}
              value={settings.triageDays}
              onChange={(days) => change({ triageDays: days ?? 1 })}
            />
          </Field>
          <Field label={w.warnAt}>
            <InputNumber
              min={50}
              max={95}
              disabled={!mayManage}
              value={settings.warnAt}
              onChange={(percent) => change({ warnAt: percent ?? 80 })}
            />
          </Field>
        </div>
      </Section>
      <Rules rules={settings.rules} mayManage={mayManage} onChange={(rules) => change({ rules })} />
      <Duty duty={settings.duty} mayManage={mayManage} onChange={(duty) => change({ duty })} />
      <AnswerSettings settings={settings} mayManage={mayManage} onChange={change} />
      <Section title={w.words}>
        <Field label={w.badWords}>
          <Input.TextArea
            value={badWords}
            disabled={!mayManage}
            autoSize={{ minRows: 3, maxRows: 12 }}
            onChange={(event) => setBadWords(event.target.value)}
          />
        </Field>
        <Field label={w.dutyWords}>
          <Input.TextArea
            value={dutyWords}
            disabled={!mayManage}
            autoSize={{ minRows: 3, maxRows: 12 }}
            onChange={(event) => setDutyWords(event.target.value)}
          />
        </Field>
      </Section>
      <To href="/inbox">{w.backToList}</To>
    </Page>
  );
}

type RulesProps = {
  rules: readonly DispatchRule[];
  mayManage: boolean;
  onChange: (rules: DispatchRule[]) => void;
};

/** The first rule that fits decides; a new one is put last. */
function Rules({ rules, mayManage, onChange }: RulesProps) {
  const w = useWords(settingsTexts);
  const units = useRead(listUnits, [], {});
  const [words, setWords] = useState('');
  const [fields, setFields] = useState<DispatchRule['when']['fields']>([]);
  const [unitId, setUnitId] = useState<string | null>(null);
  const nameOf = (id: string | null) => units.data?.find((unit) => unit.id === id)?.name ?? '';
  const add = () => {
    const when = { words: toWords(words), fields, kinds: [], via: [], accountIds: [] };
    const name = [...when.words, ...when.fields].join('、').slice(0, 60);
    const give = { unitId, ownerId: null, urgency: null };
    onChange([...rules, { id: newKey(), name, when, give }]);
    setWords('');
    setFields([]);
    setUnitId(null);
  };
  return (
    <Section title={w.rules}>
      <p className="quiet">{w.rulesHelp}</p>
      <ol>
        {rules.map((rule) => (
          <li key={rule.id}>
            {fill(w.rule, { name: rule.name, unit: nameOf(rule.give.unitId) })}{' '}
            {mayManage ? (
              <Button
                size="small"
                type="link"
                onClick={() => onChange(rules.filter((one) => one.id !== rule.id))}
              >
                {w.remove}
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
      {mayManage ? (
        <div className="handling">
          <Field label={w.ruleWords}>
            <Input value={words} onChange={(event) => setWords(event.target.value)} />
          </Field>
          <Field label={w.ruleFields}>
            <Select
              mode="multiple"
              value={fields}
              onChange={setFields}
              options={caseFields.map((field) => ({ value: field, label: field }))}
            />
          </Field>
          <Field label={w.ruleUnit}>
            <Select
              value={unitId}
              onChange={(next: string) => setUnitId(next)}
              options={(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.name }))}
            />
          </Field>
          <Button
            disabled={unitId === null || (toWords(words).length === 0 && fields.length === 0)}
            onClick={add}
          >
            {w.addRule}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

type DutyProps = {
  duty: InboxSettings['duty'];
  mayManage: boolean;
  onChange: (duty: InboxSettings['duty']) => void;
};

function Duty({ duty, mayManage, onChange }: DutyProps) {
  const w = useWords(settingsTexts);
  const people = useRead(listColleagues, [], {});
  const days = [w.monday, w.tuesday, w.wednesday, w.thursday, w.friday, w.saturday, w.sunday];
  const options = [
    { value: '', label: w.nobody },
    ...(people.data ?? [])
      .filter((person) => !person.disabled)
      .map((person) => ({ value: person.id, label: person.name })),
  ];
  return (
    <Section title={w.duty}>
      <p className="quiet">{w.dutyHelp}</p>
      <div className="handling">
        {days.map((day, at) => (
          <Field key={day} label={day}>
            <Select
              disabled={!mayManage}
              value={duty.weekdays[at] ?? ''}
              options={options}
              onChange={(next: string) =>
                onChange({
                  ...duty,
                  weekdays: duty.weekdays.map((one, index) => (index === at ? next || null : one)),
                })
              }
            />
          </Field>
        ))}
      </div>
    </Section>
  );
}
