import { InputNumber } from 'antd';
import { useId, useState } from 'react';
import { fill, useWords } from '../../lib/language.ts';
import { Field } from '../../ui/field.tsx';
import { useHalfFilled } from './half-filled.ts';
import { settingsTexts } from './settings-texts.ts';

type NumberFieldProps = {
  label: string;
  min: number;
  max: number;
  value: number;
  disabled: boolean;
  onChange: (value: number) => void;
};

/** A whole number of a range. Left empty it is not quietly something else: it must be filled before the page is saved. */
export function NumberField({ label, min, max, value, disabled, onChange }: NumberFieldProps) {
  const w = useWords(settingsTexts);
  const id = useId();
  const [empty, setEmpty] = useState(false);
  useHalfFilled(label, empty);
  return (
    <Field label={label}>
      <InputNumber
        min={min}
        max={max}
        precision={0}
        disabled={disabled}
        value={empty ? null : value}
        {...(empty ? { status: 'error' as const } : {})}
        aria-describedby={empty ? id : undefined}
        onChange={(next) => {
          setEmpty(next === null);
          if (next !== null) onChange(next);
        }}
      />
      {empty ? (
        <span id={id} className="quiet field-hint" role="alert">
          {fill(w.numberNeeded, { min, max })}
        </span>
      ) : null}
    </Field>
  );
}
