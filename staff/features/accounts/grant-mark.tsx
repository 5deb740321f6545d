import { type Grant, grantLabels } from '#shared/abilities.ts';
import { useLang } from '../../lib/language.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';

const tones: Record<Grant, Tone> = {
  granted: 'good',
  'needs-application': 'warn',
  assisted: 'busy',
  unsupported: 'quiet',
  unknown: 'calm',
};

/** By word and shape; the colour only helps. */
export function GrantMark({ grant }: { grant: Grant }) {
  const lang = useLang();
  return (
    <StateMark tone={tones[grant]} value={grant}>
      {grantLabels[grant][lang]}
    </StateMark>
  );
}
