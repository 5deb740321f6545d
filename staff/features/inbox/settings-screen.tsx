import './inbox.css';
import { App, Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { caseKindLabels, caseKinds } from '#shared/inbox.ts';
import { getInboxSettings, type InboxSettings, putInboxSettings } from '#shared/inbox-settings.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { To } from '../../ui/to.tsx';
import { AnswerSettings } from './answer-settings.tsx';
import { DutySection } from './settings-duty.tsx';
import { RulesSection } from './settings-rules.tsx';
import { settingsTexts } from './settings-texts.ts';
import { toWords } from './to-words.ts';

export function InboxSettingsScreen() {
  const reading = useRead(getInboxSettings, ['none'], {}, { forgetAtOnce: true });
  return (
    <Async reading={reading}>
      {({ revision, settings }) => <SettingsPage key={revision} revision={revision} given={settings} />}
    </Async>
  );
}

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
          <Button
            type="primary"
            loading={save.isPending}
            onClick={() => save.mutate(undefined)}
            data-testid="settings-save"
          >
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
      <AnswerSettings settings={settings} mayManage={mayManage} onChange={change} />
      <RulesSection rules={settings.rules} mayManage={mayManage} onChange={(rules) => change({ rules })} />
      <DutySection duty={settings.duty} mayManage={mayManage} onChange={(duty) => change({ duty })} />
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
