import { App } from 'antd';
import { checkComment } from '#shared/comment-checks.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { factTexts } from './fact-texts.ts';

/** Puts a comment before those who look at comments; nothing happens on the platform yet. */
export function FlagComment({ conversationId }: { conversationId: string }) {
  const w = useWords(factTexts);
  const { message } = App.useApp();
  return (
    <ReasonButton
      label={w.flag}
      title={w.flag}
      explain={w.flagHelp}
      button={{ size: 'small' }}
      run={(reason) => call(checkComment, { params: { conversationId }, body: { action: null, reason } })}
      topics={['cases']}
      onDone={() => void message.success(w.flagged)}
      testId="comment-flag"
    />
  );
}
