import { type CaseState, caseStateLabels, type ReplyState, replyStateLabels } from '#shared/inbox.ts';
import { useLang } from '../../lib/language.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { inboxTexts } from './texts.ts';

const caseTones = { open: 'calm', answered: 'good', closed: 'quiet' } as const satisfies Record<
  CaseState,
  Tone
>;
const replyTones = {
  reviewing: 'busy',
  returned: 'warn',
  due: 'busy',
  submitting: 'busy',
  sent: 'good',
  rejected: 'bad',
  'window-closed': 'bad',
  unknown: 'warn',
  cancelled: 'quiet',
} as const satisfies Record<ReplyState, Tone>;

export function CaseStateMark({ state }: { state: CaseState }) {
  const lang = useLang();
  return (
    <StateMark tone={caseTones[state]} testId="case-state" value={state}>
      {caseStateLabels[state][lang]}
    </StateMark>
  );
}

/** @param noted no platform carried it: somebody gave it and wrote it down */
export function ReplyStateMark({ state, noted = false }: { state: ReplyState; noted?: boolean }) {
  const lang = useLang();
  return (
    <StateMark tone={replyTones[state]} testId="reply-state" value={state}>
      {noted && state === 'sent' ? inboxTexts.notedOwn[lang] : replyStateLabels[state][lang]}
    </StateMark>
  );
}
