import { App, Button } from 'antd';
import { handOverReply, listTasks } from '#shared/tasks.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { TaskPanel } from '../deliveries/task-panel.tsx';
import { inboxTexts } from './texts.ts';

const openStates: readonly string[] = ['pending', 'opened', 'claimed', 'returned'];

/** An answer that the platform took no more: a person gives it there, with a task. */
export function ReplyByHand({ replyId, mayAnswer }: { replyId: string; mayAnswer: boolean }) {
  const w = useWords(inboxTexts);
  const { message } = App.useApp();
  const readsTasks = useMay('delivery.read');
  const tasks = useRead(
    listTasks,
    ['deliveries'],
    { query: { subjectId: replyId } },
    { enabled: readsTasks },
  );
  const handOver = useAction(() => call(handOverReply, { params: { replyId } }), {
    topics: ['cases', 'deliveries'],
    onDone: () => void message.success(w.handedOver),
  });
  if (!readsTasks) return null;
  const isOpen = (tasks.data?.rows ?? []).some(({ state }) => openStates.includes(state));
  return (
    <div data-testid="reply-by-hand">
      <TaskPanel subjectId={replyId} />
      {mayAnswer && tasks.data && !isOpen ? (
        <>
          <p className="quiet">{w.handOverHelp}</p>
          <Button
            loading={handOver.isPending}
            onClick={() => handOver.mutate(undefined)}
            data-testid="reply-hand-over"
          >
            {w.handOver}
          </Button>
        </>
      ) : null}
      {handOver.error ? <ErrorNotice error={handOver.error} /> : null}
    </div>
  );
}
