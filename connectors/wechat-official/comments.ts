/** Comments under articles: polled, for the platform pushes none; addressed by `msg_data_id` and index. */
import type {
  AccountSession,
  CommentsCapability,
  InboundComment,
  Outcome,
  PlatformIds,
  ReplyOutcome,
} from '#connectors/contract.ts';
import { call, irreversibleFailure, isConfirmed, type Json, reversibleFailure } from './client.ts';
import { addressOf, INDEX, msgDataIdOf, numberIfSafe } from './comment-address.ts';
import { COMMENT_REPLY_LONGEST, COMMENTS_PER_PAGE, pollEveryMs } from './limits.ts';
import { setCommenting } from './moderation.ts';

const MOST_PAGES = 40;

export const comments: CommentsCapability = {
  pollEveryMs,
  replyLimit: COMMENT_REPLY_LONGEST,
  list,
  reply,
  checkReply,
  setOpen: setCommenting,
};

async function list(
  session: AccountSession,
  ids: PlatformIds,
): Promise<{ comments: InboundComment[] } | { failure: Outcome }> {
  const article = await msgDataIdOf(session, ids);
  if ('failure' in article) return article;
  const found = new Map<string, InboundComment>();
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call(session, {
      method: 'POST',
      path: '/cgi-bin/comment/list',
      json: {
        msg_data_id: numberIfSafe(article.msgDataId),
        index: INDEX,
        begin: page * COMMENTS_PER_PAGE,
        count: COMMENTS_PER_PAGE,
        type: 0,
      },
    });
    if (answer.kind !== 'ok') return { failure: reversibleFailure(answer) };
    const items = Array.isArray(answer.body.comment) ? (answer.body.comment as Json[]) : [];
    for (const item of items) {
      const comment = readComment(item, article.msgDataId);
      // A comment that arrives while pages are read pushes others down: the same one may come twice.
      if (comment) found.set(comment.platformId, comment);
    }
    // `total` cannot be relied on: it has been the size of the page.
    if (items.length < COMMENTS_PER_PAGE) break;
  }
  return { comments: [...found.values()] };
}

async function reply(
  session: AccountSession,
  ids: PlatformIds,
  commentPlatformId: string,
  text: string,
): Promise<ReplyOutcome> {
  const address = addressOf(commentPlatformId, ids);
  if (!address) {
    return { kind: 'rejected', code: 'comment-id', reason: '留言编号不对。The comment id is wrong.' };
  }
  const answer = await call(session, {
    method: 'POST',
    path: '/cgi-bin/comment/reply/add',
    json: { ...address, content: text },
  });
  if (isConfirmed(answer)) return { kind: 'sent', ids: { commentId: commentPlatformId } };
  return irreversibleFailure(answer);
}

/** One comment carries one reply, so what stands there decides. */
async function checkReply(
  session: AccountSession,
  ids: PlatformIds,
  commentPlatformId: string,
  text: string,
): Promise<{ kind: 'sent' } | { kind: 'absent' } | { kind: 'unknown'; reason: string }> {
  const listed = await list(session, ids);
  if ('failure' in listed)
    return { kind: 'unknown', reason: '留言没有查成。The comments could not be read.' };
  const comment = listed.comments.find((candidate) => candidate.platformId === commentPlatformId);
  if (!comment) return { kind: 'unknown', reason: '留言已不在。The comment is gone.' };
  if (!comment.reply) return { kind: 'absent' };
  if (comment.reply.text.trim() === text.trim()) return { kind: 'sent' };
  return { kind: 'unknown', reason: '那里已有另一条回复。Another reply stands there.' };
}

function readComment(item: Json, msgDataId: string): InboundComment | null {
  const id = String(item.user_comment_id ?? '');
  if (id === '') return null;
  const platformId = `${msgDataId}_${INDEX}_${id}`;
  // People who do not comment as a WeChat identity have no openid; each such comment is a person of its own.
  const openid =
    typeof item.openid === 'string' && item.openid !== '' ? item.openid : `comment:${platformId}`;
  return {
    platformId,
    person: { key: openid, name: null },
    text: String(item.content ?? ''),
    at: secondsToDate(item.create_time),
    reply: readReply(item.reply),
  };
}

/** An object in the documents, a list in live answers. */
function readReply(value: unknown): InboundComment['reply'] {
  const given = (Array.isArray(value) ? value[0] : value) as Json | null | undefined;
  if (!given || typeof given.content !== 'string' || given.content === '') return null;
  return { text: given.content, at: secondsToDate(given.create_time) };
}

const secondsToDate = (seconds: unknown): Date => new Date((Number(seconds) || 0) * 1000);
