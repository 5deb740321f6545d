/** What the account's owner may do to a comment besides answering it. */
import type { AccountSession, CommentAction, ModerationCapability } from '#connectors/contract.ts';
import { call, doneOrFailure, type Refusal } from './client.ts';
import { addressOf, msgDataIdOf, numberIfSafe } from './comment-address.ts';

const PATHS: Readonly<Record<CommentAction, string>> = {
  elect: '/cgi-bin/comment/markelect',
  unelect: '/cgi-bin/comment/unmarkelect',
  delete: '/cgi-bin/comment/delete',
  'delete-reply': '/cgi-bin/comment/reply/delete',
};

/** What is so already: the reader deleted it, it does not exist any more, there is no reply. */
const DONE_ALREADY: Readonly<Record<CommentAction, readonly number[]>> = {
  elect: [],
  unelect: [88004, 88008],
  delete: [88004, 88008],
  'delete-reply': [87009, 88004, 88008],
};

export const moderation: ModerationCapability = {
  actions: ['elect', 'unelect', 'delete', 'delete-reply'],
  async act(session, ids, commentPlatformId, action) {
    const address = addressOf(commentPlatformId, ids);
    if (!address) {
      return { kind: 'rejected', code: 'comment-id', reason: '留言编号不对。The comment id is wrong.' };
    }
    const answer = await call(session, { method: 'POST', path: PATHS[action], json: address });
    if (answer.kind === 'refused' && DONE_ALREADY[action].includes(answer.code)) return { kind: 'done' };
    return doneOrFailure(answer);
  },
};

/** Opens or closes the comments of one article; repeatable. */
export async function setCommenting(
  session: AccountSession,
  ids: Readonly<Record<string, string>>,
  open: boolean,
): Promise<{ kind: 'done' } | Refusal> {
  const article = await msgDataIdOf(session, ids);
  if ('failure' in article) return article.failure;
  const answer = await call(session, {
    method: 'POST',
    path: open ? '/cgi-bin/comment/open' : '/cgi-bin/comment/close',
    json: { msg_data_id: numberIfSafe(article.msgDataId), index: 0 },
  });
  return doneOrFailure(answer);
}
