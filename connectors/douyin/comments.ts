/** Comments under one work (scope item.comment). The account's own answers lie in a list under each comment. */
import type { AccountSession, CommentsCapability, InboundComment } from '../contract.ts';
import { asksAgain, type Certain, failureOf, outcomeOf } from './answer.ts';
import { call, callOnce } from './client.ts';
import { limits, pollEveryMs } from './limits.ts';
import { type Comment, CommentPage, CreatedComment } from './shapes.ts';
import { accessToken, NoToken } from './tokens.ts';

/** One poll is one call unless a work is very busy. */
const PAGES_A_POLL = 5;
/** Answered comments whose answers are read in one poll; the newest first. */
const ANSWERS_A_POLL = 20;

type Listed = { comments: Comment[]; complete: boolean };

export const comments: CommentsCapability = {
  pollEveryMs,
  replyLimit: limits.replyLength,
  async list(session, { itemId = '' }) {
    const listed = await listPages(session, '/item/comment/list/', { item_id: itemId });
    if ('failure' in listed) return listed;
    const own = session.credentials.openId ?? '';
    const found: InboundComment[] = [];
    let answersRead = 0;
    for (const comment of listed.comments) {
      if (comment.userId === own) continue;
      let reply: InboundComment['reply'] = null;
      if (comment.replies > 0 && answersRead < ANSWERS_A_POLL) {
        answersRead += 1;
        const answers = await listAnswers(session, itemId, comment.id);
        if ('failure' in answers) return answers;
        const mine = answers.comments.find(({ userId }) => userId === own);
        reply = mine ? { text: mine.text, at: mine.at } : null;
      }
      found.push(toInbound(comment, reply));
    }
    return { comments: found };
  },
  async reply(session, { itemId = '' }, commentId, text) {
    if (text.length > limits.replyLength) {
      return { kind: 'rejected', code: 'too-long', reason: `评论回复最多 ${limits.replyLength} 字` };
    }
    // Renewing comes before: the call itself is made once, with what is there.
    const missing = await haveToken(session);
    if (missing) return missing;
    const answer = await callOnce(session, {
      method: 'POST',
      path: '/item/comment/reply/',
      json: { item_id: itemId, comment_id: commentId, content: text },
    });
    if (answer.kind !== 'ok') return outcomeOf(answer);
    const created = CreatedComment.safeParse(answer.json);
    if (created.success) return { kind: 'sent', ids: { commentId: created.data.comment_id } };
    return { kind: 'unknown', reason: '答复里没有评论编号 / no comment id in the answer' };
  },
  async checkReply(session, { itemId = '' }, commentId, text) {
    const answers = await listAnswers(session, itemId, commentId);
    if ('failure' in answers)
      return { kind: 'unknown', reason: `读不到评论 / cannot read: ${answers.failure.kind}` };
    // By the words alone, whoever wrote them: a second answer would be worse than none.
    if (answers.comments.some((answer) => answer.text.trim() === text.trim())) return { kind: 'sent' };
    if (!answers.complete)
      return { kind: 'unknown', reason: '回复没有列全 / the answers were not listed in full' };
    // An empty list proves something only of a comment that stands there.
    const listed = await listPages(session, '/item/comment/list/', { item_id: itemId });
    if ('failure' in listed)
      return { kind: 'unknown', reason: `读不到评论 / cannot read: ${listed.failure.kind}` };
    const parent = listed.comments.find(({ id }) => id === commentId);
    if (parent && parent.replies === answers.comments.length) return { kind: 'absent' };
    return { kind: 'unknown', reason: '评论没有列全 / the comments were not listed in full' };
  },
};

async function haveToken(session: AccountSession): Promise<Certain | null> {
  try {
    await accessToken(session);
    return null;
  } catch (error) {
    if (error instanceof NoToken) return error.failure;
    throw error;
  }
}

const listAnswers = (session: AccountSession, itemId: string, commentId: string) =>
  listPages(session, '/item/comment/reply/list/', { item_id: itemId, comment_id: commentId });

async function listPages(
  session: AccountSession,
  path: string,
  query: Record<string, string>,
): Promise<Listed | { failure: Certain }> {
  const found: Comment[] = [];
  let cursor = 0;
  for (let page = 0; page < PAGES_A_POLL; page += 1) {
    const answer = await call(session, {
      method: 'GET',
      path,
      query: { ...query, cursor, count: limits.pageSize },
    });
    if (answer.kind !== 'ok') return { failure: failureOf(answer) };
    const read = CommentPage.safeParse(answer.json);
    if (!read.success) return { failure: asksAgain('unreadable-comments') };
    found.push(...read.data.list);
    if (!read.data.has_more) return { comments: found, complete: true };
    if (read.data.cursor === cursor) break;
    cursor = read.data.cursor;
  }
  return { comments: found, complete: false };
}

const toInbound = (comment: Comment, reply: InboundComment['reply']): InboundComment => ({
  platformId: comment.id,
  person: { key: comment.userId || 'unknown', name: comment.name },
  text: comment.text,
  at: comment.at,
  reply,
  ...(comment.likes === undefined ? {} : { likes: comment.likes }),
});
