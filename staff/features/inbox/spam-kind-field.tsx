import { Select } from 'antd';
import { spamKindLabels, spamKinds } from '#shared/case-steps.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { Field } from '../../ui/field.tsx';
import { stepTexts } from './step-texts.ts';

export type SpamKind = (typeof spamKinds)[number];

export function SpamKindField({ value, onChange }: { value: SpamKind; onChange: (next: SpamKind) => void }) {
  const w = useWords(stepTexts);
  const lang = useLang();
  return (
    <Field label={w.spamKind}>
      <Select
        value={value}
        onChange={onChange}
        options={spamKinds.map((kind) => ({ value: kind, label: spamKindLabels[kind][lang] }))}
      />
    </Field>
  );
}
