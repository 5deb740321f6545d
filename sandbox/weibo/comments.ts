/** Comments: people's from the page, the account's through the API. */
import type { World } from '../core/world.ts';
import { type Call, required, whole } from './call.ts';
import { Refusal } from './refusal.ts';
import {
  type Comment,
  newId,
  PLATFORM,
  type Post,
  personCalled,
  platformTime,
  type WeiboAccount,
} from './state.ts';
import { describeAccount, describePost, describeUser } from './statuses.ts';
import { countCharacters } from './text.ts';

/** `GET /2/comments/show.json`: newest first; the account's own are always in it. */
export function showComments({ account, world, fields }: Call): unknown {
  const post = findPost(account, required(fields, 'id'));
  const count = Math.min(whole(fields, 'count', 50), 200);
  const page = Math.max(whole(fields, 'page', 1), 1);
  const sinceId = Number(fields.since_id ?? 0);
  const visible = account.comments
    .filter((comment) => comment.postId === post.id && Number(comment.id) > sinceId)
    .filter((comment) => comment.uid === account.uid || isShown(account, comment))
    .toReversed();
  return {
    comments: visible
      .slice((page - 1) * count, page * count)
      .map((comment) => describeComment(world, account, comment)),
    previous_cursor: 0,
    next_cursor: 0,
    total_number: visible.length,
  };
}

export const isShown = (account: WeiboAccount, comment: { uid: string }): boolean =>
  account.commentScope === 'all' || (account.people[comment.uid]?.authorised ?? false);

/** `POST /2/comments/create.json` */
export function createComment(call: Call): unknown {
  const { account, fields, world } = call;
  const post = findPost(account, required(fields, 'id'));
  required(fields, 'rip');
  return describeComment(world, account, answerAsAccount(call, post, null, required(fields, 'comment')));
}

/** `POST /2/comments/reply.json` */
export function replyToComment(call: Call): unknown {
  const { account, fields, world } = call;
  const post = findPost(account, required(fields, 'id'));
  const target = account.comments.find(
    (comment) => comment.id === required(fields, 'cid') && comment.postId === post.id,
  );
  if (!target) throw new Refusal(20201);
  required(fields, 'rip');
  const mention = fields.without_mention === '1' ? '' : `回复@${target.name}:`;
  const text = `${mention}${required(fields, 'comment')}`;
  return describeComment(world, account, answerAsAccount(call, post, target.id, text));
}

function answerAsAccount({ account, world, fields }: Call, post: Post, replyTo: string | null, text: string) {
  if (countCharacters(required(fields, 'comment')) > 140) throw new Refusal(20012);
  const mine = account.comments.findLast((comment) => comment.uid === account.uid);
  if (mine?.text === text && mine.replyTo === replyTo) throw new Refusal(20019);
  const comment: Comment = {
    id: newId(world),
    postId: post.id,
    uid: account.uid,
    name: account.name,
    text,
    at: world.clock.now(),
    replyTo,
  };
  account.comments.push(comment);
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'reply.sent',
    key: comment.id,
    detail: { postId: post.id, replyTo, text },
  });
  return comment;
}

/** A member of the public comments on the page. */
export function writeComment(
  world: World,
  account: WeiboAccount,
  post: Post,
  given: { nickname: string; content: string; authorised: boolean },
): Comment {
  const person = personCalled(account, given.nickname);
  person.authorised ||= given.authorised;
  const comment: Comment = {
    id: newId(world),
    postId: post.id,
    uid: person.uid,
    name: person.name,
    text: given.content,
    at: world.clock.now(),
    replyTo: null,
  };
  account.comments.push(comment);
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'comment.made',
    key: comment.id,
    detail: { postId: post.id, name: person.name, text: given.content },
  });
  return comment;
}

export function findPost(account: WeiboAccount, id: string): Post {
  const post = account.posts.find((candidate) => candidate.id === id && !candidate.deleted);
  if (!post) throw new Refusal(20101);
  return post;
}

export function describeComment(
  world: World,
  account: WeiboAccount,
  comment: Comment,
): Record<string, unknown> {
  const post = account.posts.find((candidate) => candidate.id === comment.postId);
  const target = account.comments.find((candidate) => candidate.id === comment.replyTo);
  return {
    ...describeWords(account, comment),
    source: '微博网页版',
    ...(post ? { status: describePost(world, account, post) } : {}),
    ...(target ? { reply_comment: describeWords(account, target) } : {}),
  };
}

const describeWords = (account: WeiboAccount, comment: Comment): Record<string, unknown> => ({
  created_at: platformTime(comment.at),
  id: Number(comment.id),
  idstr: comment.id,
  mid: comment.id,
  text: comment.text,
  user: comment.uid === account.uid ? describeAccount(account) : describeUser(comment.uid, comment.name),
});
