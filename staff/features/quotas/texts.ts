import { type Text, text } from '#shared/lang.ts';

export const quotaTexts = {
  title: text('余量', 'What is left'),
  reach_day: text('{reach}每天最多 {most} 次：今天已用 {used} 次', '{reach}: {used} of {most} used today'),
  reach_month: text(
    '{reach}每月最多 {most} 次：本月已用 {used} 次',
    '{reach}: {used} of {most} used this month',
  ),
  planned: text('，已排期 {planned} 次', ', {planned} planned'),
  elsewhere: text(
    '只算从这里发的；在平台上另发的也占次数，平台不告诉我们。',
    'Counted from here alone; what is sent on the platform itself counts there too, and it does not tell.',
  ),
  posts: text('{window}内最多发 {most} 条，还可发 {left} 条', '{left} of {most} posts left in {window}'),
  calls: text(
    '{window}内最多调用接口 {most} 次，还剩 {left} 次',
    '{left} of {most} calls of the interface left in {window}',
  ),
  freeAt: text('，{time} 起又可用', ', free again {time}'),
} as const satisfies Record<string, Text>;
