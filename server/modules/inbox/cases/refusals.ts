import type { Refusal } from './machine.ts';

/** Why a step is not taken, and what to do instead: Chinese, English. */
export const refusals = {
  closed: ['这件留言已经办结', 'the case is closed'],
  'not-open': ['这件留言现在不在办理中', 'the case is not open'],
  paused: ['已经在暂停计时', 'its clock stands still already'],
  'not-paused': ['没有暂停，无需恢复', 'its clock is not paused'],
  'not-assigned': ['这件还没有分派给科室，不用退办', 'it is with no section, so there is nothing to return'],
  'return-window': [
    '分派已超过 24 小时，不能再退办。请联系分派人转办',
    'it was assigned more than 24 hours ago; ask the dispatcher to assign it anew',
  ],
  'extension-used': [
    '这件已经申请过延期，只能延期一次',
    'an extension was asked for already; there is only one',
  ],
  'extension-too-long': [
    '加上延期不能超过 15 个工作日，请减少天数',
    'with the extension it would take more than 15 working days; ask for fewer',
  ],
  'extension-not-asked': ['没有待批的延期申请', 'no extension waits for a decision'],
  'extension-own': [
    '不能批准自己申请的延期，请由另一位负责人审批',
    'you asked for it yourself; another person must decide',
  ],
  'closing-asked': [
    '投诉、举报没有答复就办结，要由另一位负责人同意。已经提交申请，请等待审批',
    'a complaint or report without an answer is closed by two; it was asked for and waits for somebody to decide',
  ],
  'closing-not-asked': ['没有待批的办结申请', 'no closing waits for a decision'],
  'closing-own': [
    '不能批准自己申请的办结，请由另一位负责人审批',
    'you asked for it yourself; another person must decide',
  ],
  'reason-needed': ['请写明不同意的理由，便于经办人办理', 'say why, so that whoever asked can go on'],
  'outcome-needed': [
    '建议办结时请选择“采纳”或“不采纳”，并写明理由',
    'a suggestion ends in adopted or not adopted, with the reason',
  ],
  'outcome-odd': ['只有建议才选择是否采纳', 'only a suggestion is adopted or not'],
  'not-set-aside': ['这件没有被移出，无需恢复', 'it was not set aside'],
  'merge-self': ['不能并入自己', 'a case cannot be merged into itself'],
  'merge-ended': [
    '要并入的那件已经答复或办结，来信人会没有人答复。请先重新办理那件，或单独答复这件',
    'the other case was answered or closed already, and this person would wait for nobody: reopen it first, or answer this one',
  ],
  'merge-has-merged': [
    '已有其他留言并入这件，请反过来合并',
    'others were merged into this one; merge the other way round',
  ],
  'not-answered': ['答复以后才能回访', 'a call-back follows an answer'],
} as const satisfies Record<Refusal, readonly [string, string]>;
