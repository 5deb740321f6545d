export { findHandedFile, type HandedParams } from './app-links/handed-media.ts';
export { articleSubject } from './article-subject.ts';
export { correctionSubject } from './corrections/subject.ts';
export { startDraftWorker } from './discards/worker.ts';
export { applyPushedOutcome } from './dispatch/pushed-outcome.ts';
export { startPublishingWorker } from './dispatch/worker.ts';
export { checkPlanned } from './preflight.ts';
export { findDeliveryForReading, listCommentableDeliveries, readPublishingHealth } from './read.ts';
export type { Reason } from './reasons.ts';
export { publishingRoutes } from './routes.ts';
export {
  findPageBySlug,
  findPublicFile,
  findShortLink,
  findSiteBase,
  listFeedPages,
  listPublicSites,
  listRecentPages,
  type PageCursor,
  type PageLine,
  type PublicSite,
  pagePath,
  type SitePage,
} from './site-pages.ts';
export { type FoundPage, searchPages } from './site-search.ts';
export { anyTerm, fold as foldText, indexTerms, queryTerms, quoteTerm } from './site-terms.ts';
export type { TaskKindOwner, TaskKindOwners } from './tasks/kind.ts';
export { publishTask } from './tasks/publish-task.ts';
export { registerMediaPack } from './tasks/routes.ts';
export { endTasksOf, findOpenTask, insertTask, listTaskRows } from './tasks/store.ts';
export { listPublishingTodo } from './todo.ts';
export { withdrawTask } from './withdrawals/withdraw-task.ts';
