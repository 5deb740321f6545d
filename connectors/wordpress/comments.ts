/** Approved comments under one post, and the application user's replies to them. */
import type {
  AccountSession,
  CommentsCapability,
  InboundComment,
  PlatformIds,
  ReplyOutcome,
} from '../contract.ts';
import { asksAgain, call, type Failure, failureOf, outcomeOf } from './client.ts';
import { limits, pollEveryMs } from './limits.ts';
import { asMarkup, plainText, sameWords } from './markup.ts';
import { Comment, CommentPage, Post } from './shapes.ts';
import { userIdOf } from './user.ts';

const PAGE_SIZE = 100;
/** One poll is one call unless a post is very busy; then at most this many. */
const PAGES_A_POLL = 5;

type Listed = { comments: Comment[]; complete: boolean; own: string };

export const comments: CommentsCapability = {
  pollEveryMs,
  replyLimit: limits.commentCharacters,
  async list(session, ids) {
    const listed = await listAll(session, ids);
    return 'failure' in listed ? listed : { comments: toInbound(listed) };
  },
  reply: (session, { postId = '' }, commentId, text) => reply(session, postId, commentId, text),
  async checkReply(session, ids, commentId, text) {
    const listed = await listAll(session, ids);
    if ('failure' in listed) {
      return { kind: 'unknown', reason: `读不到评论 / cannot read: ${listed.failure.kind}` };
    }
    const stands = listed.comments.some(
      (comment) =>
        comment.author === listed.own &&
        comment.parent === commentId &&
        sameWords(plainText(comment.content.rendered), text),
    );
    if (stands) return { kind: 'sent' };
    // The comment itself must have been listed: a list without it proves nothing.
    if (listed.complete && listed.comments.some((comment) => comment.id === commentId))
      return { kind: 'absent' };
    return { kind: 'unknown', reason: '评论没有列全 / the comments were not listed in full' };
  },
  async setOpen(session, { postId = '' }, open) {
    const answer = await call(session, {
      method: 'POST',
      route: `/posts/${encodeURIComponent(postId)}`,
      json: { comment_status: open ? 'open' : 'closed' },
    });
    if (answer.kind !== 'ok') return failureOf(answer);
    const read = Post.safeParse(answer.json);
    return read.success && read.data.id === postId ? { kind: 'done' } : asksAgain('unreadable-post');
  },
};

async function listAll(session: AccountSession, ids: PlatformIds): Promise<Listed | { failure: Failure }> {
  const own = await userIdOf(session, ids);
  if (typeof own !== 'string') return own;
  const found: Comment[] = [];
  for (let page = 1; page <= PAGES_A_POLL; page += 1) {
    const answer = await call(session, {
      method: 'GET',
      route: '/comments',
      query: { post: ids.postId ?? '', per_page: PAGE_SIZE, page, order: 'desc' },
    });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const read = CommentPage.safeParse(answer.json);
    if (!read.success) return { failure: asksAgain('unreadable-comments') };
    found.push(...read.data);
    if (read.data.length < PAGE_SIZE) return { comments: found, complete: true, own };
  }
  return { comments: found, complete: false, own };
}

/** The application user's own comments are folded into those they answer. */
function toInbound({ comments: listed, own }: Listed): InboundComment[] {
  const answers = new Map<string, Comment>();
  for (const comment of listed) {
    if (comment.author === own && comment.parent !== '0') answers.set(comment.parent, comment);
  }
  return listed
    .filter((comment) => comment.author !== own)
    .map((comment) => {
      const answer = answers.get(comment.id);
      return {
        platformId: comment.id,
        person: { key: personKey(comment), name: comment.author_name || null },
        text: plainText(comment.content.rendered),
        at: comment.date_gmt ?? new Date(0),
        reply: answer
          ? { text: plainText(answer.content.rendered), at: answer.date_gmt ?? new Date(0) }
          : null,
      };
    });
}

/** Guests give any name they like: two of one name are not one person, so each comment is somebody of its own. */
const personKey = ({ author, id }: Comment): string => (author === '0' ? `guest-${id}` : `user-${author}`);

async function reply(
  session: AccountSession,
  postId: string,
  commentId: string,
  text: string,
): Promise<ReplyOutcome> {
  if ([...text].length > limits.commentCharacters) {
    return { kind: 'rejected', code: 'too-long', reason: '答复过长 / the answer is too long' };
  }
  const answer = await call(session, {
    method: 'POST',
    route: '/comments',
    json: { post: Number(postId), parent: Number(commentId), content: asMarkup(text) },
  });
  if (answer.kind !== 'ok') return outcomeOf(answer);
  const read = Comment.safeParse(answer.json);
  if (!read.success) return { kind: 'unknown', reason: '答复里没有评论编号 / no comment id in the answer' };
  if (read.data.status === 'approved') return { kind: 'sent', ids: { commentId: read.data.id } };
  const reason =
    '答复已保存，但网站要先审核评论，请到网站后台通过 / saved, but the site holds it for moderation';
  return { kind: 'rejected', code: `comment-${read.data.status}`, reason };
}
