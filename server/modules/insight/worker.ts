/**
 * What is gathered by itself: runs of hot issues as they are asked for and once a day, the draft of last week's digest, marks
 * of answers. Our tables say what is due; nothing is lost when a process ends.
 */
import { createTurns, type Turns } from '#server/base/apart.ts';
import type { App } from '#server/base/app.ts';
import { fromWallTime, now, wallDate } from '#server/base/clock.ts';
import { log } from '#server/base/log.ts';
import { hasTalk } from '#server/modules/inbox/index.ts';
import { listBureauIds } from '#server/modules/people/index.ts';
import { draftDigest } from './digest/make-digest.ts';
import { findDigestOfWeek } from './digest/store.ts';
import { addDays, mondayOf, rangeOfWeek } from './digest/week.ts';
import { runOne } from './issues/run-issues.ts';
import { findRunUnderWay, insertRun, listToSchedule } from './issues/store.ts';
import { markAnswers } from './quality/mark-answers.ts';

export type InsightWorker = { stop(): Promise<void> };

/** A person who asked waits for it. */
const runsEveryMs = 2_000;
/** The first comes that long after the start, which has enough to do. */
const planEveryMs = 60_000;
const scheduledDays = 7;
const afterFaultMs = 15 * 60_000;
/** Six in the morning, before people come; the digest's Monday begins with the run of that day. */
const scheduleAt = '06:00';
/** Fewer messages need no machine. */
const leastMessages = 20;

export function startInsightWorker(
  app: App,
  options: { processId: string; aliveProcesses(): Promise<readonly string[]> },
): InsightWorker {
  const stopped = new AbortController();
  const { signal } = stopped;
  const runs = repeat(runsEveryMs, signal, async () => {
    const alive = [...(await options.aliveProcesses()), options.processId];
    while (!signal.aborted && (await runOne(app, { processId: options.processId, alive, signal })));
  });
  const turns = planningTurns();
  const plans = repeat(planEveryMs, signal, () => planInsight(app, now(), () => signal.aborted, turns));
  return {
    async stop() {
      stopped.abort(new Error('the process stops'));
      await Promise.all([runs, plans]);
    },
  };
}

/** Work that never overlaps itself; a failure is tried again the next time. */
async function repeat(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await pause(ms, signal);
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'gathering insight failed; it is tried again');
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** Where one of them fails for a bureau, the others are done for it all the same. */
export type PlanningTurns = { runs: Turns; digests: Turns; marks: Turns };
export const planningTurns = (): PlanningTurns => ({
  runs: createTurns('hot issues', afterFaultMs),
  digests: createTurns('digest', afterFaultMs),
  marks: createTurns('marks of answers', afterFaultMs),
});

/** What the time of day asks for. */
export async function planInsight(
  app: App,
  at: Date,
  stopping: () => boolean,
  turns: PlanningTurns = planningTurns(),
): Promise<void> {
  const { database } = app;
  const bureaus = await database.withWorker(listBureauIds);
  const morning = fromWallTime(`${wallDate(at)} ${scheduleAt}`);
  if (at >= morning) {
    const due = await database.withWorker((tx) => listToSchedule(tx, bureaus, morning));
    await turns.runs(due, (bureauId) => schedule(app, bureauId, morning), stopping);
  }
  await turns.digests(bureaus, (bureauId) => draftLastWeek(app, bureauId, at), stopping);
  await turns.marks(bureaus, (bureauId) => markAnswers(app, bureauId, stopping), stopping);
}

/** The window ends with the morning, so that two processes mean the same one. */
async function schedule(app: App, bureauId: string, morning: Date): Promise<void> {
  const from = new Date(morning.getTime() - scheduledDays * 86_400_000);
  await app.database.withWorker(async (tx) => {
    if (!(await hasTalk(tx, bureauId, { from, to: morning }, leastMessages))) return;
    await insertRun(tx, bureauId, { askedBy: null, days: scheduledDays, via: [], to: morning });
  });
}

/** After the morning's run of the new week, so that the digest knows the week's issues. */
async function draftLastWeek(app: App, bureauId: string, at: Date): Promise<void> {
  const week = addDays(mondayOf(wallDate(at)), -7);
  const range = rangeOfWeek(week);
  if (at < fromWallTime(`${addDays(week, 7)} 06:30`)) return;
  await app.database.withWorker(async (tx) => {
    if (await findDigestOfWeek(tx, bureauId, week)) return;
    // Its issues are still being gathered, late because the computer was off or has much to read.
    if (await findRunUnderWay(tx, bureauId)) return;
    // A week in which nobody wrote needs no digest.
    if (!(await hasTalk(tx, bureauId, range, 1))) return;
    await draftDigest(app, tx, bureauId, week);
  });
}
