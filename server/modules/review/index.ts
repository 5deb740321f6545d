export { openReview, voidReview } from './open-review.ts';
export { reviewRoutes } from './routes.ts';
export { findLatestReview, listDecisions, lockReviewOf } from './store.ts';
export type { RenderedSubject, ReviewRecord, ReviewSubject, ReviewSubjects } from './subject.ts';
export { listReviewTodo } from './todo.ts';
