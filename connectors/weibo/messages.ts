import type { MessagesCapability, PlatformHttp } from '../contract.ts';
import { callAs, callForFile, failureOf, outcomeOf } from './client.ts';
import { limits } from './limits.ts';

/** Answers and files lie on hosts of their own; a stand-in has everything below one address. */
const onHost = ({ baseUrl }: PlatformHttp, host: string, path: string): string =>
  new URL(baseUrl).hostname === 'api.weibo.com' ? `https://${host}${path}` : path;

export const messages: MessagesCapability = {
  // "Unlimited" within 48 hours of the person's message (wiki Send_Customer_Service_Message, 2014).
  window: { ms: 48 * 3_600_000, messages: 10_000 },
  replyLimit: limits.messageCharacters,
  consoleUrl: 'https://weibo.com/messages',
  files: {
    types: ['image', 'voice'],
    // Not documented; as long as other platforms keep what is sent to them.
    keptForMs: 3 * 24 * 3_600_000,
    async load(session, { mediaId }) {
      if (!mediaId) return { failure: nothingThere };
      const answer = await callForFile(session, {
        method: 'GET',
        path: onHost(session.http, 'upload.api.weibo.com', '/2/mss/msget'),
        query: { fid: mediaId },
      });
      if (answer.kind === 'file') return { bytes: answer.bytes };
      return { failure: answer.kind === 'ok' ? nothingThere : failureOf(answer) };
    },
  },
  async send(session, personKey, text) {
    if (text.length > limits.messageCharacters) {
      return { kind: 'rejected', code: 'too-long', reason: '私信须少于 300 字' };
    }
    const answer = await callAs(session, {
      method: 'POST',
      path: onHost(session.http, 'm.api.weibo.com', '/2/messages/reply.json'),
      form: { type: 'text', data: JSON.stringify({ text }), receiver_id: personKey, save_sender_box: '1' },
    });
    return answer.kind === 'ok' ? { kind: 'sent', ids: {} } : outcomeOf(answer);
  },
};

const nothingThere = {
  kind: 'rejected',
  code: 'no-file',
  reason: '平台没有给出文件。The platform gave no file.',
} as const;
