/** What a person says about an issue: its name, that it is none, that it is part of another; and a topic begun from it. */
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { maskPersonalData } from '#server/base/text/personal-data.ts';
import { record } from '#server/modules/audit/index.ts';
import { beginNotedArticle } from '#server/modules/content/index.ts';
import { loadNobodys } from '#server/modules/inbox/index.ts';
import type { changeIssue } from '#shared/insight.ts';
import type { RouteInput } from '#shared/route.ts';
import { mergeFigures } from './merge.ts';
import { findIssue, insertRun, moveMerged, updateIssue } from './store.ts';

export async function askRun(
  app: App,
  tx: Tx,
  actor: Actor,
  wish: { days: number; via: readonly string[] },
): Promise<{ runId: string }> {
  const { id, fresh } = await insertRun(tx, actor.bureauId, {
    ...{ askedBy: actor.personId, days: wish.days, via: wish.via },
    to: await clockOf(tx),
  });
  if (fresh) {
    const detail = { days: wish.days, via: wish.via };
    await record(tx, actor, 'issue-run.asked', { kind: 'issue-run', id }, detail);
    app.live.changed(tx, actor.bureauId, 'insight');
  }
  return { runId: id };
}

type Change = RouteInput<typeof changeIssue>['body'];

/** @throws {AppError} not-found, input-invalid */
export async function changeIssueIn(
  app: App,
  tx: Tx,
  actor: Actor,
  issueId: string,
  change: Change,
): Promise<void> {
  const { bureauId } = actor;
  const issue = await lockIssue(tx, bureauId, issueId);
  const { step, reason } = change;
  const by = { changed_by: actor.personId, reason };
  if (step === 'merge') {
    const into =
      change.into === issueId ? undefined : await findIssue(tx, bureauId, change.into, { lock: true });
    if (!into || into.run_id !== issue.run_id || into.merged_into) {
      throw new AppError('input-invalid', {
        problem: '只能并入同一次汇总里的另一个热点 / only into another issue of the same run',
      });
    }
    await mergeFigures(tx, bureauId, issueId, into.id);
    await moveMerged(tx, bureauId, issueId, into.id);
    await updateIssue(tx, bureauId, issueId, { ...by, merged_into: into.id });
  } else if (step === 'rename') {
    // It stands in the digest, too.
    const given_title = maskPersonalData(change.title, await loadNobodys(tx, bureauId)).masked;
    await updateIssue(tx, bureauId, issueId, { ...by, given_title });
  } else {
    await updateIssue(tx, bureauId, issueId, { ...by, hidden: step === 'hide' });
  }
  const events = { rename: 'renamed', hide: 'hidden', show: 'shown', merge: 'merged' } as const;
  const detail = { reason, ...(step === 'merge' ? { into: change.into } : {}) };
  await record(tx, actor, `issue.${events[step]}`, { kind: 'issue', id: issueId }, detail);
  app.live.changed(tx, bureauId, 'insight');
}

async function lockIssue(tx: Tx, bureauId: string, issueId: string) {
  const issue = await findIssue(tx, bureauId, issueId, { lock: true });
  if (!issue || issue.merged_into) throw new AppError('not-found');
  return issue;
}

/** @throws {AppError} not-found */
export async function beginTopicIn(
  app: App,
  tx: Tx,
  actor: Actor,
  issueId: string,
): Promise<{ articleId: string }> {
  const { bureauId } = actor;
  const issue = await lockIssue(tx, bureauId, issueId);
  if (issue.article_id) return { articleId: issue.article_id };
  const title = issue.given_title ?? issue.title;
  const { id } = await beginNotedArticle(app, tx, actor, {
    title,
    lead: `写作参考（发布前请删去）：${issue.people} 人提到这件事。请写清能不能办、带什么材料、去哪里、多久办好。`,
    notes: issue.sentences,
  });
  await updateIssue(tx, bureauId, issueId, { article_id: id });
  await record(tx, actor, 'issue.topic-begun', { kind: 'issue', id: issueId }, { articleId: id });
  app.live.changed(tx, bureauId, 'insight');
  return { articleId: id };
}
