import type { ReplyState } from '#shared/inbox.ts';
import { type Text, text } from '#shared/lang.ts';

/**
 * Why an answer is in its state, in words. `reason` as it is kept: a code, and after a colon what the platform said.
 */
export function describeReason(state: ReplyState, reason: string | null): Text | null {
  if (reason === null) return null;
  const at = reason.indexOf(':');
  const code = at < 0 ? reason : reason.slice(0, at);
  const said = at < 0 ? '' : reason.slice(at + 1).trim();
  const known = reasons[code];
  if (known) return said ? text(`${known.zh}（${said}）`, `${known.en} (${said})`) : known;
  if (state === 'rejected') return text(`平台拒绝：${reason}`, `Refused by the platform: ${reason}`);
  return text(`平台返回：${reason}`, `The platform said: ${reason}`);
}

const reasons: Readonly<Record<string, Text>> = {
  withdrawn: text('来信人已撤回留言，不再发出', 'The person withdrew the question; it is not sent'),
  'answer-lost': text(
    '没有收到平台的回应，不知是否已经送达',
    'No answer came from the platform; it may have arrived',
  ),
  'process-ended': text(
    '发送途中程序中断，不知是否已经送达',
    'The program ended while sending; it may have arrived',
  ),
  'absent-twice': text(
    '两次核对平台上都没有，已重新排队发送',
    'Twice not found on the platform; it is sent again',
  ),
  'check-gave-up': text('多次核对没有结果，请人工核对', 'Checking found nothing certain; a person must look'),
  'retry-later': text('平台要求稍后再发，已自动安排', 'The platform asked to wait; it is sent again later'),
  'sign-in-again': text(
    '账号授权已失效，重新授权后自动发送',
    'The account must sign in again; it is sent then',
  ),
  'not-connected': text('没有连上平台，已自动安排重发', 'The platform was not reached; it is sent again'),
  'window-closed': text('平台的回复时限已过', 'The platform no longer accepts an answer'),
  'sent-by-hand': text(
    '已由人工在平台上回复，经另一位同事核对',
    'Answered there by hand, checked by a colleague',
  ),
  'person-cancelled': text(
    '核对后确认没有送达，不再发送',
    'A person found that it did not arrive; not sent again',
  ),
  'person-resent': text(
    '核对后确认没有送达，已重新排队发送',
    'A person found that it did not arrive; it is sent again',
  ),
  'review-returned': text(
    '审核人退回，请修改后重新提交',
    'The reviewer returned it; mend it and submit again',
  ),
  overtaken: text('已有人在平台上答复，不再发出', 'Somebody answered on the platform; not sent'),
  'taken-back': text('已由办理人取回修改', 'Taken back to be changed'),
  'person-confirmed': text('经人工核对，已经送达', 'A person found that it arrived'),
};
