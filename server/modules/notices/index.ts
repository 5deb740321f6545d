export { type NoticeTarget, notify } from './notify.ts';
export { noticeRoutes } from './routes.ts';
