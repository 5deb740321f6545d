import { type Text, text } from '#shared/lang.ts';

/** Why a delivery is where it is; `deliveries.reason` holds the code, or a sentence that the platform or a person gave. */
export const reasons = {
  missed: text(
    '到时程序没有运行，已错过 15 分钟以上，请确认是否补发。',
    'The program was not running at the time; more than 15 minutes have passed. Decide whether to send it now.',
  ),
  'missed-long': text(
    '错过计划时间超过 24 小时，已作废，如需发布请重新排期。',
    'More than 24 hours late: expired. Plan it anew if it is still wanted.',
  ),
  'account-not-active': text(
    '账号已暂停、待重新授权或已关停，恢复后自动继续；晚于计划 15 分钟的须人工放行。',
    'The account is paused or must sign in again; afterwards it goes on by itself, or waits for a release when more than 15 minutes late.',
  ),
  'approval-missing': text('没有有效的终审通过记录，不发送。', 'There is no valid final approval; not sent.'),
  'approval-window': text(
    '不在审核批准的时间范围内，请重新送审或改期。',
    'Outside the approved time window.',
  ),
  'program-ended': text(
    '发送途中程序中断，正在平台上核对是否已经发出。',
    'The program ended while sending; the platform is being asked whether it went out.',
  ),
  'answer-lost': text(
    '没有收到平台的答复，正在核对是否已经发出。',
    'No answer came from the platform; checking whether it went out.',
  ),
  limit: text('平台限制调用，稍后自动重试。', 'The platform limits calls; it is tried again by itself.'),
  // In older records; now the person's own words stand there.
  'held-by-person': text('已人工暂缓。', 'Held by a person.'),
  'withdrawn-everywhere': text(
    '已按撤稿要求停止，不会发出。',
    'Stopped by a withdrawal; it will not go out.',
  ),
  'taken-back': text('文稿已撤回。', 'The article was taken back.'),
  'absent-twice': text(
    '两次核对平台上都没有，重新发送。',
    'The platform showed it absent twice; it is sent again.',
  ),
  'own-key': text(
    '平台凭同一编号不会重复发送，用原编号再问一次。',
    'The platform never sends the same id twice; it is asked again with that id.',
  ),
  'gave-up': text(
    '多次准备失败，请查看记录后重试。',
    'Preparation failed repeatedly; look at the log, then retry.',
  ),
  'person-decided': text('由人工核对确定。', 'Decided by a person.'),
  'handoff-expired': text('人工发布任务已过期。', 'The hand-off task expired.'),
  'out-after-end': text(
    '停止之后平台通知：作品还是发出来了。请到平台看一看，不该发的请撤下。',
    'Stopped here, and the platform told afterwards that it is out. Look there; take it away if it should not be.',
  ),
  'refused-after-end': text(
    '停止之后平台通知：作品没有通过，没有发出。',
    'Stopped here; the platform told afterwards that it was refused and is not out.',
  ),
  'accepted-after-end': text(
    '停止之后平台通知：作品已收到，正在处理，可能还会发出来。',
    'Stopped here; the platform told afterwards that it has the post and may still show it.',
  ),
  restored: text(
    '由备份恢复：备份之后可能已经发出，请先到平台核对，再决定是否发布。',
    'Restored from a backup: it may have gone out since. Look at the platform first, then decide.',
  ),
} as const satisfies Record<string, Text>;
export type Reason = keyof typeof reasons;

export function reasonText(stored: string | null): Text | null {
  if (!stored) return null;
  return stored in reasons ? reasons[stored as Reason] : { zh: stored, en: stored };
}
