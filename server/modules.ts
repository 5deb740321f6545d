/** Where the modules meet: routes of all of them, and what a lower module gets from a higher one. */
import type { RouteSet } from '#server/base/http/serve.ts';
import { accountRoutes, menuRoutes } from '#server/modules/accounts/index.ts';
import { auditRoutes } from '#server/modules/audit/index.ts';
import { contentRoutes, type ReviewLookup } from '#server/modules/content/index.ts';
import { homeRoutes } from '#server/modules/home/index.ts';
import {
  inboxRoutes,
  publishedAnswerSubject,
  recomputeDeadlines,
  replySubject,
  replyTask,
} from '#server/modules/inbox/index.ts';
import { insightRoutes } from '#server/modules/insight/index.ts';
import { channelRoutes, noticeRoutes } from '#server/modules/notices/index.ts';
import { findPeopleNames, peopleRoutes } from '#server/modules/people/index.ts';
import { planningRoutes } from '#server/modules/planning/index.ts';
import {
  articleSubject,
  correctionSubject,
  publishingRoutes,
  publishTask,
  type TaskKindOwners,
  withdrawTask,
} from '#server/modules/publishing/index.ts';
import {
  findLatestReview,
  listDecisions,
  type ReviewSubjects,
  reviewRoutes,
} from '#server/modules/review/index.ts';
import { serviceRoutes } from '#server/modules/services/index.ts';
import { systemRoutes } from './system-routes.ts';

export const reviewSubjects: ReviewSubjects = new Map(
  [articleSubject, correctionSubject, replySubject, publishedAnswerSubject].map((subject) => [
    subject.kind,
    subject,
  ]),
);

/** What people do on platforms with a prepared task. */
export const taskKinds: TaskKindOwners = new Map(
  [publishTask, withdrawTask, replyTask].map((owner) => [owner.kind, owner]),
);

/** How an article stands with its reviewers: the open review, else the latest, with the remarks of a return. */
const reviewOfArticle: ReviewLookup = async (tx, bureauId, articleId) => {
  const review = await findLatestReview(tx, bureauId, articleSubject.kind, articleId);
  if (!review) return null;
  const decisions = await listDecisions(tx, bureauId, review.id);
  const returned = decisions.find((decision) => decision.decision === 'return');
  const names = await findPeopleNames(tx, returned ? [returned.person_id] : []);
  return {
    id: review.id,
    state: review.state,
    stage: review.stage,
    returnNote: returned?.note ?? null,
    returnedByName: returned ? (names.get(returned.person_id) ?? null) : null,
    remarks: returned?.remarks ?? [],
  };
};

export function allRoutes(): RouteSet {
  return [
    ...peopleRoutes(),
    ...noticeRoutes(),
    ...channelRoutes(),
    ...accountRoutes(),
    ...menuRoutes(),
    ...contentRoutes(reviewOfArticle),
    ...reviewRoutes(reviewSubjects),
    ...planningRoutes(recomputeDeadlines),
    ...publishingRoutes(taskKinds),
    ...inboxRoutes(),
    ...insightRoutes(),
    ...serviceRoutes(),
    ...homeRoutes(reviewSubjects),
    ...auditRoutes(),
    ...systemRoutes(),
  ];
}
