export { recomputeDeadlines } from './cases/recompute.ts';
export { createPushIntake, type PushIntake } from './intake/push-intake.ts';
export { pushRoutes } from './intake/push-routes.ts';
export { countWaitingPushes } from './intake/store.ts';
export { inboxRoutes } from './routes.ts';
export { listInboxTodo } from './todo.ts';
export { startInboxWorker } from './worker.ts';
