import './inbox.css';
import { App, Button, Input } from 'antd';
import { useCallback, useState } from 'react';
import { caseKindLabels, caseKinds } from '#shared/inbox.ts';
import { getInboxSettings, type InboxSettings, putInboxSettings } from '#shared/inbox-settings.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Field } from '../../ui/field.tsx';
import { LeaveGuard } from '../../ui/leave-guard.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { AnswerSettings } from './answer-settings.tsx';
import { HalfFilled } from './half-filled.ts';
import { NumberField } from './number-field.tsx';
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
  const [nobodys, setNobodys] = useState(given.nobodys.join('\n'));
  const change = (part: Partial<InboxSettings>) => setSettings({ ...settings, ...part });
  const whole = {
    ...settings,
    badWords: toWords(badWords),
    dutyWords: toWords(dutyWords),
    nobodys: toWords(nobodys),
  };
  const now = JSON.stringify(whole);
  const [saved, setSaved] = useState(now);
  const [halfFilled, setHalfFilled] = useState<readonly string[]>([]);
  const report = useCallback((part: string, begun: boolean) => {
    setHalfFilled((before) => {
      const others = before.filter((one) => one !== part);
      return begun ? [...others, part] : others.length === before.length ? before : others;
    });
  }, []);
  const save = useAction(
    (settled: InboxSettings) => call(putInboxSettings, { body: { baseRevision: base, settings: settled } }),
    {
      topics: ['cases'],
      onDone: ({ revision: next }) => {
        setBase(next);
        setSaved(now);
        void message.success(w.saved);
      },
    },
  );
  const changed = now !== saved;
  const saveButton = (testId: string) =>
    mayManage ? (
      <Button
        type="primary"
        loading={save.isPending}
        onClick={() => {
          if (halfFilled.length === 0) save.mutate(whole);
          else void message.warning(fill(w.halfFilled, { parts: halfFilled.join('、') }), 6);
        }}
        data-testid={testId}
      >
        {w.save}
      </Button>
    ) : null;
  return (
    <Page
      title={w.title}
      testId="inbox-settings"
      aside={changed ? <StateMark tone="warn">{w.unsaved}</StateMark> : null}
      actions={saveButton('settings-save')}
    >
      <LeaveGuard when={changed || halfFilled.length > 0} />
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <HalfFilled value={report}>
        <Section title={w.levels}>
          <p className="quiet">{w.levelsHelp}</p>
          <div className="handling">
            {caseKinds.map((kind) => (
              <NumberField
                key={kind}
                label={caseKindLabels[kind][lang]}
                {...{ min: 1, max: 15, disabled: !mayManage, value: settings.levels[kind] }}
                onChange={(days) => change({ levels: { ...settings.levels, [kind]: days } })}
              />
            ))}
            <NumberField
              label={w.triageDays}
              {...{ min: 1, max: 5, disabled: !mayManage, value: settings.triageDays }}
              onChange={(days) => change({ triageDays: days })}
            />
            <NumberField
              label={w.warnAt}
              {...{ min: 50, max: 95, disabled: !mayManage, value: settings.warnAt }}
              onChange={(percent) => change({ warnAt: percent })}
            />
          </div>
        </Section>
        <AnswerSettings settings={settings} mayManage={mayManage} onChange={change} />
        <RulesSection rules={settings.rules} mayManage={mayManage} onChange={(rules) => change({ rules })} />
        <DutySection duty={settings.duty} mayManage={mayManage} onChange={(duty) => change({ duty })} />
      </HalfFilled>
      <Section title={w.words}>
        <WordList label={w.badWords} {...{ disabled: !mayManage, value: badWords, onChange: setBadWords }} />
        <WordList
          label={w.dutyWords}
          {...{ disabled: !mayManage, value: dutyWords, onChange: setDutyWords }}
        />
        <WordList
          label={w.nobodys}
          {...{ disabled: !mayManage, value: nobodys, onChange: setNobodys, testId: 'settings-nobodys' }}
        />
      </Section>
      <div className="row">
        {saveButton('settings-save-below')}
        <To href="/inbox">{w.backToList}</To>
      </div>
    </Page>
  );
}

type WordListProps = {
  label: string;
  value: string;
  disabled: boolean;
  onChange: (lines: string) => void;
  testId?: string;
};

function WordList({ label, value, disabled, onChange, testId }: WordListProps) {
  return (
    <Field label={label}>
      <Input.TextArea
        {...{ value, disabled }}
        autoSize={{ minRows: 3, maxRows: 12 }}
        onChange={(event) => onChange(event.target.value)}
        data-testid={testId}
      />
    </Field>
  );
}
