export { articleSubject } from './article-subject.ts';
export { applyPushedOutcome } from './dispatch/settle.ts';
export { type PublishingWorker, startPublishingWorker } from './dispatch/worker.ts';
export { findDeliveryForReading, listCommentableDeliveries, readPublishingHealth } from './read.ts';
export { publishingRoutes, registerMediaPack } from './routes.ts';
export { findPageBySlug, findShortLink, listRecentPages } from './site-pages.ts';
export { searchPages } from './site-search.ts';
export { listPublishingTodo } from './todo.ts';
