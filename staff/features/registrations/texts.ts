import { type Text, text } from '#shared/lang.ts';

export const registrationTexts = {
  title: text('登记已发布的作品', 'Register posts'),
  help: text(
    '在别处发布到本单位账号上的作品，登记后和系统发布的一样计入、统计、留痕。',
    'Posts that reached our accounts some other way; once registered they count and are measured like the others.',
  ),
  one: text('登记一条', 'One post'),
  account: text('账号', 'Account'),
  pasted: text('作品链接，或整段分享文字', 'Link, or the whole share text'),
  postTitle: text('标题', 'Title'),
  published: text('发布时间', 'Published'),
  found: text('找到链接：{url}', 'Link found: {url}'),
  known: text('查看系统里的这一条', 'See the one that is here'),
  register: text('登记', 'Register'),
  registered: text('已登记 {count} 条。', '{count} registered.'),
  many: text('用表格登记多条', 'Many, from a sheet'),
  manyHelp: text(
    '先下载模板填写，再上传。上传后先列出每一行，确认无误才保存；有一行不对，就一条也不保存。',
    'Fill in the template and upload it. Every row is shown first; when one is wrong, none is saved.',
  ),
  template: text('下载模板', 'Template'),
  choose: text('上传表格（xlsx、csv）', 'Upload a sheet (xlsx, csv)'),
  line: text('行', 'Row'),
  problems: text('需要修改', 'To be mended'),
  fine: text('可以登记', 'Fine'),
  allFine: text('{count} 行都可以登记。', 'All {count} rows are fine.'),
  someWrong: text(
    '{count} 行里有 {wrong} 行需要修改。请改好表格再上传，现在什么都没有保存。',
    '{wrong} of {count} rows must be mended. Mend the sheet and upload it again; nothing is saved.',
  ),
  saveAll: text('登记全部 {count} 条', 'Register all {count}'),
} as const satisfies Record<string, Text>;
