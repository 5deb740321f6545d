import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { decideReply } from '#shared/answers.ts';
import { call } from '../../lib/call.ts';
import { useKeptText } from '../../lib/kept-text.ts';
import { useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { inboxTexts } from './texts.ts';

type Verdict = 'went-out' | 'did-not-resend' | 'did-not-cancel';

/** An answer whose outcome nobody knows: a person looks and says. */
export function ReplyDecision({ replyId, mayDecide }: { replyId: string; mayDecide: boolean }) {
  const w = useWords(inboxTexts);
  const { personId } = useMe();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const evidence = useKeptText(`reply-decision:${personId}:${replyId}`);
  const decide = useAction(
    (choice: Verdict) =>
      call(decideReply, { params: { replyId }, body: { verdict: choice, evidence: evidence.text.trim() } }),
    { topics: ['cases'], onDone: evidence.forget },
  );
  return (
    <div className="reply-decision" data-testid="reply-decision">
      <p>{w.replyUnknown}</p>
      {mayDecide ? (
        <>
          <Radio.Group
            vertical
            value={verdict}
            onChange={(event) => setVerdict(event.target.value as Verdict)}
            options={[
              { value: 'went-out', label: w.wentOut },
              { value: 'did-not-resend', label: w.resend },
              { value: 'did-not-cancel', label: w.giveUp },
            ]}
          />
          <Input
            value={evidence.text}
            maxLength={500}
            aria-label={w.evidence}
            placeholder={w.evidence}
            onChange={(event) => evidence.setText(event.target.value)}
          />
          {decide.error ? <ErrorNotice error={decide.error} /> : null}
          <Button
            disabled={verdict === null || evidence.text.trim().length < 2}
            loading={decide.isPending}
            onClick={() => (verdict ? decide.mutate(verdict) : undefined)}
          >
            {w.confirm}
          </Button>
        </>
      ) : null}
    </div>
  );
}
