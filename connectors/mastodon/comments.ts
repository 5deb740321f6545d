/** Replies under one post, and the account's answers as statuses in reply to them. */
import { createHash } from 'node:crypto';
import type { AccountSession, CommentsCapability, InboundComment, ReplyOutcome } from '../contract.ts';
import { asksAgain, call, type Failure, failureOf, outcomeOf } from './client.ts';
import { defaultLimits, pollEveryMs } from './limits.ts';
import { Context, Status } from './shapes.ts';
import { countCharacters, plainText, withoutMentions } from './text.ts';

/** Left for the mention of the asker, which the answer begins with. */
const MENTION_ROOM = 60;

export const comments: CommentsCapability = {
  pollEveryMs,
  replyLimit: defaultLimits.characters - MENTION_ROOM,
  async list(session, { postId = '' }) {
    const listed = await readReplies(session, postId);
    return 'failure' in listed ? listed : { comments: toInbound(listed, isOwn(session)) };
  },
  reply: (session, _ids, commentId, text) => answer(session, commentId, text),
  async checkReply(session, { postId = '' }, commentId, text) {
    const listed = await readReplies(session, postId);
    if ('failure' in listed) {
      return { kind: 'unknown', reason: `读不到回复 / cannot read: ${listed.failure.kind}` };
    }
    const own = isOwn(session);
    const stands = listed.some(
      (status) => own(status) && status.in_reply_to_id === commentId && wordsOf(status) === normalise(text),
    );
    if (stands) return { kind: 'sent' };
    // The comment itself must have been listed: a list without it proves nothing.
    if (listed.some((status) => status.id === commentId)) return { kind: 'absent' };
    return { kind: 'unknown', reason: '这条回复没有列出 / the comment was not listed' };
  },
};

/** By name: it is unique on an instance, and the token was compared with it. */
function isOwn(session: AccountSession): (status: Status) => boolean {
  const own = (session.account.settings.username ?? '').replace(/^@/, '').toLowerCase();
  return ({ account }) => account.acct.toLowerCase() === own;
}

async function readReplies(
  session: AccountSession,
  postId: string,
): Promise<Status[] | { failure: Failure }> {
  const path = `/api/v1/statuses/${encodeURIComponent(postId)}/context`;
  const read = await call(session, { method: 'GET', path });
  if (read.kind !== 'ok') return { failure: failureOf(read) };
  const context = Context.safeParse(read.json);
  return context.success ? context.data.descendants : { failure: asksAgain('unreadable-replies') };
}

/** The account's own statuses are folded into the replies they answer. */
function toInbound(listed: readonly Status[], own: (status: Status) => boolean): InboundComment[] {
  const answers = new Map<string, Status>();
  for (const status of listed) {
    if (own(status) && status.in_reply_to_id) answers.set(status.in_reply_to_id, status);
  }
  return listed
    .filter((status) => !own(status))
    .map((status) => {
      const given = answers.get(status.id);
      return {
        platformId: status.id,
        // By address where there is one: names of other instances may come back cut (`bot@`).
        person: {
          key: status.account.url ?? status.account.id,
          name: status.account.display_name || status.account.acct,
        },
        text: wordsOf(status),
        at: status.created_at,
        reply: given ? { text: wordsOf(given), at: given.created_at } : null,
        ...(typeof status.favourites_count === 'number' ? { likes: status.favourites_count } : {}),
      };
    });
}

const wordsOf = (status: Status): string => normalise(withoutMentions(plainText(status.content)));
const normalise = (text: string): string =>
  text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ *\n */g, '\n')
    .trim();

/**
 * Asks first whom to answer and who could see the question: a person is notified only where the text names them, and
 * the answer to a private question must not be public.
 */
async function answer(session: AccountSession, commentId: string, text: string): Promise<ReplyOutcome> {
  const asked = await call(session, {
    method: 'GET',
    path: `/api/v1/statuses/${encodeURIComponent(commentId)}`,
  });
  if (asked.kind !== 'ok') return failureOf(asked);
  const question = Status.safeParse(asked.json);
  if (!question.success) return asksAgain('unreadable-reply');
  const { account, visibility } = question.data;
  const status = `@${account.acct.replace(/@$/, '')} ${text.trim()}`;
  if (countCharacters(status, defaultLimits.charactersPerLink) > defaultLimits.characters) {
    const reason = `答复超过 ${defaultLimits.characters} 字 / the answer is too long`;
    return { kind: 'rejected', code: 'too-long', reason };
  }
  const sent = await call(session, {
    method: 'POST',
    path: '/api/v1/statuses',
    headers: { 'idempotency-key': replyKey(commentId, text) },
    json: { status, in_reply_to_id: commentId, visibility, language: 'zh' },
  });
  if (sent.kind !== 'ok') return outcomeOf(sent);
  const read = Status.safeParse(sent.json);
  if (read.success) return { kind: 'sent', ids: { commentId: read.data.id } };
  return { kind: 'unknown', reason: '答复里没有嘟文编号 / no status id in the answer' };
}

/** The same words to the same question are one answer. */
function replyKey(commentId: string, text: string): string {
  const digest = createHash('sha256').update(`${commentId}\n${text.trim()}`).digest('hex');
  return `huisheng-reply-${digest.slice(0, 40)}`;
}
