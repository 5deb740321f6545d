import { App, Button } from 'antd';
import { useState } from 'react';
import { checkComment } from '#shared/comment-checks.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { factTexts } from './fact-texts.ts';

/** Puts a comment before those who look at comments; nothing happens on the platform yet. */
export function FlagComment({ conversationId }: { conversationId: string }) {
  const w = useWords(factTexts);
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const flag = useAction(
    (reason: string) => call(checkComment, { params: { conversationId }, body: { action: null, reason } }),
    {
      topics: ['cases'],
      onDone: () => {
        setOpen(false);
        void message.success(w.flagged);
      },
    },
  );
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)} data-testid="comment-flag">
        {w.flag}
      </Button>
      {open ? (
        <ReasonDialog
          title={w.flag}
          explain={w.flagHelp}
          confirm={w.flag}
          busy={flag.isPending}
          error={flag.error}
          onConfirm={(reason) => flag.mutate(reason)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
