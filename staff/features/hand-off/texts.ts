import { type Text, text } from '#shared/lang.ts';

export const handOffTexts = {
  title: text('人工发布', 'Post by hand'),
  deadline: text('请在 {time} 前完成', 'To be done before {time}'),
  passed: text('已过截止时间，仍可完成', 'The deadline has passed; you can still do it'),
  steps: text('怎么做', 'What to do'),
  copyHead: text('复制这些文字', 'Copy these texts'),
  field_title: text('标题', 'Title'),
  field_digest: text('简介', 'Digest'),
  field_body: text('正文', 'Text'),
  copyField: text('复制{field}', 'Copy the {field}'),
  media: text('图片', 'Pictures'),
  mediaPack: text('下载全部图片（压缩包）', 'Download all pictures (zip)'),
  saveOne: text('长按图片可存到手机', 'Long-press a picture to save it'),
  pasteHead: text('发好之后，把分享文字贴到这里', 'When it is posted, paste the share text here'),
  pasteHelp: text(
    '在作品页点“分享 → 复制链接”，整段粘贴即可，链接会自动找出。',
    'On the post choose “Share → Copy link” and paste all of it; the link is found by itself.',
  ),
  pasteLabel: text('分享文字', 'Share text'),
  send: text('完成', 'Done'),
  doneTitle: text('已完成，谢谢。', 'Done, thank you.'),
  doneLink: text('作品链接：', 'The post: '),
  missing: text('没有找到这个任务。', 'There is no such task.'),
  missingHelp: text(
    '链接可能没有复制完整。请重新扫码，或请派给您的同事再发一次。',
    'The link may have been cut off. Scan the code again, or ask whoever sent it.',
  ),
  over: text('这个任务已经结束（{state}），不用再发布。', 'This task is over ({state}); do not post.'),
  keep: text('（贴过的文字留在本机）', '(what you paste stays on this phone)'),
} as const satisfies Record<string, Text>;
