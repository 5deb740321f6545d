import { type PublicationState, publicationStateLabels } from '#shared/publication.ts';
import { useLang } from '../../lib/language.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';

const tones = {
  draft: 'calm',
  reviewing: 'busy',
  published: 'good',
  withdrawn: 'quiet',
  declined: 'quiet',
} as const satisfies Record<PublicationState, Tone>;

export function PublicationStateMark({ state }: { state: PublicationState }) {
  const lang = useLang();
  return (
    <StateMark tone={tones[state]} testId="publication-state" value={state}>
      {publicationStateLabels[state][lang]}
    </StateMark>
  );
}
