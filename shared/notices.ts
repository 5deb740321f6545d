import { z } from 'zod';
import { type Text, text } from './lang.ts';
import { route } from './route.ts';

/** What a notice can be about. A robot says no more than this label, a number, a deadline and a link. */
export const noticeKinds = [
  'review-waiting',
  'review-returned',
  'review-approved',
  'review-voided',
  'delivery-unknown',
  'delivery-failed',
  'delivery-held',
  'delivery-at-risk',
  'delivery-after-end',
  'hand-off-waiting',
  'case-alarm',
  'case-assigned',
  'case-deadline-near',
  'case-overdue',
  'case-escalated',
  'case-withdrawn',
  'reply-unknown',
  'grant-expiring',
  'grant-ended',
  'account-filing',
  'channel-failing',
  'channel-test',
  'work-waiting',
] as const;
export const NoticeKind = z.enum(noticeKinds);
export type NoticeKind = z.infer<typeof NoticeKind>;
export const noticeKindLabels = {
  'review-waiting': text('文稿待审', 'Review waiting'),
  'review-returned': text('文稿被退回', 'Article returned'),
  'review-approved': text('文稿已通过审核', 'Article approved'),
  'review-voided': text('不用再审', 'Review no longer needed'),
  'delivery-unknown': text('发布结果不明', 'Outcome of a post unknown'),
  'delivery-failed': text('发布没有成功', 'A post did not go out'),
  'delivery-held': text('发布等待放行', 'A post waits to be released'),
  'delivery-at-risk': text('即将发布，账号不可用', 'A planned post would fail'),
  'delivery-after-end': text('已停止的发布有了平台的消息', 'News of a post that was stopped'),
  'hand-off-waiting': text('有人工发布任务', 'A post waits to be done by hand'),
  'case-alarm': text('紧急来件，请马上处理', 'An urgent case'),
  'case-assigned': text('留言已分派', 'A case was assigned'),
  'case-deadline-near': text('留言即将到期', 'A case is due soon'),
  'case-overdue': text('留言已超期', 'A case is overdue'),
  'case-escalated': text('留言已上报', 'A case was escalated'),
  'case-withdrawn': text('留言已由来信人撤回', 'A case was withdrawn'),
  'reply-unknown': text('答复是否送达不明', 'Outcome of an answer unknown'),
  'grant-expiring': text('账号授权即将到期', 'A grant ends soon'),
  'grant-ended': text('账号授权已失效', 'A grant has ended'),
  'account-filing': text('账号备案事项', 'Filing of an account'),
  'channel-failing': text('通知没有送达', 'Notices do not arrive'),
  'channel-test': text('测试通知', 'Test notice'),
  'work-waiting': text('有新的待办', 'Something waits for you'),
} as const satisfies Record<NoticeKind, Text>;

/** `urgent` goes out at once, by night too; `normal` waits for the morning and is gathered. */
export const urgencies = ['normal', 'urgent'] as const;
export const Urgency = z.enum(urgencies);
export type Urgency = z.infer<typeof Urgency>;

export const Notice = z.object({
  id: z.uuid(),
  kind: NoticeKind,
  urgency: Urgency,
  words: z.object({ zh: z.string(), en: z.string() }),
  reference: z.string().nullable(),
  /** A path of the staff app. */
  link: z.string(),
  dueAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  read: z.boolean(),
});
export type Notice = z.infer<typeof Notice>;

export const listNotices = route({
  method: 'GET',
  path: '/api/notices',
  access: 'session',
  summary: 'My notices, newest first; 50 a page.',
  query: z.object({ unread: z.enum(['1']).optional(), cursor: z.uuid().optional() }),
  reply: z.object({ rows: z.array(Notice), next: z.string().nullable() }),
});

export const countNotices = route({
  method: 'GET',
  path: '/api/notices/unread',
  access: 'session',
  summary: 'How many of my notices are unread; counting stops at 100.',
  reply: z.object({ unread: z.number().int() }),
});

export const markNotices = route({
  method: 'PUT',
  path: '/api/notices/read',
  access: 'session',
  summary: 'Mark notices of mine as read or unread; `noticeIds` null means all.',
  body: z.object({ noticeIds: z.array(z.uuid()).max(200).nullable(), read: z.boolean() }),
  reply: z.object({ ok: z.literal(true) }),
});
