export { insightRoutes } from './routes.ts';
export { listInsightTodo } from './todo.ts';
export { startInsightWorker } from './worker.ts';
