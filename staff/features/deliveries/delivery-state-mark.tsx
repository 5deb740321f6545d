import { type DeliveryState, deliveryStateLabels } from '#shared/publishing.ts';
import { useLang } from '../../lib/language.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';

const tones = {
  planned: 'calm',
  due: 'busy',
  preparing: 'busy',
  prepared: 'busy',
  submitting: 'busy',
  pending: 'busy',
  published: 'good',
  rejected: 'bad',
  failed: 'bad',
  unknown: 'warn',
  'handed-off': 'warn',
  held: 'warn',
  withdrawn: 'quiet',
  cancelled: 'quiet',
  expired: 'bad',
} as const satisfies Record<DeliveryState, Tone>;

export function DeliveryStateMark({ state }: { state: DeliveryState }) {
  const lang = useLang();
  return (
    <StateMark tone={tones[state]} testId="delivery-state" value={state}>
      {deliveryStateLabels[state][lang]}
    </StateMark>
  );
}
