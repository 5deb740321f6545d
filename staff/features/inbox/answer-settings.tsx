import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { caseFields, caseKindLabels, caseKinds, caseUrgencies, caseUrgencyLabels } from '#shared/inbox.ts';
import { type InboxSettings, templateNames } from '#shared/inbox-settings.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { newKey } from '../../lib/request.ts';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { answerSettingsTexts } from './answer-settings-texts.ts';
import { useHalfFilled } from './half-filled.ts';
import { NumberField } from './number-field.tsx';

type Props = {
  settings: InboxSettings;
  mayManage: boolean;
  onChange: (change: Partial<InboxSettings>) => void;
};

/** What concerns answers: who looks at them first, words ready to hand, what the program says by itself. */
export function AnswerSettings(props: Props) {
  return (
    <>
      <ReviewSettings {...props} />
      <TemplateSettings {...props} />
      <AutomaticSettings {...props} />
      <KnowledgeSettings {...props} />
    </>
  );
}

function KnowledgeSettings({ settings, mayManage, onChange }: Props) {
  const w = useWords(answerSettingsTexts);
  return (
    <Section title={w.knowledge}>
      <div className="handling">
        <NumberField
          label={w.knowledgeReviewMonths}
          {...{ min: 1, max: 36, disabled: !mayManage, value: settings.knowledgeReviewMonths }}
          onChange={(knowledgeReviewMonths) => onChange({ knowledgeReviewMonths })}
        />
      </div>
    </Section>
  );
}

function ReviewSettings({ settings, mayManage, onChange }: Props) {
  const w = useWords(answerSettingsTexts);
  const lang = useLang();
  const { answerReview } = settings;
  const change = (part: Partial<InboxSettings['answerReview']>) =>
    onChange({ answerReview: { ...answerReview, ...part } });
  return (
    <Section title={w.review} testId="settings-review">
      <p className="quiet">{w.reviewHelp}</p>
      <div className="handling">
        <Field label={w.reviewKinds}>
          <Select
            mode="multiple"
            disabled={!mayManage}
            value={answerReview.kinds}
            onChange={(kinds) => change({ kinds })}
            options={caseKinds.map((value) => ({ value, label: caseKindLabels[value][lang] }))}
          />
        </Field>
        <Field label={w.reviewUrgencies}>
          <Select
            mode="multiple"
            disabled={!mayManage}
            value={answerReview.urgencies}
            onChange={(urgencies) => change({ urgencies })}
            options={caseUrgencies.map((value) => ({ value, label: caseUrgencyLabels[value][lang] }))}
          />
        </Field>
        <Field label={w.reviewFields}>
          <Select
            mode="multiple"
            disabled={!mayManage}
            value={answerReview.fields}
            onChange={(fields) => change({ fields })}
            options={caseFields.map((value) => ({ value, label: value }))}
          />
        </Field>
      </div>
      <Checkbox
        disabled={!mayManage}
        checked={settings.askSatisfaction}
        onChange={(event) => onChange({ askSatisfaction: event.target.checked })}
      >
        {w.askSatisfaction}
      </Checkbox>
    </Section>
  );
}

function TemplateSettings({ settings: { templates }, mayManage, onChange }: Props) {
  const w = useWords(answerSettingsTexts);
  const [name, setName] = useState('');
  const [words, setWords] = useState('');
  useHalfFilled(w.templates, name.trim() !== '' || words.trim() !== '');
  const names = Object.values(templateNames)
    .map((one) => `{${one}}`)
    .join(' ');
  return (
    <Section title={w.templates} testId="settings-templates">
      <p className="quiet">{fill(w.templatesHelp, { names })}</p>
      <ul className="log">
        {templates.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong> <span className="quiet">{one.text}</span>{' '}
            {mayManage ? (
              <Button
                size="small"
                type="link"
                onClick={() => onChange({ templates: templates.filter(({ id }) => id !== one.id) })}
              >
                {w.remove}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayManage ? (
        <>
          <Field label={w.name}>
            <Input value={name} maxLength={40} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label={w.words}>
            <Input.TextArea
              value={words}
              maxLength={1_000}
              autoSize={{ minRows: 2, maxRows: 8 }}
              onChange={(event) => setWords(event.target.value)}
            />
          </Field>
          <Button
            disabled={name.trim() === '' || words.trim() === ''}
            onClick={() => {
              onChange({
                templates: [...templates, { id: newKey(), name: name.trim(), text: words.trim() }],
              });
              setName('');
              setWords('');
            }}
          >
            {w.add}
          </Button>
        </>
      ) : null}
    </Section>
  );
}

/** The first that fits decides: a rule can be moved up. */
function AutomaticSettings({ settings: { automatic }, mayManage, onChange }: Props) {
  const w = useWords(answerSettingsTexts);
  const change = (part: Partial<InboxSettings['automatic']>) =>
    onChange({ automatic: { ...automatic, ...part } });
  const { rules, hours } = automatic;
  const put = (id: string, part: Partial<(typeof rules)[number]>) =>
    change({ rules: rules.map((rule) => (rule.id === id ? { ...rule, ...part } : rule)) });
  const raise = (at: number) => change({ rules: rules.toSpliced(at - 1, 2, rules[at]!, rules[at - 1]!) });
  return (
    <Section title={w.automatic} testId="settings-automatic">
      <p className="quiet">{w.automaticHelp}</p>
      <p>
        <Checkbox
          disabled={!mayManage}
          checked={automatic.on}
          onChange={(event) => change({ on: event.target.checked })}
        >
          {w.automaticOn}
        </Checkbox>
      </p>
      <p>
        <Checkbox
          disabled={!mayManage || !automatic.on}
          checked={automatic.offerAnswers}
          onChange={(event) => change({ offerAnswers: event.target.checked })}
        >
          {w.offerAnswers}
        </Checkbox>
      </p>
      <div className="handling">
        {(['from', 'to'] as const).map((end) => (
          <Field key={end} label={w[end]}>
            <Input
              type="time"
              disabled={!mayManage}
              value={hours[end]}
              onChange={(event) =>
                event.target.value && change({ hours: { ...hours, [end]: event.target.value } })
              }
            />
          </Field>
        ))}
      </div>
      <ol>
        {rules.map((rule, at) => (
          <li key={rule.id} className="automatic-rule">
            <Field label={w.name}>
              <Input
                value={rule.name}
                disabled={!mayManage}
                maxLength={40}
                onChange={(event) => put(rule.id, { name: event.target.value })}
              />
            </Field>
            <Field label={w.ruleWords}>
              <Select
                mode="tags"
                open={false}
                suffixIcon={null}
                tokenSeparators={[' ', '，', '、', ',']}
                disabled={!mayManage}
                value={rule.words}
                onChange={(words) => put(rule.id, { words })}
              />
            </Field>
            <Field label={w.ruleText}>
              <Input.TextArea
                value={rule.text}
                disabled={!mayManage}
                maxLength={300}
                autoSize={{ minRows: 2, maxRows: 6 }}
                onChange={(event) => put(rule.id, { text: event.target.value })}
              />
            </Field>
            <div className="row">
              <Checkbox
                disabled={!mayManage}
                checked={rule.on}
                onChange={(event) => put(rule.id, { on: event.target.checked })}
              >
                {w.ruleOn}
              </Checkbox>
              <Checkbox
                disabled={!mayManage}
                checked={rule.outsideOnly}
                onChange={(event) => put(rule.id, { outsideOnly: event.target.checked })}
              >
                {w.outsideOnly}
              </Checkbox>
              {mayManage ? (
                <>
                  <Button size="small" disabled={at === 0} onClick={() => raise(at)}>
                    {w.up}
                  </Button>
                  <Button
                    size="small"
                    onClick={() => change({ rules: rules.filter(({ id }) => id !== rule.id) })}
                  >
                    {w.remove}
                  </Button>
                </>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
      {mayManage ? (
        <Button
          onClick={() =>
            change({
              rules: [
                ...rules,
                {
                  id: newKey(),
                  name: w.newRule,
                  words: [],
                  outsideOnly: true,
                  on: true,
                  text: w.newRuleText,
                },
              ],
            })
          }
        >
          {w.addRule}
        </Button>
      ) : null}
    </Section>
  );
}
