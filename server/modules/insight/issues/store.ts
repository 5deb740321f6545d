/** SQL on issue_runs, issues and issue_members. */
import { sql } from 'kysely';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import type { IssueRunState } from '#shared/insight.ts';
import type { GatheredIssue } from './gather.ts';

export type RunRow = {
  bureau_id: string;
  id: string;
  state: IssueRunState;
  asked_by: string | null;
  days: 7 | 14 | 30;
  via: string[];
  window_from: Date;
  window_to: Date;
  messages: number | null;
  left_out: number;
  heat_version: number | null;
  failure: 'timeout' | 'broken' | null;
  finished_at: Date | null;
};

const runColumns = sql`
  bureau_id, id, state, asked_by, days, via, window_from, window_to, messages, left_out, heat_version, failure,
  finished_at`;

/** @returns the run, or the one that is under way already */
export async function insertRun(
  tx: Tx,
  bureauId: string,
  run: { askedBy: string | null; days: number; via: readonly string[]; to: Date },
): Promise<{ id: string; fresh: boolean }> {
  const id = newId();
  const { rows } = await sql<{ id: string }>`
    insert into issue_runs (bureau_id, id, asked_by, days, via, window_from, window_to)
    values (${bureauId}, ${id}, ${run.askedBy}, ${run.days}, ${[...run.via]},
            ${run.to}::timestamptz - make_interval(days => ${run.days}), ${run.to})
    on conflict (bureau_id) where state in ('due', 'running') do nothing
    returning id`.execute(tx);
  if (rows[0]) return { id, fresh: true };
  const waiting = await findRunUnderWay(tx, bureauId);
  // Between the two it may have finished: then there is nothing in the way any more.
  return waiting ? { id: waiting.id, fresh: false } : insertRun(tx, bureauId, run);
}

export async function findRunUnderWay(tx: Tx, bureauId: string): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from issue_runs
    where bureau_id = ${bureauId} and state in ('due', 'running')`.execute(tx);
  return rows[0];
}

export async function findRun(tx: Tx, bureauId: string, id: string): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from issue_runs where bureau_id = ${bureauId} and id = ${id}`.execute(tx);
  return rows[0];
}

/** Ids rise with time: the latest is the last in the key's order. */
export async function findLatestRun(
  tx: Tx,
  bureauId: string,
  wanted: { state: IssueRunState; days: number },
): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from issue_runs
    where bureau_id = ${bureauId} and state = ${wanted.state} and days = ${wanted.days}
    order by id desc limit 1`.execute(tx);
  return rows[0];
}

/** The latest finished run of seven days over all channels that ended in a stretch of time or within two days after it. */
export async function findLatestRunOver(
  tx: Tx,
  bureauId: string,
  from: Date,
  to: Date,
): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    select ${runColumns} from issue_runs
    where bureau_id = ${bureauId} and state = 'done' and days = 7 and via = '{}'
      and window_to > ${from} and window_to < ${to}::timestamptz + interval '2 days'
    order by id desc limit 1`.execute(tx);
  return rows[0];
}

/** Bureaus whose last scheduled run began before `since`, or that never had one. */
export async function listToSchedule(tx: Tx, bureauIds: readonly string[], since: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select b.id from unnest(${[...bureauIds]}::uuid[]) as b (id)
    where not exists (
      select from issue_runs r
      where r.bureau_id = b.id and r.asked_by is null and r.created_at >= ${since})`.execute(tx);
  return rows.map((row) => row.id);
}

/** Takes one that waits, or that a process left which lives no more. */
export async function claimRun(
  tx: Tx,
  processId: string,
  alive: readonly string[],
): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    update issue_runs set state = 'running', process_id = ${processId}, started_at = clock_timestamp()
    where (bureau_id, id) = (
      select bureau_id, id from issue_runs
      where state = 'due' or (state = 'running' and process_id <> all(${[...alive]}::uuid[]))
      order by created_at limit 1 for update skip locked
    )
    returning ${runColumns}`.execute(tx);
  return rows[0];
}

/** A fence: who lost the run in the meantime changes nothing. @returns whether it was still ours */
export async function finishRun(
  tx: Tx,
  run: Pick<RunRow, 'bureau_id' | 'id'>,
  processId: string,
  end:
    | { state: 'done'; messages: number; leftOut: number; heatVersion: number; tookMs: number }
    | { state: 'failed'; failure: 'timeout' | 'broken' },
): Promise<boolean> {
  const done = end.state === 'done';
  const result = await tx
    .updateTable('issue_runs')
    .set({
      state: end.state,
      finished_at: sql<Date>`clock_timestamp()`,
      ...(done
        ? {
            ...{ messages: end.messages, left_out: end.leftOut },
            ...{ heat_version: end.heatVersion, took_ms: end.tookMs },
          }
        : { failure: end.failure }),
    })
    .where('bureau_id', '=', run.bureau_id)
    .where('id', '=', run.id)
    .where('state', '=', 'running')
    .where('process_id', '=', processId)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A stopping process gives its run back. */
export async function releaseRun(tx: Tx, run: Pick<RunRow, 'bureau_id' | 'id'>, processId: string) {
  await tx
    .updateTable('issue_runs')
    .set({ state: 'due', process_id: null })
    .where('bureau_id', '=', run.bureau_id)
    .where('id', '=', run.id)
    .where('process_id', '=', processId)
    .where('state', '=', 'running')
    .execute();
}

/** Old runs with what was found in them; digests keep their own words. */
export async function forgetOldRuns(tx: Tx, bureauId: string, keepDays: number): Promise<void> {
  await sql`
    delete from issue_runs
    where bureau_id = ${bureauId} and created_at < clock_timestamp() - make_interval(days => ${keepDays})`.execute(
    tx,
  );
}

export type IssueRow = {
  id: string;
  run_id: string;
  title: string;
  given_title: string | null;
  messages: number;
  people: number;
  before: number;
  heat: number;
  names: string[];
  sentences: string[];
  first_at: Date;
  last_at: Date;
  hidden: boolean;
  merged_into: string | null;
  article_id: string | null;
  changed_by: string | null;
  changed_at: Date | null;
  reason: string | null;
};

const issueColumns = [
  ...(['id', 'run_id', 'title', 'given_title', 'messages', 'people', 'before', 'heat', 'names'] as const),
  ...(['sentences', 'first_at', 'last_at', 'hidden', 'merged_into', 'article_id'] as const),
  ...(['changed_by', 'changed_at', 'reason'] as const),
];

/** What stands on its own, the hottest first. */
export async function listIssueRows(tx: Tx, bureauId: string, runId: string): Promise<IssueRow[]> {
  return tx
    .selectFrom('issues')
    .select(issueColumns)
    .where('bureau_id', '=', bureauId)
    .where('run_id', '=', runId)
    .where('merged_into', 'is', null)
    .orderBy('heat', 'desc')
    .orderBy('id')
    .execute();
}

export async function findIssue(
  tx: Tx,
  bureauId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<IssueRow | undefined> {
  const query = tx
    .selectFrom('issues')
    .select(issueColumns)
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id);
  return (options.lock ? query.forUpdate() : query).executeTakeFirst();
}

/** The run's issues that a person changed, with their messages of the window. */
export async function listDecided(tx: Tx, bureauId: string, runId: string) {
  const { rows } = await sql<IssueRow & { message_ids: string[] }>`
    select i.*, array(
      select m.message_id from issue_members m
      where m.bureau_id = i.bureau_id and m.issue_id = i.id and m.present) as message_ids
    from issues i
    where i.bureau_id = ${bureauId} and i.run_id = ${runId}`.execute(tx);
  return rows;
}

export type NewIssue = GatheredIssue & {
  id: string;
  inherited: Pick<
    IssueRow,
    'given_title' | 'hidden' | 'article_id' | 'changed_by' | 'changed_at' | 'reason'
  > | null;
};

export async function insertIssues(
  tx: Tx,
  bureauId: string,
  runId: string,
  found: readonly NewIssue[],
): Promise<void> {
  if (found.length === 0) return;
  await tx
    .insertInto('issues')
    .values(
      found.map((one) => ({
        ...{ bureau_id: bureauId, id: one.id, run_id: runId, title: one.title, messages: one.ids.length },
        ...{ people: one.people, before: one.idsBefore.length, heat: one.heat, names: one.names },
        ...{ sentences: one.sentences, first_at: one.first, last_at: one.last },
        ...one.inherited,
      })),
    )
    .execute();
}

export async function insertMembers(
  tx: Tx,
  bureauId: string,
  issueId: string,
  members: readonly { id: string; caseId: string | null; at: Date; present: boolean }[],
): Promise<void> {
  await sql`
    insert into issue_members (bureau_id, issue_id, message_id, case_id, at, present)
    select ${bureauId}, ${issueId}, * from unnest(
      ${members.map(({ id }) => id)}::uuid[], ${members.map(({ caseId }) => caseId)}::uuid[],
      ${members.map(({ at }) => at)}::timestamptz[], ${members.map(({ present }) => present)}::boolean[])`.execute(
    tx,
  );
}

/** Of an issue and of what was merged into it. */
export async function listMembers(tx: Tx, bureauId: string, issueId: string, limit: number) {
  const { rows } = await sql<{ message_id: string; case_id: string | null; at: Date; total: number }>`
    select message_id, case_id, at, count(*) over () as total from issue_members
    where bureau_id = ${bureauId} and present and issue_id in (
      select id from issues where bureau_id = ${bureauId} and (id = ${issueId} or merged_into = ${issueId}))
    order by at desc, message_id limit ${limit}`.execute(tx);
  return rows;
}

export async function updateIssue(
  tx: Tx,
  bureauId: string,
  id: string,
  change: Partial<
    Pick<
      IssueRow,
      | 'given_title'
      | 'hidden'
      | 'merged_into'
      | 'article_id'
      | 'changed_by'
      | 'reason'
      | 'messages'
      | 'people'
      | 'before'
      | 'heat'
      | 'first_at'
      | 'last_at'
      | 'names'
      | 'sentences'
    >
  >,
): Promise<void> {
  await tx
    .updateTable('issues')
    .set({ ...change, ...(change.reason ? { changed_at: sql<Date>`clock_timestamp()` } : {}) })
    .where('bureau_id', '=', bureauId)
    .where('id', '=', id)
    .execute();
}

/** What was merged into one goes along when that is merged further. */
export async function moveMerged(tx: Tx, bureauId: string, from: string, into: string): Promise<void> {
  await tx
    .updateTable('issues')
    .set({ merged_into: into })
    .where('bureau_id', '=', bureauId)
    .where('merged_into', '=', from)
    .execute();
}
