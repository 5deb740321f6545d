export { channelRoutes } from './channels/routes.ts';
export { startNoticeWorker } from './channels/worker.ts';
export { type NoticeTarget, notify } from './notify.ts';
export { noticeRoutes } from './routes.ts';
