/** Private messages: answers go out as customer-service messages within the platform's window. */
import type { AccountSession, MessagesCapability, ReplyOutcome } from '#connectors/contract.ts';
import { call, irreversibleFailure, isConfirmed } from './client.ts';
import { meaningOf } from './codes.ts';
import { MESSAGE_LONGEST, MESSAGE_WINDOW } from './limits.ts';

export const messages: MessagesCapability = {
  window: MESSAGE_WINDOW,
  replyLimit: MESSAGE_LONGEST,
  consoleUrl: 'https://mp.weixin.qq.com/',
  send,
};

/** Nothing on the platform lists what was sent, so an answer that is lost stays unknown. */
async function send(session: AccountSession, personKey: string, text: string): Promise<ReplyOutcome> {
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/message/custom/send',
    json: { touser: personKey, msgtype: 'text', text: { content: text } },
  });
  if (isConfirmed(answer)) return { kind: 'sent', ids: {} };
  if (answer.kind === 'refused' && meaningOf(answer.code)?.kind === 'window-closed') {
    return { kind: 'window-closed', code: String(answer.code) };
  }
  return irreversibleFailure(answer);
}
