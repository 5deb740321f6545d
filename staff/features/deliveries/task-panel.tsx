import { useQuery } from '@tanstack/react-query';
import { App, Button, Select } from 'antd';
import { listColleagues, may } from '#shared/people.ts';
import {
  type AssistedTask,
  assignTask,
  checkTask,
  getHandOff,
  listTasks,
  type TaskKind,
  type TaskState,
  taskKindLabels,
  taskStateLabels,
} from '#shared/tasks.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useNarrow } from '../../lib/narrow.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Section } from '../../ui/page.tsx';
import { Qr } from '../../ui/qr.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { lookAgainMs, OpenApp } from '../hand-off/app-link.tsx';
import { deliveryTexts } from './texts.ts';

const tones = {
  pending: 'calm',
  opened: 'busy',
  claimed: 'warn',
  verified: 'good',
  returned: 'bad',
  expired: 'bad',
  cancelled: 'quiet',
} as const satisfies Record<TaskState, Tone>;

const helps = {
  publish: 'handOffHelp',
  withdraw: 'withdrawTaskHelp',
  reply: 'replyTaskHelp',
} as const satisfies Record<TaskKind, string>;

/** Tasks by hand of one post or answer: the way to the phone, who does it, and the second person's check. */
export function TaskPanel({ subjectId }: { subjectId: string }) {
  const reading = useRead(listTasks, ['deliveries'], { query: { subjectId } });
  return (
    <>
      {(reading.data?.rows ?? []).map((task) => (
        <OneTask key={task.id} task={task} />
      ))}
    </>
  );
}

function OneTask({ task }: { task: AssistedTask }) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  const onPhone = useNarrow();
  const open = ['pending', 'opened', 'returned'].includes(task.state);
  return (
    <Section
      title={taskKindLabels[task.kind][lang]}
      testId={`task-${task.kind}`}
      aside={
        <StateMark tone={tones[task.state]} testId="task-state" value={task.state}>
          {taskStateLabels[task.state][lang]}
        </StateMark>
      }
    >
      <div className="hand-off">
        {open && !onPhone ? <Qr text={new URL(task.url, window.location.origin).href} label={w.qr} /> : null}
        <div>
          {open ? <p>{fill(w[helps[task.kind]], { open: onPhone ? w.openHere : w.scanHere })}</p> : null}
          {open && onPhone && task.kind === 'publish' ? <PhoneApp url={task.url} /> : null}
          <p>{fill(w.deadline, { time: sayMoment(task.deadline, lang) })}</p>
          {task.executorName ? <p>{fill(w.executor, { name: task.executorName })}</p> : null}
          {task.claimedByName ? <p>{fill(w.claimedBy, { name: task.claimedByName })}</p> : null}
          {task.returnReason ? <p>{fill(w.returnedFor, { reason: task.returnReason })}</p> : null}
          {task.proof.note ? <p>{task.proof.note}</p> : null}
          {task.proof.told ? <p>{w.toldByPlatform}</p> : null}
          {task.proof.screenshot ? (
            <p>
              <a href={task.proof.screenshot} target="_blank" rel="noopener" data-testid="task-screenshot">
                {w.screenshot}
              </a>
            </p>
          ) : null}
          {open ? (
            <div className="row">
              {onPhone ? (
                <Button href={task.url} size="large" block data-testid="hand-off-open">
                  {w.openTaskPage}
                </Button>
              ) : (
                <a href={task.url} target="_blank" rel="noopener" data-testid="hand-off-open">
                  {w.openTask}
                </a>
              )}
              <Assign task={task} />
            </div>
          ) : null}
          {task.state === 'claimed' ? <Check task={task} /> : null}
        </div>
      </div>
    </Section>
  );
}

/** Nobody scans the screen of the phone in their hand: it opens the platform's app by a button, where there is one. */
function PhoneApp({ url }: { url: string }) {
  const token = url.split('/').at(-1) ?? '';
  const task = useQuery({
    queryKey: [getHandOff.path, token],
    queryFn: () => call(getHandOff, { params: { token } }),
    meta: { topics: ['deliveries'] },
    refetchInterval: ({ state }) => lookAgainMs(state.data),
  });
  const link = task.data?.appLink;
  return link ? <OpenApp token={token} link={link} onAsked={task.refetch} /> : null;
}

/** A new executor means a new link: the code above changes with it. */
function Assign({ task }: { task: AssistedTask }) {
  const w = useWords(deliveryTexts);
  const sayError = useSayError();
  const manages = useMay('delivery.manage');
  const reads = useMay('people.read');
  const people = useRead(listColleagues, [], {}, { enabled: manages && reads });
  const assign = useAction(
    (personId: string | null) => call(assignTask, { params: { taskId: task.id }, body: { personId } }),
    { topics: ['deliveries'], onFailed: sayError },
  );
  if (!manages || !reads) return null;
  const able = (people.data ?? []).filter(
    ({ disabled, memberships }) =>
      !disabled && memberships.some(({ role }) => may([role], 'handoff.perform')),
  );
  return (
    <Select
      size="small"
      style={{ minWidth: 140 }}
      value={task.executorName ?? ''}
      loading={assign.isPending}
      aria-label={w.giveTo}
      onChange={(id) => assign.mutate(id === '' ? null : id)}
      options={[
        { value: '', label: w.anybody },
        ...able.map((person) => ({ value: person.id, label: person.name })),
      ]}
    />
  );
}

function Check({ task }: { task: AssistedTask }) {
  const w = useWords(deliveryTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const checks = useMay('handoff.perform');
  const sayDone = () => void message.success(w.checkedDone);
  const params = { taskId: task.id };
  const verify = useAction(() => call(checkTask, { params, body: { verdict: 'verified' } }), {
    topics: ['deliveries'],
    onDone: sayDone,
    onFailed: sayError,
  });
  if (!checks || task.claimedByMe) return <p className="quiet">{w.otherChecks}</p>;
  return (
    <p className="row">
      <Button
        type="primary"
        loading={verify.isPending}
        onClick={() => verify.mutate(undefined)}
        data-testid="task-verify"
      >
        {w.verify}
      </Button>
      <ReasonButton
        label={w.giveBack}
        title={w.giveBackTitle}
        run={(reason) => call(checkTask, { params, body: { verdict: 'returned', reason } })}
        topics={['deliveries']}
        onDone={sayDone}
        testId="task-return"
      />
    </p>
  );
}
