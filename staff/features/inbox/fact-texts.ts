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
  noted: text('已添加。', 'Added.'),
} as const satisfies Record<string, Text>;
