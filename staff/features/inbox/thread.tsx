import { useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { sayMoment } from '../../lib/time.ts';
import { To } from '../../ui/to.tsx';
import { CaseFiles } from './case-files.tsx';
import { ReplyStateMark } from './case-state-mark.tsx';
import { Citations } from './citations.tsx';
import type { Conversation } from './conversation.ts';
import { ReplyByHand } from './reply-by-hand.tsx';
import { ReplyDecision } from './reply-decision.tsx';
import { ReplyReview } from './reply-review.tsx';
import { attachmentNames, byHandChannels, inboxTexts, sentFileTexts } from './texts.ts';

type Message = Conversation['messages'][number];
type Entry = {
  at: string;
  key: string;
  from: 'in' | 'out';
  who: string;
  text: string;
  files: Message['files'];
  /** How it stands with what lies on the platform. */
  file: NonNullable<Message['attachment']>['file'] | null;
  reply: Conversation['replies'][number] | null;
};

/** What stands for words where none came; nothing once the picture itself is there. */
function placeholder({ attachment, files }: Message, nameOf: (attachment: string) => string): string {
  return attachment && files.length === 0 ? `[${nameOf(attachment.type)}]` : '';
}

/** Messages and our answers in one time line; an answer shows where it stands until the platform has it. */
function entriesOf(
  conversation: Conversation,
  { citizen, us, automatic }: Record<'citizen' | 'us' | 'automatic', string>,
  nameOf: (attachment: string) => string,
): Entry[] {
  const replies = conversation.replies.map(
    (reply): Entry => ({
      at: reply.createdAt,
      key: reply.id,
      from: 'out',
      who: reply.createdByName,
      text: reply.text,
      files: [],
      file: null,
      reply,
    }),
  );
  const messages = conversation.messages
    // A sent answer comes back as a message of ours; it is shown once, with its state.
    .filter((message) => message.direction === 'in' || !replies.some((reply) => reply.text === message.text))
    .map(
      (message): Entry => ({
        at: message.at,
        key: message.id,
        from: message.direction,
        who: message.direction === 'in' ? citizen : message.automatic ? automatic : us,
        text: message.text || placeholder(message, nameOf),
        files: message.files,
        file: message.attachment?.file ?? null,
        reply: null,
      }),
    );
  return [...messages, ...replies].sort((a, b) => a.at.localeCompare(b.at));
}

export function Thread({ conversation, mayDecide }: { conversation: Conversation; mayDecide: boolean }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const readsArticles = useMay('article.read');
  const { article } = conversation;
  return (
    <>
      {article ? (
        <p className="quiet">
          {w.underArticle}
          {readsArticles && article.id ? (
            <To href={`/articles/${article.id}`}>{article.title}</To>
          ) : (
            article.title
          )}{' '}
          {article.url ? (
            <a href={article.url} target="_blank" rel="noopener noreferrer">
              {w.seePost}
            </a>
          ) : null}
        </p>
      ) : null}
      <ol className="thread" aria-label={w.thread}>
        {entriesOf(
          conversation,
          { citizen: conversation.personName ?? w.citizen, us: w.us, automatic: w.automatic },
          (attachment) => attachmentNames[attachment]?.[lang] ?? w.attachment,
        ).map((entry) => (
          <li
            key={entry.key}
            className={`said said-${entry.from}`}
            data-testid={entry.from === 'in' ? 'message-in' : 'message-out'}
          >
            <div className="quiet">
              {entry.who} <span className="number">{sayMoment(entry.at, lang)}</span>{' '}
              {entry.reply ? (
                <ReplyStateMark state={entry.reply.state} noted={byHandChannels.has(conversation.kind)} />
              ) : null}
            </div>
            {entry.text ? <p className="prose said-text">{entry.text}</p> : null}
            <CaseFiles files={entry.files} />
            {entry.file && entry.file.state !== 'kept' ? (
              <p className="quiet" data-testid="file-state">
                {sentFileTexts[entry.file.state][lang]} {entry.file.reason?.[lang]}
              </p>
            ) : null}
            {entry.reply?.reason ? <p className="quiet">{entry.reply.reason[lang]}</p> : null}
            {entry.reply ? <Citations citations={entry.reply.citations} /> : null}
            {entry.reply ? (
              <ReplyReview reply={entry.reply} conversationId={conversation.id} mayAnswer={mayDecide} />
            ) : null}
            {entry.reply?.state === 'window-closed' ? (
              <ReplyByHand replyId={entry.reply.id} mayAnswer={mayDecide} />
            ) : null}
            {entry.reply?.state === 'unknown' ? (
              <ReplyDecision replyId={entry.reply.id} mayDecide={mayDecide} />
            ) : null}
          </li>
        ))}
      </ol>
    </>
  );
}
