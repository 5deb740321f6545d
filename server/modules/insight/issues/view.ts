import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import { listCaseNumbers, listTalkById, loadNobodys } from '#server/modules/inbox/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import type { getIssue, Issue, IssueRun, listIssues } from '#shared/insight.ts';
import { type Text, text } from '#shared/lang.ts';
import type { RouteReply } from '#shared/route.ts';
import {
  findIssue,
  findLatestRun,
  findRun,
  findRunUnderWay,
  type IssueRow,
  listIssueRows,
  listMembers,
  type RunRow,
} from './store.ts';

const failures: Record<'timeout' | 'broken', Text> = {
  timeout: text(
    '汇总超过了时限，没有完成。请缩短时间范围或只选部分渠道，再试一次。',
    'It took longer than it may. Choose a shorter window or fewer ways in and try again.',
  ),
  broken: text(
    '汇总中途出错，没有完成。请再试一次；如仍不行，请联系运维查看运行日志。',
    'It broke off. Try again; if it fails again, ask the operator to look at the log.',
  ),
};

const mostMembers = 200;

export async function viewIssues(
  tx: Tx,
  bureauId: string,
  wanted: { days: number; hidden: boolean },
): Promise<RouteReply<typeof listIssues>> {
  const run = await findLatestRun(tx, bureauId, { state: 'done', days: wanted.days });
  const underWay = await findRunUnderWay(tx, bureauId);
  const failed = await findLatestRun(tx, bureauId, { state: 'failed', days: wanted.days });
  const rows = run ? await listIssueRows(tx, bureauId, run.id) : [];
  const names = await findPeopleNames(
    tx,
    [...rows.map((row) => row.changed_by), run?.asked_by, underWay?.asked_by].filter(isText),
  );
  const hiddenCount = rows.filter((row) => row.hidden).length;
  return {
    run: run ? toRun(run, names) : null,
    underWay: underWay ? toRun(underWay, names) : null,
    // An older failure is no news once a later run is done.
    lastFailed: failed && (!run || failed.id > run.id) ? toRun(failed, names) : null,
    issues: rows.filter((row) => row.hidden === wanted.hidden).map((row) => toIssue(row, names)),
    hiddenCount,
  };
}

const isText = (value: string | null | undefined): value is string => typeof value === 'string';

/** @throws {AppError} not-found */
export async function viewIssue(
  tx: Tx,
  bureauId: string,
  issueId: string,
): Promise<RouteReply<typeof getIssue>> {
  const row = await findIssue(tx, bureauId, issueId);
  const run = row && (await findRun(tx, bureauId, row.run_id));
  if (!row || !run) throw new AppError('not-found');
  const members = await listMembers(tx, bureauId, issueId, mostMembers);
  const talk = new Map(
    (
      await listTalkById(
        tx,
        bureauId,
        members.map((one) => one.message_id),
      )
    ).map((one) => [one.id, one]),
  );
  const numbers = await listCaseNumbers(tx, bureauId, members.map((one) => one.case_id).filter(isText));
  const names = await findPeopleNames(tx, [row.changed_by, run.asked_by].filter(isText));
  const others = (await listIssueRows(tx, bureauId, row.run_id)).filter((one) => one.id !== issueId);
  const nobodys = await loadNobodys(tx, bureauId);
  return {
    issue: toIssue(row, names),
    run: toRun(run, names),
    members: members.flatMap(({ message_id: messageId, case_id: caseId }) => {
      const said = talk.get(messageId);
      if (!said) return [];
      return [
        {
          ...{ messageId, caseId, caseNumber: caseId && (numbers.get(caseId)?.number ?? null) },
          ...{
            channel: said.channel,
            text: maskPersonalData(said.text, nobodys).masked,
            at: said.at.toISOString(),
          },
        },
      ];
    }),
    memberCount: members[0]?.total ?? 0,
    others: others.map((one) => ({ id: one.id, title: one.given_title ?? one.title })),
  };
}

function toRun(row: RunRow, names: ReadonlyMap<string, string>): IssueRun {
  return {
    ...{ id: row.id, state: row.state, days: row.days, via: row.via as IssueRun['via'] },
    askedByName: row.asked_by && (names.get(row.asked_by) ?? ''),
    from: row.window_from.toISOString(),
    to: row.window_to.toISOString(),
    ...{ messages: row.messages, leftOut: row.left_out, heatVersion: row.heat_version },
    failure: row.failure && failures[row.failure],
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

export function toIssue(row: IssueRow, names: ReadonlyMap<string, string>): Issue {
  return {
    ...{ id: row.id, title: row.given_title ?? row.title, messages: row.messages, people: row.people },
    ...{ before: row.before, heat: row.heat, names: row.names, sentences: row.sentences },
    ...{ firstAt: row.first_at.toISOString(), lastAt: row.last_at.toISOString(), hidden: row.hidden },
    articleId: row.article_id,
    change:
      row.changed_at && row.reason
        ? {
            byName: row.changed_by ? (names.get(row.changed_by) ?? '') : '',
            at: row.changed_at.toISOString(),
            reason: row.reason,
          }
        : null,
  };
}
