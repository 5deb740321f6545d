/** How articles and their comments are addressed: by `msg_data_id`, index and comment id, never by `article_id`. */
import type { AccountSession, PlatformIds } from '#connectors/contract.ts';
import { call, type Json, type Refusal, reversibleFailure } from './client.ts';
import { withMid } from './publish-ids.ts';

/** A delivery is one article, so it is always the first of its publication. */
export const INDEX = 0;

/** `msg_data_id` is missing where only the article is known; the article's long address carries it. */
export async function msgDataIdOf(
  session: AccountSession,
  ids: PlatformIds,
): Promise<{ msgDataId: string } | { failure: Refusal }> {
  if (ids.msgDataId) return { msgDataId: ids.msgDataId };
  if (!ids.articleId) return { failure: noAddress };
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/freepublish/getarticle',
    json: { article_id: ids.articleId },
  });
  if (answer.kind !== 'ok') return { failure: reversibleFailure(answer) };
  const first = Array.isArray(answer.body.news_item)
    ? (answer.body.news_item[0] as Json | undefined)
    : undefined;
  const { msgDataId } = withMid({}, String(first?.url ?? ''));
  return msgDataId ? { msgDataId } : { failure: noAddress };
}

const noAddress: Refusal = {
  kind: 'rejected',
  code: 'no-msg-data-id',
  reason: '不知道文章的 msg_data_id，收不了留言。Comments need the msg_data_id of the article.',
};

/** `<msg_data_id>_<index>_<user_comment_id>` */
export function addressOf(commentPlatformId: string, ids: PlatformIds): Json | null {
  const match = /^(\d+)_(\d+)_(\d+)$/.exec(commentPlatformId);
  if (!match || (ids.msgDataId && ids.msgDataId !== match[1])) return null;
  return {
    msg_data_id: numberIfSafe(match[1] ?? ''),
    index: Number(match[2]),
    user_comment_id: numberIfSafe(match[3] ?? ''),
  };
}

/** The platform documents numbers here; one too long for JSON goes as it came. */
export const numberIfSafe = (digits: string): number | string =>
  Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
