import { Alert, App, Button, Input } from 'antd';
import { useCallback, useState } from 'react';
import { answerCase } from '#shared/inbox.ts';
import { call } from '../../lib/call.ts';
import { useKeptText } from '../../lib/kept-text.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMe } from '../../lib/me.ts';
import { useNow } from '../../lib/now.ts';
import { useAction } from '../../lib/query.ts';
import { sayLength } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { ServicePicker } from '../services/service-picker.tsx';
import { type PutIn, useWordsPutIn } from './answer-words.ts';
import type { Conversation } from './conversation.ts';
import { DraftCheck } from './draft-check.tsx';
import { Templates } from './templates.tsx';
import { inboxTexts } from './texts.ts';

/** The answer to one conversation; what is typed stays on this computer until it is on its way. */
export function AnswerBox({ caseId, conversation }: { caseId: string; conversation: Conversation }) {
  const w = useWords(inboxTexts);
  const { message } = App.useApp();
  const { personId } = useMe();
  const draft = useKeptText(`answer:${personId}:${conversation.id}`);
  const answer = useAction(
    (text: string) =>
      call(answerCase, {
        params: { caseId },
        body: {
          conversationId: conversation.id,
          text,
          entryIds: [...cited],
          byHand: !conversation.window.open,
        },
      }),
    {
      topics: ['cases'],
      onDone: () => {
        draft.forget();
        setCited([]);
        void message.success(w.toReview);
      },
    },
  );
  const [cited, setCited] = useState<readonly string[]>([]);
  const { text: written, setText } = draft;
  const take = useCallback(
    ({ words, how, entryId }: PutIn) => {
      setText(how === 'append' && written.trim() ? `${written.trimEnd()}\n${words}` : words);
      if (entryId) setCited((before) => [...new Set([...before, entryId])]);
    },
    [setText, written],
  );
  useWordsPutIn(conversation.id, take);
  const used = [...draft.text.trim()].length;
  // Where the platform takes none at all, the answer is as long as it needs to be.
  const limit = conversation.replyLimit || 2_000;
  const over = used > limit;
  // A second answer beside the one that waits would be refused: better to take that one back.
  if (conversation.replies.some(({ state }) => state === 'reviewing')) return null;
  const closed = !conversation.window.open;
  return (
    <div className="answer" data-testid="answer">
      {closed ? <Alert type="warning" showIcon title={w.windowClosed} data-testid="window-closed" /> : null}
      {closed ? null : <WindowLine window={conversation.window} />}
      <div className="row">
        <Templates conversation={conversation} caseId={caseId} />
        <ServicePicker onPick={(words) => take({ words, how: 'append' })} />
      </div>
      <Input.TextArea
        value={draft.text}
        aria-label={w.answer}
        placeholder={w.answerHint}
        autoSize={{ minRows: 4, maxRows: 14 }}
        onChange={(event) => draft.setText(event.target.value)}
        data-testid="answer-text"
      />
      <div className="row answer-foot">
        <span className="number quiet">
          {over ? (
            <StateMark tone="bad">{fill(w.used, { used, limit })}</StateMark>
          ) : (
            fill(w.used, { used, limit })
          )}{' '}
          {used > 0 ? w.keptHere : ''}
        </span>
        <Button
          type="primary"
          disabled={used === 0 || over}
          loading={answer.isPending}
          onClick={() => answer.mutate(draft.text.trim())}
          data-testid="answer-send"
        >
          {closed ? w.sendByHand : w.send}
        </Button>
      </div>
      <DraftCheck caseId={caseId} draft={draft.text} />
      {answer.error ? <ErrorNotice error={answer.error} /> : null}
    </div>
  );
}

function WindowLine({ window }: { window: Conversation['window'] }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const now = useNow(20);
  if (window.endsAt === null && window.left === null) return null;
  const seconds = window.endsAt ? (new Date(window.endsAt).getTime() - now.getTime()) / 1_000 : null;
  const closing = seconds !== null && seconds < 4 * 3_600;
  return (
    <p className="quiet number" data-testid="answer-window">
      {seconds === null ? null : closing ? (
        <StateMark tone="warn">{fill(w.windowLeft, { length: sayLength(seconds, lang) })}</StateMark>
      ) : (
        fill(w.windowLeft, { length: sayLength(seconds, lang) })
      )}
      {window.left === null
        ? null
        : fill(seconds === null ? w.windowCountOnly : w.windowCount, { count: window.left })}
    </p>
  );
}
