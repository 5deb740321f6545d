import type { MessagesCapability } from '../contract.ts';
import { callAs, outcomeOf } from './client.ts';
import { limits } from './limits.ts';

/** Answers lie on a host of their own; a stand-in has everything below one address. */
const PATH = '/2/messages/reply.json';
const addressFor = (baseUrl: string): string =>
  new URL(baseUrl).hostname === 'api.weibo.com' ? `https://m.api.weibo.com${PATH}` : PATH;

export const messages: MessagesCapability = {
  // "Unlimited" within 48 hours of the person's message (wiki Send_Customer_Service_Message, 2014).
  window: { ms: 48 * 3_600_000, messages: 10_000 },
  replyLimit: limits.messageCharacters,
  consoleUrl: 'https://weibo.com/messages',
  async send(session, personKey, text) {
    if (text.length > limits.messageCharacters) {
      return { kind: 'rejected', code: 'too-long', reason: '私信须少于 300 字' };
    }
    const answer = await callAs(session, {
      method: 'POST',
      path: addressFor(session.http.baseUrl),
      form: { type: 'text', data: JSON.stringify({ text }), receiver_id: personKey, save_sender_box: '1' },
    });
    return answer.kind === 'ok' ? { kind: 'sent', ids: {} } : outcomeOf(answer);
  },
};
