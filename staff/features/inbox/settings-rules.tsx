import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { listAccounts } from '#shared/accounts.ts';
import {
  type CaseUrgency,
  caseChannelLabels,
  caseFields,
  caseKindLabels,
  caseKinds,
  caseUrgencies,
  caseUrgencyLabels,
  everyCaseChannel,
} from '#shared/inbox.ts';
import type { DispatchRule } from '#shared/inbox-settings.ts';
import { listColleagues, listUnits } from '#shared/people.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useRead } from '../../lib/query.ts';
import { newKey } from '../../lib/request.ts';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { useHalfFilled } from './half-filled.ts';
import { settingsTexts } from './settings-texts.ts';
import { toWords } from './to-words.ts';

type When = DispatchRule['when'];
type Give = DispatchRule['give'];

const nobody: Give = { unitId: null, ownerId: null, urgency: null };
const nothing: When = { words: [], fields: [], kinds: [], via: [], accountIds: [] };

/** The first rule that fits decides; a new one is put last. */
export function RulesSection({
  rules,
  mayManage,
  onChange,
}: {
  rules: readonly DispatchRule[];
  mayManage: boolean;
  onChange: (rules: DispatchRule[]) => void;
}) {
  const w = useWords(settingsTexts);
  const sayWhen = useSayWhen();
  const sayGive = useSayGive();
  return (
    <Section title={w.rules} testId="rules">
      <p className="quiet">{w.rulesHelp}</p>
      <ol>
        {rules.map((rule) => (
          <li key={rule.id} data-testid="rule">
            {fill(w.rule, { name: sayWhen(rule.when) || rule.name, unit: sayGive(rule.give) })}{' '}
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
      {mayManage ? <NewRule onAdd={(rule) => onChange([...rules, rule])} /> : null}
    </Section>
  );
}

/** All conditions of a rule in one line: every one of them must hold. */
function useSayWhen(): (when: When) => string {
  const lang = useLang();
  const accounts = useRead(listAccounts, ['accounts'], {});
  return (when) =>
    [
      when.words,
      when.fields,
      when.kinds.map((kind) => caseKindLabels[kind][lang]),
      when.via.map((channel) => caseChannelLabels[channel][lang]),
      when.accountIds.map((id) => accounts.data?.find((account) => account.id === id)?.name ?? id),
    ]
      .filter((part) => part.length > 0)
      .map((part) => part.join(lang === 'zh' ? '、' : ', '))
      .join(lang === 'zh' ? '；' : '; ');
}

/** Section, person and urgency in one line. */
function useSayGive(): (give: Give) => string {
  const lang = useLang();
  const units = useRead(listUnits, [], {});
  const people = useRead(listColleagues, [], {});
  return ({ unitId, ownerId, urgency }) =>
    [
      units.data?.find((unit) => unit.id === unitId)?.name,
      people.data?.find((person) => person.id === ownerId)?.name,
      urgency ? caseUrgencyLabels[urgency][lang] : null,
    ]
      .filter(Boolean)
      .join(lang === 'zh' ? '、' : ', ');
}

function NewRule({ onAdd }: { onAdd: (rule: DispatchRule) => void }) {
  const w = useWords(settingsTexts);
  const lang = useLang();
  const units = useRead(listUnits, [], {});
  const accounts = useRead(listAccounts, ['accounts'], {});
  const sayWhen = useSayWhen();
  const [words, setWords] = useState('');
  const [when, setWhen] = useState<When>(nothing);
  const [give, setGive] = useState<Give>(nobody);
  const people = useRead(listColleagues, [], {});
  const whole = { ...when, words: toWords(words) };
  const put = (part: Partial<When>) => setWhen({ ...when, ...part });
  useHalfFilled(
    w.rules,
    [...Object.values(whole)].some((part) => part.length > 0) ||
      Object.values(give).some((part) => part !== null),
  );
  const add = () => {
    onAdd({
      ...{ id: newKey(), name: sayWhen(whole).slice(0, 60), when: whole },
      give,
    });
    setWords('');
    setWhen(nothing);
    setGive(nobody);
  };
  return (
    <div className="handling">
      <Field label={w.ruleWords}>
        <Input value={words} onChange={(event) => setWords(event.target.value)} data-testid="rule-words" />
      </Field>
      <Field label={w.ruleFields}>
        <Select
          mode="multiple"
          value={when.fields}
          onChange={(fields) => put({ fields })}
          options={caseFields.map((field) => ({ value: field, label: field }))}
        />
      </Field>
      <Field label={w.ruleKinds}>
        <Select
          mode="multiple"
          value={when.kinds}
          onChange={(kinds) => put({ kinds })}
          options={caseKinds.map((kind) => ({ value: kind, label: caseKindLabels[kind][lang] }))}
          data-testid="rule-kinds"
        />
      </Field>
      <Field label={w.ruleChannels}>
        <Select
          mode="multiple"
          value={when.via}
          onChange={(via) => put({ via })}
          options={everyCaseChannel.map((one) => ({ value: one, label: caseChannelLabels[one][lang] }))}
          data-testid="rule-channels"
        />
      </Field>
      <Field label={w.ruleAccounts}>
        <Select
          mode="multiple"
          value={when.accountIds}
          onChange={(accountIds) => put({ accountIds })}
          options={(accounts.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Field>
      <Field label={w.ruleUnit}>
        <Select
          allowClear
          value={give.unitId}
          onChange={(unitId?: string) => setGive({ ...give, unitId: unitId ?? null })}
          options={(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.name }))}
          data-testid="rule-unit"
        />
      </Field>
      <Field label={w.rulePerson}>
        <Select
          allowClear
          value={give.ownerId}
          onChange={(ownerId?: string) => setGive({ ...give, ownerId: ownerId ?? null })}
          options={(people.data ?? [])
            .filter((person) => !person.disabled)
            .map((person) => ({ value: person.id, label: person.name }))}
          data-testid="rule-person"
        />
      </Field>
      <Field label={w.ruleUrgency}>
        <Select
          allowClear
          value={give.urgency}
          onChange={(urgency?: CaseUrgency) => setGive({ ...give, urgency: urgency ?? null })}
          options={caseUrgencies.map((one) => ({ value: one, label: caseUrgencyLabels[one][lang] }))}
        />
      </Field>
      <Button
        disabled={
          Object.values(give).every((part) => part === null) ||
          Object.values(whole).every((part) => part.length === 0)
        }
        onClick={add}
        data-testid="rule-add"
      >
        {w.addRule}
      </Button>
    </div>
  );
}
