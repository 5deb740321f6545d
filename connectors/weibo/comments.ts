/** Comments under one post. The open interface shows those of people who once granted this application access. */
import type {
  AccountSession,
  CommentsCapability,
  InboundComment,
  Outcome,
  ReplyOutcome,
} from '../contract.ts';
import { asksAgain, callAs, failureOf, outcomeOf } from './client.ts';
import { countCharacters } from './count.ts';
import { apiPath } from './credential.ts';
import { limits, pollEveryMs } from './limits.ts';
import { type Comment, CommentPage } from './shapes.ts';

const PAGE_SIZE = 200;
/** One poll is one call unless a post is very busy; then at most this many. */
const PAGES_A_POLL = 3;

type Listed = { comments: Comment[]; complete: boolean };

export const comments: CommentsCapability = {
  pollEveryMs,
  replyLimit: limits.commentCharacters,
  async list(session, { postId = '' }) {
    const listed = await listAll(session, postId);
    if ('failure' in listed) return listed;
    return { comments: toInbound(listed.comments, session.account.settings.uid ?? '') };
  },
  async reply(session, { postId = '' }, cid, text): Promise<ReplyOutcome> {
    if (countCharacters(text) > limits.commentCharacters) {
      return { kind: 'rejected', code: '20012', reason: '答复超过 140 字（20012）' };
    }
    const answer = await callAs(session, {
      method: 'POST',
      path: apiPath(session, 'comments/reply'),
      form: {
        cid,
        id: postId,
        comment: text,
        without_mention: '0',
        comment_ori: '0',
        rip: session.account.settings.operatorIp ?? '',
      },
    });
    if (answer.kind !== 'ok') return outcomeOf(answer);
    const reply = CommentPage.shape.comments.element.safeParse(answer.json);
    if (reply.success) return { kind: 'sent', ids: { commentId: reply.data.id } };
    return { kind: 'unknown', reason: '答复里没有评论编号 / no comment id in the answer' };
  },
  async checkReply(session, { postId = '' }, cid, text) {
    const listed = await listAll(session, postId);
    if ('failure' in listed)
      return { kind: 'unknown', reason: `读不到评论 / cannot read: ${listed.failure.kind}` };
    const own = session.account.settings.uid ?? '';
    const stands = listed.comments.some(
      (comment) =>
        comment.user?.id === own && comment.answers === cid && withoutMention(comment.text) === text.trim(),
    );
    if (stands) return { kind: 'sent' };
    // The comment itself must have been listed: a list without it proves nothing.
    if (listed.complete && listed.comments.some((comment) => comment.id === cid)) return { kind: 'absent' };
    return { kind: 'unknown', reason: '评论没有列全 / the comments were not listed in full' };
  },
};

async function listAll(session: AccountSession, postId: string): Promise<Listed | { failure: Outcome }> {
  const found: Comment[] = [];
  for (let page = 1; page <= PAGES_A_POLL; page += 1) {
    const answer = await callAs(session, {
      method: 'GET',
      path: apiPath(session, 'comments/show'),
      query: { id: postId, count: PAGE_SIZE, page },
    });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const read = CommentPage.safeParse(answer.json);
    if (!read.success) return { failure: asksAgain('unreadable-comments') };
    found.push(...read.data.comments);
    if (read.data.comments.length < PAGE_SIZE) return { comments: found, complete: true };
  }
  return { comments: found, complete: false };
}

/** The account's own answers are folded into the comments they answer. */
function toInbound(listed: readonly Comment[], own: string): InboundComment[] {
  const answers = new Map<string, Comment>();
  for (const comment of listed) {
    if (comment.user?.id === own && comment.answers) answers.set(comment.answers, comment);
  }
  return listed
    .filter((comment) => comment.user?.id !== own)
    .map((comment) => {
      const answer = answers.get(comment.id);
      return {
        platformId: comment.id,
        person: { key: comment.user?.id ?? 'unknown', name: comment.user?.name ?? null },
        text: comment.text,
        at: comment.at,
        reply: answer ? { text: withoutMention(answer.text), at: answer.at } : null,
      };
    });
}

/** The platform writes whom an answer is for in front of it. */
const withoutMention = (text: string): string => text.replace(/^回复@[^:：]+[:：]/, '').trim();
