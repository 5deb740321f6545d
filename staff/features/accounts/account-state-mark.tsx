import { type AccountState, accountStateLabels } from '#shared/accounts.ts';
import { useLang } from '../../lib/language.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';

const tones = {
  active: 'good',
  paused: 'warn',
  'sign-in-again': 'bad',
  closed: 'quiet',
} as const satisfies Record<AccountState, Tone>;

export function AccountStateMark({ state }: { state: AccountState }) {
  const lang = useLang();
  return (
    <StateMark tone={tones[state]} testId="account-state" value={state}>
      {accountStateLabels[state][lang]}
    </StateMark>
  );
}
