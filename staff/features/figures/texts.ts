import { type Text, text } from '#shared/lang.ts';

export const figureTexts = {
  title: text('数据', 'Figures'),
  help: text(
    '每个数字都写明怎么来的、什么时候的。没有填就是没有，不等于零。',
    'Every figure says how and when it was got. What nobody looked at is empty, not zero.',
  ),
  allAccounts: text('全部账号', 'All accounts'),
  account: text('账号', 'Account'),
  post: text('作品', 'Post'),
  published: text('发布时间', 'Published'),
  emptyTitle: text('还没有已发布的作品。', 'Nothing is out yet.'),
  emptyHelp: text(
    '发布或登记的作品会出现在这里，等着填数据。',
    'Posts that went out or were registered appear here, to be measured.',
  ),
  unavailable: text('不提供', 'n/a'),
  failed: text('接口未取到：{code}', 'The interface gave nothing: {code}'),
  paste: text('粘贴表格数据', 'Paste from a spreadsheet'),
  pasteHelp: text(
    '在表格里选中一列或几列，复制后粘贴到这里。带作品链接的按链接对应，不带的按本页作品从上到下的顺序对应。',
    'Copy one or more columns and paste them here. Rows with a link go by it, others by the order of the posts on this page.',
  ),
  columns: text('各列依次是', 'The columns are'),
  asOf: text('数据时间', 'As of'),
  preview: text('看看对不对', 'Preview'),
  line: text('行', 'Row'),
  problems: text('核对', 'Check'),
  fine: text('可以保存', 'Fine'),
  someWrong: text(
    '{count} 行里有 {wrong} 行需要修改，现在什么都没有保存。',
    '{wrong} of {count} rows must be mended; nothing is saved.',
  ),
  save: text('保存 {count} 行', 'Save {count} rows'),
  saved: text('已保存 {count} 个数据。', '{count} figures saved.'),
  sheet: text('下载表格（含已有数据）', 'Download the sheet'),
  choose: text('上传填好的表格', 'Upload it filled in'),
  fill: text('填报数据', 'Write figures'),
  none: text('还没有数据。', 'No figures yet.'),
  notShown: text('平台不显示', 'Not shown there'),
  curve: text('变化过程', 'Over time'),
} as const satisfies Record<string, Text>;
