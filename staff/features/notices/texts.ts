import { type Text, text } from '#shared/lang.ts';

export const noticeTexts = {
  title: text('通知', 'Notices'),
  bell: text('通知，{count} 条未读', 'Notices, {count} unread'),
  bellNone: text('通知，没有未读', 'Notices, none unread'),
  all: text('全部', 'All'),
  unread: text('未读', 'Unread'),
  read: text('已读', 'Read'),
  urgent: text('紧急', 'Urgent'),
  markAll: text('全部标为已读', 'Mark all as read'),
  markRead: text('标为已读', 'Mark as read'),
  markUnread: text('标为未读', 'Mark as unread'),
  open: text('去查看', 'Open'),
  due: text('期限 {time}', 'Due {time}'),
  emptyAll: text('还没有通知。', 'No notices yet.'),
  emptyUnread: text('通知都看过了。', 'You have read all notices.'),
  emptyHelp: text(
    '需要您处理或知道的事，会出现在这里。',
    'What you need to do or know about will appear here.',
  ),
} as const satisfies Record<string, Text>;
