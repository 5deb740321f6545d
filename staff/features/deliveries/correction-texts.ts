import { type Text, text } from '#shared/lang.ts';

export const correctionTexts = {
  title: text('更正说明', 'Correction'),
  begin: text('发布更正', 'Publish a correction'),
  dialogTitle: text('发布更正说明', 'Publish a correction'),
  dialogHelp: text(
    '由另一位同事复核。通过后，网站页面正文之前会显示“更正（日期）：……”。',
    'Another colleague checks it. Once approved, it stands with its date above the text on the site.',
  ),
  words: text('更正内容（公开）', 'Correction (public)'),
  wordsHint: text('写明原文哪里有误，正确的是什么', 'What was wrong, and what is right'),
  reason: text('原因（只在内部和操作记录中可见）', 'Reason (for the desk and the audit log)'),
  reasonHint: text('例如：电话核实后发现时间写错', 'For example: a call showed that the hours were wrong'),
  submit: text('送复核', 'Send to be checked'),
  cancel: text('取消', 'Cancel'),
  by: text('{name} 于 {time} 提交', 'Sent by {name}, {time}'),
  because: text('原因：{reason}', 'Reason: {reason}'),
  shownSince: text('{time} 起显示在网站页面上', 'On the site since {time}'),
  returned: text('退回意见：{note}', 'Returned: {note}'),
  withdrawnFor: text('撤回原因：{reason}', 'Withdrawn: {reason}'),
  openReview: text('看复核', 'See the review'),
  takeBack: text('撤回这条更正', 'Withdraw the correction'),
  takeBackTitle: text('撤回这条更正？', 'Withdraw this correction?'),
  takeBackHelp: text(
    '待复核的不再复核；已公开的会从网站页面上消失。',
    'One that waits is not checked any more; a public one disappears from the site.',
  ),
  elsewhere: text(
    '其他平台上的作品还是原来的文字，由平台保管，本系统改不了。可以撤下，也可以用更正内容另发一篇：',
    'Posts on other accounts still say the old words, and cannot be changed from here. Withdraw them, or post the correction:',
  ),
  canWithdraw: text('可由平台接口撤下', 'can be withdrawn by the platform'),
  byHand: text('撤下需人工操作', 'must be withdrawn by hand'),
  post: text('用更正内容起草一篇', 'Begin a post with the correction'),
} as const satisfies Record<string, Text>;
