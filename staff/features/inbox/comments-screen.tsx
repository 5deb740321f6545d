import './inbox.css';
import { App, Button, Segmented } from 'antd';
import { useState } from 'react';
import {
  type CommentAction,
  type CommentCheck,
  checkStateLabels,
  commentActionLabels,
  decideCommentCheck,
  listCommentChecks,
} from '#shared/comment-checks.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction, usePages } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { To } from '../../ui/to.tsx';
import { inboxTexts } from './texts.ts';

const tones = {
  open: 'warn',
  kept: 'quiet',
  acting: 'busy',
  done: 'good',
  failed: 'bad',
  'by-hand': 'warn',
} as const satisfies Record<CommentCheck['state'], Tone>;

/** Comments that must be looked at: by the bureau's words, or put here by hand. */
export function CommentsScreen() {
  const w = useWords(inboxTexts);
  const mayAnswer = useMay('inbox.answer');
  const [state, setState] = useState<'open' | 'everything'>('open');
  const pages = usePages([listCommentChecks.path, state], ['cases'], (cursor) =>
    call(listCommentChecks, { query: { state: state === 'open' ? 'open' : undefined, cursor } }),
  );
  return (
    <Page
      title={w.comments}
      testId="comments"
      aside={pages.first ? <span>{fill(w.commentsOpen, { count: pages.first.open })}</span> : null}
    >
      <div className="filters">
        <Segmented<'open' | 'everything'>
          value={state}
          onChange={setState}
          options={[
            { value: 'open', label: w.toLookAt },
            { value: 'everything', label: w.everything },
          ]}
        />
      </div>
      <Async reading={{ ...pages, data: pages.rows }}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={w.noComments}>{w.noCommentsHelp}</Empty>
          ) : (
            <ul className="lines">
              {rows.map((row) => (
                <CheckLine key={row.id} row={row} mayDecide={mayAnswer} />
              ))}
            </ul>
          )
        }
      </Async>
      <MoreButton pages={pages} />
      <To href="/inbox">{w.backToList}</To>
    </Page>
  );
}

type Deciding = { kind: 'keep' } | { kind: 'act'; action: CommentAction } | { kind: 'done-by-hand' };

function CheckLine({ row, mayDecide }: { row: CommentCheck; mayDecide: boolean }) {
  const w = useWords(inboxTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const decide = useAction(
    ({ verdict, reason }: { verdict: Deciding; reason: string }) =>
      call(decideCommentCheck, { params: { checkId: row.id }, body: { verdict, reason } }),
    {
      topics: ['cases'],
      onDone: () => {
        setDeciding(null);
        void message.success(w.recorded);
      },
    },
  );
  const waits = ['open', 'failed', 'by-hand'].includes(row.state);
  const actions: readonly CommentAction[] = row.actions.length > 0 ? row.actions : ['delete'];
  const labels = {
    keep: w.keepComment,
    'done-by-hand': w.doneByHand,
    act: deciding?.kind === 'act' ? commentActionLabels[deciding.action][lang] : '',
  };
  return (
    <li className="line line-wrap" data-testid="check-row">
      <div className="line-main">
        <p className="prose">{row.text}</p>
        <div className="line-note">
          <span>
            {row.personName ?? w.someone} · {row.accountName}
          </span>
          {row.article ? <span>{row.article.title}</span> : null}
          {row.words.length > 0 ? <span>{fill(w.foundWords, { words: row.words.join('、') })}</span> : null}
          <span className="number">{sayMoment(row.createdAt, lang)}</span>
          {row.caseId ? <To href={`/inbox/${row.caseId}`}>{w.openCase}</To> : null}
        </div>
        {row.reason ? (
          <p className="quiet">
            {row.action ? `${commentActionLabels[row.action][lang]} · ` : ''}
            {row.decidedByName} · {row.reason}
          </p>
        ) : null}
      </div>
      <div className="line-side">
        <StateMark tone={tones[row.state]}>{checkStateLabels[row.state][lang]}</StateMark>
        {mayDecide && waits ? (
          <div className="row">
            <Button size="small" onClick={() => setDeciding({ kind: 'keep' })} data-testid="check-keep">
              {w.keepComment}
            </Button>
            {actions.map((action) => (
              <Button
                key={action}
                size="small"
                danger={action === 'delete'}
                onClick={() => setDeciding({ kind: 'act', action })}
              >
                {commentActionLabels[action][lang]}
              </Button>
            ))}
            {row.state === 'by-hand' ? (
              <Button size="small" type="primary" onClick={() => setDeciding({ kind: 'done-by-hand' })}>
                {w.doneByHand}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
      {deciding ? (
        <ReasonDialog
          title={labels[deciding.kind]}
          confirm={labels[deciding.kind]}
          danger={deciding.kind === 'act' && deciding.action === 'delete'}
          busy={decide.isPending}
          error={decide.error}
          onConfirm={(reason) => decide.mutate({ verdict: deciding, reason })}
          onClose={() => setDeciding(null)}
        />
      ) : null}
    </li>
  );
}
