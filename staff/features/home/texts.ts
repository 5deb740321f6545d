import { type Text, text } from '#shared/lang.ts';
import type { TodoGroup } from './group-todo.ts';

export const groupLabels = {
  urgent: text('紧急', 'Urgent'),
  overdue: text('已逾期', 'Overdue'),
  today: text('今天', 'Today'),
  tomorrow: text('明天', 'Tomorrow'),
  later: text('日后', 'Later'),
  undated: text('无期限', 'No date'),
} as const satisfies Record<TodoGroup, Text>;

export const homeTexts = {
  title: text('待办', 'To do'),
  count: text('{count} 项', '{count}'),
  due: text('期限 {time}', 'Due {time}'),
  overdue: text('已逾期', 'Overdue'),
  windowUntil: text('平台接受答复到 {time}', 'The platform takes answers until {time}'),
  emptyTitle: text('没有等您办的事。', 'Nothing waits for you.'),
  emptyWrite: text(
    '写一篇群众用得上的：一件事怎么办、带什么材料、多久办好。',
    'Write something people can use: how to get one thing done, with what papers, how soon.',
  ),
  more: text('没有列出的', 'Not listed'),
  moreOf: text('“{action}”还有 {count} 项', '“{action}”: {count} more'),
  seeAll: text('看全部', 'See all'),
  seePosts: text('看发布情况', 'See publishing'),
  seeInbox: text('看留言', 'See the inbox'),
  emptyWait: text(
    '有新的审核、留言或待发内容时，会按日期列在这里。',
    'Reviews, questions and posts that need you will be listed here by date.',
  ),
} as const satisfies Record<string, Text>;
