import type { ReactNode } from 'react';

/** A state is told by its word and by the shape before it; the colour only helps. */
export type Tone = 'calm' | 'busy' | 'good' | 'warn' | 'bad' | 'quiet';

const shapes: Record<Tone, string> = { calm: '○', busy: '◐', good: '✓', warn: '▲', bad: '✕', quiet: '–' };

export function StateMark({
  tone,
  children,
  testId,
  value,
}: {
  tone: Tone;
  children: ReactNode;
  testId?: string;
  value?: string;
}) {
  return (
    <span className={`mark mark-${tone}`} data-testid={testId} data-state={value}>
      <span aria-hidden="true" className="mark-shape">
        {shapes[tone]}
      </span>
      {children}
    </span>
  );
}
