import type { ReactNode } from 'react';

type FieldProps = { label: ReactNode; className?: string; children: ReactNode };

/** A form field with its label above; the control is the child, so the label names it by nesting. */
export function Field({ label, className, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children, which the rule cannot see
    <label className={className ? `field ${className}` : 'field'}>
      <span>{label}</span>
      {children}
    </label>
  );
}
