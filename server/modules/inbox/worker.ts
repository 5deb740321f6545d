/**
 * The inbox's loop: pushes, answers, polls of comments and mentions, and reminders, each a lane of its own so that a slow platform in one holds
 * up no other. Our tables say what is due; a kick or a job only makes a lane look earlier than its second.
 */
import type { App } from '#server/base/app.ts';
import { createLane, everyMs, type Lane } from '#server/base/lane.ts';
import { log } from '#server/base/log.ts';
import { checkReply } from './answers/check-reply.ts';
import { sendReply } from './answers/send-reply.ts';
import { listDue } from './answers/store.ts';
import { sweepAbandoned } from './answers/sweep.ts';
import { fetchFiles } from './intake/fetch-files.ts';
import { planPolls, pollComments } from './intake/poll-comments.ts';
import { planMentionPolls, pollMentions } from './intake/poll-mentions.ts';
import { processPushes } from './intake/process-pushes.ts';
import { tellStale } from './knowledge/watch.ts';
import { actOnComments } from './moderation/act.ts';
import { actOnSwitches } from './moderation/act-switch.ts';
import { remindDue } from './reminders/remind.ts';
import { trainingTurns, trainWhereNeeded } from './sorting/train.ts';

export type InboxWorker = {
  /** Looks at once instead of at the next tick. */
  kick(): void;
  /** Begins nothing more and waits for what runs. */
  stop(): Promise<void>;
};

const tickMs = 1_000;
const sweepEveryMs = 5_000;
const planEveryMs = 10_000;
/** The first look comes that long after the start, which has enough to do. */
const trainEveryMs = 60_000;
/** An entry passes its day once a day; a minute is soon enough. */
const knowledgeEveryMs = 60_000;
const repliesAtOnce = 32;

/**
 * The caller ties `kick` to the job `inbox.wake`.
 * @param options.processId who claims: the id whose heartbeat says that this process lives
 * @param options.aliveProcesses ids of all processes that live; what others claimed is taken up at start and after
 */
export async function startInboxWorker(
  app: App,
  options: { processId: string; aliveProcesses(): Promise<readonly string[]> },
): Promise<InboxWorker> {
  const { processId } = options;
  const inFlight = new Set<string>();
  const sweep = async () => {
    const found = await sweepAbandoned(app, await options.aliveProcesses(), { processId, inFlight });
    if (found > 0) log.warn({ found }, 'answers left by an ended process are of unknown outcome');
  };
  await sweep();
  const sweepNow = everyMs(sweepEveryMs, sweep, { atOnce: false });
  const planNow = everyMs(planEveryMs, () => planPolls(app), { atOnce: true });
  const planMentionsNow = everyMs(planEveryMs, () => planMentionPolls(app), { atOnce: true });

  const pushes = createLane('pushes', async (stopping) => {
    while (!stopping() && (await processPushes(app)).more);
  });
  const replies = createLane('replies', async () => {
    await sweepNow();
    await sendDue(app, processId, inFlight);
  });
  const polls = createLane('comments', async (stopping) => {
    await planNow();
    while (!stopping() && (await pollComments(app)) > 0);
  });
  const mentions = createLane('mentions', async (stopping) => {
    await planMentionsNow();
    while (!stopping() && (await pollMentions(app)) > 0);
  });
  const reminders = createLane('reminders', async (stopping) => {
    while (!stopping() && (await remindDue(app)).more);
  });
  const actions = createLane('comment-actions', async (stopping) => {
    while (!stopping() && (await actOnComments(app)) + (await actOnSwitches(app)) > 0);
  });
  const files = createLane('files', async (stopping) => {
    while (!stopping() && (await fetchFiles(app)) > 0);
  });
  const stopped = new AbortController();
  const turns = trainingTurns();
  const train = async () => void (await trainWhereNeeded(app, turns, stopped.signal));
  const trainNow = everyMs(trainEveryMs, train, { atOnce: false });
  const sorting = createLane('sorting', trainNow);
  const tellNow = everyMs(knowledgeEveryMs, async () => void (await tellStale(app)), { atOnce: true });
  const knowledge = createLane('knowledge', () => tellNow());
  const lanes: readonly Lane[] = [
    ...[knowledge, pushes, replies, polls, mentions, reminders, actions, files, sorting],
  ];
  const kick = () => {
    for (const lane of lanes) lane.poke();
  };
  const timer = setInterval(kick, tickMs);
  kick();
  return {
    kick,
    async stop() {
      clearInterval(timer);
      stopped.abort(new Error('the process stops'));
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}

/** One account's answers one after the other, accounts beside each other. */
async function sendDue(app: App, processId: string, inFlight: Set<string>): Promise<void> {
  const due = await app.database.withWorker((tx) => listDue(tx, repliesAtOnce));
  const byAccount = Map.groupBy(due, (reply) => reply.account_id);
  await Promise.all(
    [...byAccount.values()].map(async (list) => {
      for (const row of list) {
        const ref = { bureauId: row.bureau_id, id: row.id };
        inFlight.add(row.id);
        try {
          await (row.state === 'due' ? sendReply(app, processId, ref) : checkReply(app, ref));
        } catch (error) {
          log.warn(
            { replyId: row.id, error: (error as Error).message },
            'an answer was not dealt with; trying again',
          );
        } finally {
          inFlight.delete(row.id);
        }
      }
    }),
  );
}
