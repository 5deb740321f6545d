import { Alert, App, Button, Checkbox, Input } from 'antd';
import { useCallback, useRef, useState } from 'react';
import { answerCase } from '#shared/answers.ts';
import { givenReplyStates } from '#shared/inbox.ts';
import { call, isCallError } from '../../lib/call.ts';
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
import { byHandChannels, inboxTexts } from './texts.ts';

/** The answer to one conversation; what is typed stays on this computer until it is on its way. */
export function AnswerBox({
  caseId,
  conversation,
  others,
}: {
  caseId: string;
  conversation: Conversation;
  /** How many people wait in other conversations of the case. */
  others: number;
}) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const { message, modal } = App.useApp();
  const { personId } = useMe();
  const draft = useKeptText(`answer:${personId}:${conversation.id}`);
  const [everyone, setEveryone] = useState(true);
  const last =
    conversation.replies.findLast(
      ({ purpose, state }) => purpose === 'answer' && givenReplyStates.includes(state),
    )?.id ?? null;
  /** The last answer that was there when the writing began: a newer one is a colleague's. */
  const [base, setBase] = useState<string | null | undefined>(undefined);
  const answer = useAction(
    ({ text, after }: { text: string; after: string | null }) =>
      call(answerCase, {
        params: { caseId },
        body: {
          conversationId: conversation.id,
          text,
          entryIds: [...cited],
          byHand: !conversation.window.open,
          after,
          everyone: others > 0 && everyone,
        },
      }),
    {
      topics: ['cases'],
      onDone: ({ also, missed }) => {
        draft.forget();
        setCited([]);
        setBase(undefined);
        if (missed > 0) void message.warning(fill(w.missedOthers, { also, missed }), 8);
        else void message.success(also > 0 ? fill(w.sentToOthers, { also }) : w.toReview);
      },
      onFailed: (error) => {
        if (!isCallError(error, 'answered-meanwhile')) return;
        modal.confirm({
          title: w.answeredMeanwhile,
          content: error.text[lang],
          okText: w.sendAnyway,
          cancelText: w.cancel,
          onOk: () => answer.mutate({ text: draft.text.trim(), after: latest.current }),
        });
      },
    },
  );
  const latest = useRef(last);
  latest.current = last;
  const [cited, setCited] = useState<readonly string[]>([]);
  const { text: written, setText } = draft;
  const take = useCallback(
    ({ words, how, entryId }: PutIn) => {
      setBase((before) => (before === undefined ? latest.current : before));
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
  const hole = /\{[^{}\n]{1,12}\}/.exec(draft.text)?.[0] ?? null;
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
        onChange={(event) => {
          if (base === undefined) setBase(last);
          draft.setText(event.target.value);
        }}
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
          disabled={used === 0 || over || hole !== null}
          loading={answer.isPending}
          onClick={() => answer.mutate({ text: draft.text.trim(), after: base === undefined ? last : base })}
          data-testid="answer-send"
        >
          {closed ? w.sendByHand : byHandChannels.has(conversation.kind) ? w.sendOwn : w.send}
        </Button>
      </div>
      {others > 0 ? (
        <Checkbox
          checked={everyone}
          onChange={(event) => setEveryone(event.target.checked)}
          data-testid="answer-everyone"
        >
          {fill(w.alsoOthers, { count: others })}
        </Checkbox>
      ) : null}
      {hole ? (
        <p className="quiet" role="alert">
          {fill(w.hole, { hole })}
        </p>
      ) : null}
      <DraftCheck caseId={caseId} draft={draft.text} />
      {answer.error && !isCallError(answer.error, 'answered-meanwhile') ? (
        <ErrorNotice error={answer.error} />
      ) : null}
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
