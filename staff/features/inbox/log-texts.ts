import { type Text, text } from '#shared/lang.ts';

/** What the log says of events that name somebody: to whom, from whom, beside which case. */
export const logTexts = {
  assigned: text('分派给 {whom}', 'gave it to {whom}'),
  byRule: text('按规则“{rule}”分派给 {whom}', 'Given to {whom} by the rule “{rule}”'),
  byField: text('按业务分给 {whom}', 'Given to {whom}, whose field it is'),
  byLoad: text('分给手上最少的 {whom}', 'Given to {whom}, who had the fewest cases'),
  byFieldAndLoad: text(
    '按业务归 {unit}，分给手上最少的 {owner}',
    'Belongs to {unit}; given to {owner}, who had the fewest cases',
  ),
  byNobody: text('没有对应的科室，等待分派', 'No section answers for it: waits to be assigned'),
  returned: text('退办（{unit}）', 'returned it ({unit})'),
  'helper-added': text('请 {unit} 协办', 'asked {unit} to help'),
  'helper-removed': text('取消 {unit} 协办', 'no longer asks {unit} to help'),
  merged: text('并入', 'merged it into'),
  absorbed: text('把一件重复留言并入本件：', 'merged a duplicate into this case:'),
  released: text('撤销合并，恢复原来的期限：', 'parted again, its own deadline holds:'),
  unmerged: text('撤销合并，不再并入', 'undid the merge into'),
} as const satisfies Record<string, Text>;
