import { type Text, text } from '#shared/lang.ts';

export const factTexts = {
  source: text('来源 {name}，工单编号 {number}', 'From {name}, order {number}'),
  receipt: text('回执号 {receipt}', 'Receipt {receipt}'),
  page: text('所在网页：', 'Page: '),
  contact: text('联系方式：', 'Contact: '),
  helper: text('协办：{unit}', 'Helps: {unit}'),
  satisfied: text('满意程度：{stars} 星', 'Satisfaction: {stars} of 5'),
  mergedInto: text('已并入', 'Merged into'),
  merged: text('并入本件：', 'Merged into this case: '),
  earlier: text('同一来信人的其他留言', 'Other cases of the same person'),
  notes: text('内部备注', 'Internal notes'),
  noteHint: text('只有同事能看到。', 'Colleagues alone see this.'),
  addNote: text('添加备注', 'Add the note'),
  addFile: text('添加图片或 PDF', 'Add pictures or PDF'),
  fileCount: text('{count} 个附件，随备注一起添加', '{count} files, added with the note'),
  saveToHear: text(
    '浏览器放不出这种语音，请下载后收听。',
    'Browsers cannot play this recording; save it to listen.',
  ),
  noFiles: text('不要附件', 'Without files'),
  flag: text('标记这条评论', 'Flag the comment'),
  flagHelp: text(
    '放进“评论查看”，由同事决定保留还是删除。平台上暂时没有变化。',
    'It goes to “Comments to check”, where a colleague decides. Nothing changes on the platform yet.',
  ),
  flagged: text('已放进“评论查看”。', 'It is among the comments to check.'),
  noted: text('已添加。', 'Added.'),
} as const satisfies Record<string, Text>;
