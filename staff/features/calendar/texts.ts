import { type Text, text } from '#shared/lang.ts';

export const calendarTexts = {
  title: text('工作日历', 'Working days'),
  help: text(
    '办理期限按这里的工作日计算，包括节假日和调休。',
    'Deadlines count these working days, holidays and make-up days included.',
  ),
  incomplete: text(
    '{year} 年的放假安排还没有录入，现在只按周末推算。国务院办公厅通知公布后，请在这里逐日标记。',
    'The holiday arrangement of {year} is not entered; only weekends are known. Mark its days here when the State Council publishes it.',
  ),
  year: text('{year} 年', '{year}'),
  previous: text('上一年', 'Previous year'),
  next: text('下一年', 'Next year'),
  works: text('上班', 'Work'),
  rests: text('休息', 'Rest'),
  signWork: text('班', 'W'),
  signRest: text('休', 'H'),
  legendWork: text('调休上班', 'Make-up working day'),
  legendRest: text('放假', 'Holiday'),
  legendHand: text('手工标记', 'Set by hand'),
  legendToday: text('今天', 'Today'),
  name: text('名称（如：春节、国庆调休）', 'Name (a holiday, a make-up day)'),
  save: text('保存', 'Save'),
  clear: text('取消手工标记', 'Forget what was set by hand'),
  moved: text('已保存，{count} 件留言的期限随之调整。', 'Saved; {count} deadlines moved.'),
  source_seed: text('来自放假安排', 'From the published arrangement'),
  source_hand: text('手工标记', 'Set by hand'),
  source_weekday: text('按星期推算', 'By weekday'),
  mark: text('标记', 'Mark as'),
} as const satisfies Record<string, Text>;

export const weekHeads = {
  zh: ['一', '二', '三', '四', '五', '六', '日'],
  en: ['M', 'T', 'W', 'T', 'F', 'S', 'S'],
} as const;
