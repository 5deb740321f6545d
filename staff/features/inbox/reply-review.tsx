import { App, Button } from 'antd';
import { takeBackReply } from '#shared/answers.ts';
import { type Text, text } from '#shared/lang.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { To } from '../../ui/to.tsx';
import { putIntoAnswer } from './answer-words.ts';
import type { Conversation } from './conversation.ts';

const texts = {
  waits: text('这类答复要经审核后才发出。', 'Answers of this kind are approved before they go out.'),
  look: text('看审核', 'See the review'),
  takeBack: text('取回修改', 'Take back to change'),
  mend: text('拿来修改', 'Change and submit again'),
  taken: text('已放进答复框，改好后重新提交。', 'It is in the answer box; change it and submit again.'),
} as const satisfies Record<string, Text>;

/** What can be done with an answer that somebody reviews, or has returned. */
export function ReplyReview({
  reply,
  conversationId,
  mayAnswer,
}: {
  reply: Conversation['replies'][number];
  conversationId: string;
  mayAnswer: boolean;
}) {
  const w = useWords(texts);
  const { message } = App.useApp();
  const readsReviews = useMay('review.read');
  const put = () => {
    putIntoAnswer(conversationId, { words: reply.text, how: 'replace' });
    void message.success(w.taken);
  };
  const takeBack = useAction(() => call(takeBackReply, { params: { replyId: reply.id } }), {
    topics: ['cases', 'reviews'],
    onDone: put,
  });
  const waits = reply.state === 'reviewing';
  if (!waits && reply.state !== 'returned') return null;
  return (
    <div className="row" data-testid="reply-review">
      {waits ? <span className="quiet">{w.waits}</span> : null}
      {waits && readsReviews && reply.reviewId ? <To href={`/reviews/${reply.reviewId}`}>{w.look}</To> : null}
      {mayAnswer ? (
        <Button
          size="small"
          loading={takeBack.isPending}
          onClick={() => (waits ? takeBack.mutate(undefined) : put())}
          data-testid="reply-mend"
        >
          {waits ? w.takeBack : w.mend}
        </Button>
      ) : null}
      {takeBack.error ? <ErrorNotice error={takeBack.error} /> : null}
    </div>
  );
}
