/**
 * Private answers (scope im), for accounts that were granted them: the setting `privateMessages` says so, because new website
 * applications get none. The platform takes an answer to one message, named by its id.
 */
import type { MessagesCapability } from '../contract.ts';
import { outcomeOf } from './answer.ts';
import { callOnce } from './client.ts';
import { limits } from './limits.ts';
import { accessToken, NoToken } from './tokens.ts';

/** Key of a message: what an answer must name, and nothing that a replay could change. */
export const messageKey = (conversationId: string, messageId: string): string =>
  `im:${conversationId}:${messageId}`;

function readMessageKey(key: string): { conversationId: string; messageId: string } | null {
  const [kind, conversationId, messageId, ...rest] = key.split(':');
  if (kind !== 'im' || !conversationId || !messageId || rest.length > 0) return null;
  return { conversationId, messageId };
}

export const messages: MessagesCapability = {
  window: limits.messageWindow,
  replyLimit: limits.messageLength,
  consoleUrl: 'https://www.douyin.com/chat',
  offered: ({ privateMessages }) => privateMessages === 'on',
  async send(session, personKey, text, inReplyTo) {
    if (text.length > limits.messageLength) {
      return { kind: 'rejected', code: 'too-long', reason: `私信最多 ${limits.messageLength} 字` };
    }
    const asked = readMessageKey(inReplyTo ?? '');
    if (!asked) return { kind: 'window-closed', code: 'no-message-to-answer' };
    try {
      await accessToken(session);
    } catch (error) {
      if (error instanceof NoToken) return error.failure;
      throw error;
    }
    const answer = await callOnce(session, {
      method: 'POST',
      path: '/im/send/msg/',
      json: {
        msg_id: asked.messageId,
        conversation_id: asked.conversationId,
        to_user_id: personKey,
        scene: 'im_reply_msg',
        content: { msg_type: 1, text: { text } },
      },
    });
    // The answer's own message id is not needed: nothing can be read back here.
    return answer.kind === 'ok' ? { kind: 'sent', ids: {} } : outcomeOf(answer);
  },
};
