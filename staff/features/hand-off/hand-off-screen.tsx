import './hand-off.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Result } from 'antd';
import { useEffect } from 'react';
import {
  getHandOff,
  type HandOffTask,
  openHandOff,
  proveHandOff,
  taskKindLabels,
  taskStateLabels,
} from '#shared/tasks.ts';
import { useParam } from '../../lib/address.ts';
import { call, isCallError } from '../../lib/call.ts';
import { useKeptText } from '../../lib/kept-text.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useNow } from '../../lib/now.ts';
import { useAction } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Empty } from '../../ui/empty.tsx';
import { useDocumentTitle } from '../../ui/page.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { lookAgainMs, OpenApp } from './app-link.tsx';
import { Claimed, ClaimForm } from './claim-form.tsx';
import { CopyParts } from './copy-parts.tsx';
import { MediaList } from './media-list.tsx';
import { handOffTexts } from './texts.ts';

/** The task on the phone: opened from a QR code, without a session. */
export function HandOffScreen() {
  const token = useParam('token');
  const task = useQuery({
    queryKey: [getHandOff.path, token],
    queryFn: () => call(getHandOff, { params: { token } }),
    meta: { topics: ['none'] },
    refetchInterval: ({ state }) => lookAgainMs(state.data),
  });
  return (
    <main className="hand-off-page">
      {isCallError(task.error, 'input-invalid') || isCallError(task.error, 'not-found') ? (
        <Missing />
      ) : (
        <Async reading={task}>{(data) => <Task token={token} task={data} refresh={task.refetch} />}</Async>
      )}
    </main>
  );
}

/** Mostly a link that was cut off when it was passed on. */
function Missing() {
  const w = useWords(handOffTexts);
  useDocumentTitle(w.title);
  return <Empty title={w.missing}>{w.missingHelp}</Empty>;
}

function Task({
  token,
  task,
  refresh,
}: {
  token: string;
  task: HandOffTask;
  refresh: () => Promise<unknown>;
}) {
  const w = useWords(handOffTexts);
  const lang = useLang();
  const now = useNow();
  useDocumentTitle(taskKindLabels[task.kind][lang]);
  useOpening(token, task.state);
  const open = ['pending', 'opened', 'returned'].includes(task.state);
  const { url } = task.proof;
  return (
    <div data-testid="hand-off-task" data-state={task.state}>
      <p className="quiet">
        {taskKindLabels[task.kind][lang]} · {task.platformName[lang]} · {task.accountName}
      </p>
      <h1>{task.title}</h1>
      {task.executorName ? <p className="quiet">{fill(w.executor, { name: task.executorName })}</p> : null}
      {url || task.proof.told ? <Done url={url ?? null} /> : null}
      {task.proof.told && !url && task.state === 'verified' ? (
        <Proof token={token} heading={w.addLinkHead} />
      ) : null}
      {task.state === 'claimed' ? <Claimed /> : null}
      {!open && !url && !task.proof.told && task.state !== 'claimed' ? (
        <p>{fill(w.over, { state: taskStateLabels[task.state][lang] })}</p>
      ) : null}
      {task.state === 'returned' ? (
        <p>
          <StateMark tone="bad">{fill(w.returned, { reason: task.returnReason ?? '' })}</StateMark>
        </p>
      ) : null}
      {open ? (
        <>
          <p className="number">
            {now > new Date(task.deadline) ? (
              <StateMark tone="warn">{w.passed}</StateMark>
            ) : (
              fill(w.deadline, { time: sayMoment(task.deadline, lang) })
            )}
          </p>
          {task.appLink ? <OpenApp token={token} link={task.appLink} onAsked={refresh} /> : null}
          <section className="section">
            <h2>{task.appLink ? w.stepsByHand : w.steps}</h2>
            <ol className="steps">
              {task.instructions.map((step) => (
                <li key={step.zh}>{step[lang]}</li>
              ))}
            </ol>
          </section>
          <CopyParts copy={task.copy} />
          <MediaList task={task} />
          {task.takesLink ? <Proof token={token} heading={w.pasteHead} /> : null}
          <ClaimForm token={token} alone={!task.takesLink} />
        </>
      ) : null}
    </div>
  );
}

/** Whoever handed it out sees that it was seen. Not worth a word when it fails. */
function useOpening(token: string, state: HandOffTask['state']): void {
  useEffect(() => {
    if (state === 'pending') void call(openHandOff, { params: { token } }).catch(() => undefined);
  }, [token, state]);
}

function Proof({ token, heading }: { token: string; heading: string }) {
  const w = useWords(handOffTexts);
  const client = useQueryClient();
  const pasted = useKeptText(`hand-off:${token}`);
  const prove = useAction(
    (text: string) => call(proveHandOff, { params: { token }, body: { pasted: text } }),
    {
      topics: ['deliveries'],
      onDone: () => {
        pasted.forget();
        void client.invalidateQueries({ queryKey: [getHandOff.path, token] });
      },
    },
  );
  if (prove.data) return <Done url={prove.data.url} />;
  return (
    <section className="section">
      <h2>{heading}</h2>
      <p className="quiet">
        {w.pasteHelp}
        {w.keep}
      </p>
      <Input.TextArea
        value={pasted.text}
        maxLength={5_000}
        autoSize={{ minRows: 3 }}
        aria-label={w.pasteLabel}
        placeholder={w.pasteLabel}
        onChange={(event) => pasted.setText(event.target.value)}
        data-testid="hand-off-paste"
      />
      {prove.error ? <ErrorNotice error={prove.error} /> : null}
      <Button
        type="primary"
        size="large"
        block
        disabled={pasted.text.trim() === ''}
        loading={prove.isPending}
        onClick={() => prove.mutate(pasted.text)}
        data-testid="hand-off-prove"
      >
        {w.send}
      </Button>
    </section>
  );
}

function Done({ url }: { url: string | null }) {
  const w = useWords(handOffTexts);
  // The page is shorter than it was: without this a phone shows the empty place below it.
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);
  return (
    <Result
      className="hand-off-result"
      status="success"
      title={w.doneTitle}
      subTitle={
        url ? (
          <span>
            {w.doneLink}
            <a href={url} target="_blank" rel="noopener noreferrer">
              {url}
            </a>
          </span>
        ) : (
          w.doneTold
        )
      }
      data-testid="hand-off-done"
    />
  );
}
