/** One run: read the words, gather them in a thread, keep what was found. */

import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { monotonicMs } from '#server/base/clock.ts';
import { newId } from '#server/base/ids.ts';
import { log } from '#server/base/log.ts';
import { heatVersion } from '#server/base/text/hot-issues.ts';
import { runInThread, ThreadTimeout } from '#server/base/threads.ts';
import { record } from '#server/modules/audit/index.ts';
import { countTalk, isCourtesy, listTalk, loadNobodys } from '#server/modules/inbox/index.ts';
import type { GatheredIssue, Gathering, Said } from './gather.ts';
import { findHeirs } from './heirs.ts';
import { mergeFigures } from './merge.ts';
import {
  claimRun,
  findLatestRun,
  finishRun,
  forgetOldRuns,
  insertIssues,
  insertMembers,
  listDecided,
  type NewIssue,
  type RunRow,
  releaseRun,
  updateIssue,
} from './store.ts';

/** Of both windows together; what is older stays unread, and the run says how many. */
const mostMessages = 100_000;
/** A hundred thousand messages take a few minutes of one processor; a loaded machine may need longer. */
const timeoutMs = 1_800_000;
const keepDays = 90;
const thread = new URL('./issues-thread.ts', import.meta.url);

export type Runner = { processId: string; alive: readonly string[]; signal: AbortSignal; limit?: number };

/** @returns whether there was one */
export async function runOne(app: App, runner: Runner): Promise<boolean> {
  const { processId, signal } = runner;
  const run = await app.database.withWorker((tx) => claimRun(tx, processId, runner.alive));
  if (!run) return false;
  const began = monotonicMs();
  try {
    const { said, caseOf, leftOut } = await readWords(app, run, runner.limit ?? mostMessages);
    const nobodys = await app.database.withWorker((tx) => loadNobodys(tx, run.bureau_id));
    const found = await runInThread<Gathering, GatheredIssue[]>(
      thread,
      { said, nobodys },
      { timeoutMs, signal },
    );
    const tookMs = Math.round(monotonicMs() - began);
    const messages = said.filter((one) => one.present).length;
    await keep(app, run, processId, { found, said, caseOf, messages, leftOut, tookMs });
  } catch (error) {
    if (signal.aborted) {
      await app.database.withWorker((tx) => releaseRun(tx, run, processId));
      return true;
    }
    log.warn({ runId: run.id, error: (error as Error).message }, 'gathering hot issues failed');
    const failure = error instanceof ThreadTimeout ? 'timeout' : 'broken';
    await app.database.withWorker(async (tx) => {
      await finishRun(tx, run, processId, { state: 'failed', failure });
      app.live.changed(tx, run.bureau_id, 'insight');
    });
  }
  return true;
}

async function readWords(app: App, run: RunRow, limit: number) {
  const { window_from: from, window_to: to, via, bureau_id: bureauId } = run;
  const both = { from: new Date(2 * from.getTime() - to.getTime()), to, via };
  const { talk, all } = await app.database.withWorker(async (tx) => ({
    talk: await listTalk(tx, bureauId, both, limit),
    all: await countTalk(tx, bureauId, { from, to, via }),
  }));
  const caseOf = new Map(talk.map((one) => [one.id, one.case_id]));
  const said = talk
    .filter(({ text }) => !isCourtesy(text))
    .map(({ id, person, text, at, likes }): Said => ({ id, person, text, at, likes, present: at >= from }));
  return { said, caseOf, leftOut: Math.max(0, all - talk.filter(({ at }) => at >= from).length) };
}

type Found = {
  found: readonly GatheredIssue[];
  said: readonly Said[];
  caseOf: ReadonlyMap<string, string | null>;
  messages: number;
  leftOut: number;
  tookMs: number;
};

async function keep(app: App, run: RunRow, processId: string, result: Found): Promise<void> {
  const { bureau_id: bureauId, id: runId } = run;
  const { found, messages, leftOut, tookMs } = result;
  const saidById = new Map(result.said.map((one) => [one.id, one]));
  await app.database.withWorker(async (tx) => {
    const last = await findLatestRun(tx, bureauId, { state: 'done', days: run.days });
    if (!(await finishRun(tx, run, processId, { state: 'done', messages, leftOut, heatVersion, tookMs })))
      return;
    const earlier = last ? await listDecided(tx, bureauId, last.id) : [];
    const heirs = findHeirs(
      found.map(({ ids }) => ({ messageIds: ids })),
      earlier.map((one) => ({ id: one.id, messageIds: one.message_ids, mergedInto: one.merged_into })),
    );
    const byId = new Map(earlier.map((one) => [one.id, one]));
    const fresh = found.map((one, at): NewIssue => {
      const before = heirs[at] ? byId.get(heirs[at].id)! : null;
      const { given_title, hidden, article_id, changed_by, changed_at, reason } = before ?? {};
      return {
        ...{ ...one, id: newId() },
        inherited: before
          ? {
              ...{
                given_title: given_title ?? null,
                hidden: hidden ?? false,
                article_id: article_id ?? null,
              },
              ...{ changed_by: changed_by ?? null, changed_at: changed_at ?? null, reason: reason ?? null },
            }
          : null,
      };
    });
    await insertIssues(tx, bureauId, runId, fresh);
    for (const { id, ids, idsBefore } of fresh) {
      const toMember = (present: boolean) => (messageId: string) => ({
        ...{ id: messageId, caseId: result.caseOf.get(messageId) ?? null, present },
        at: saidById.get(messageId)!.at,
      });
      await insertMembers(tx, bureauId, id, [...ids.map(toMember(true)), ...idsBefore.map(toMember(false))]);
    }
    // What a person merged stays merged, where both came again.
    for (const [at, heir] of heirs.entries()) {
      if (!heir?.mergedInto) continue;
      const into = fresh.find((_, place) => heirs[place]?.id === heir.mergedInto && place !== at);
      if (!into) continue;
      await mergeFigures(tx, bureauId, fresh[at]!.id, into.id);
      await updateIssue(tx, bureauId, fresh[at]!.id, { merged_into: into.id });
    }
    await forgetOldRuns(tx, bureauId, keepDays);
    await record(
      tx,
      systemActor(bureauId),
      'issue-run.done',
      { kind: 'issue-run', id: runId },
      { messages, leftOut, issues: fresh.length },
    );
    app.live.changed(tx, bureauId, 'insight');
  });
}
