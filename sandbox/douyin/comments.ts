/** Comments: people's from the page, the account's through the API. */
import type { World } from '../core/world.ts';
import { type Call, text, whole } from './call.ts';
import { pushEvent } from './push.ts';
import { Refusal } from './refusal.ts';
import { type Comment, type DouyinAccount, type Item, PLATFORM, personCalled, sealedId } from './state.ts';

const REPLY_LIMIT = 100;
const PAGE_MOST = 20;

/** `GET /item/comment/list/`: first-level comments, newest first. */
export function listComments(call: Call): object {
  const item = findItem(call.account, text(call.fields, 'item_id'));
  return page(call, (comment) => comment.itemId === item.id && comment.replyTo === null);
}

/** `GET /item/comment/reply/list/` */
export function listReplies(call: Call): object {
  const item = findItem(call.account, text(call.fields, 'item_id'));
  const parent = text(call.fields, 'comment_id');
  return page(call, (comment) => comment.itemId === item.id && comment.replyTo === parent);
}

function page({ account, fields }: Call, wanted: (comment: Comment) => boolean): object {
  const count = whole(fields, 'count', 10);
  if (count < 1 || count > PAGE_MOST) throw new Refusal(2100005);
  const begin = whole(fields, 'cursor', 0);
  const all = account.comments.filter(wanted).toReversed();
  const end = begin + count;
  return {
    cursor: Math.min(end, all.length),
    has_more: end < all.length,
    list: all.slice(begin, end).map((comment) => describe(account, comment)),
  };
}

function describe(account: DouyinAccount, comment: Comment): object {
  return {
    comment_id: comment.id,
    comment_user_id: comment.userId,
    nick_name: comment.name,
    avatar: '',
    content: comment.text,
    create_time: Math.floor(comment.at / 1000),
    digg_count: comment.likes ?? 0,
    reply_comment_total: account.comments.filter(({ replyTo }) => replyTo === comment.id).length,
    top: false,
  };
}

/** `POST /item/comment/reply/` */
export function replyToComment({ world, account, fields }: Call): object {
  const item = findItem(account, text(fields, 'item_id'));
  const parent = account.comments.find(({ id }) => id === text(fields, 'comment_id'));
  const content = text(fields, 'content');
  if (!parent || parent.itemId !== item.id || content.length > REPLY_LIMIT) throw new Refusal(28001007);
  const reply: Comment = {
    id: sealedId(world, 'comment'),
    itemId: item.id,
    userId: account.openId,
    name: account.name,
    text: content,
    at: world.clock.now(),
    replyTo: parent.id,
  };
  account.comments.push(reply);
  append(world, account, 'reply.sent', reply);
  return { comment_id: reply.id };
}

/** A member of the public comments on the page. */
export function writeComment(
  world: World,
  account: DouyinAccount,
  item: Item,
  given: { nickname: string; content: string },
): Comment {
  const person = personCalled(account, given.nickname);
  const comment: Comment = {
    id: sealedId(world, 'comment'),
    itemId: item.id,
    userId: person.openId,
    name: person.name,
    text: given.content,
    at: world.clock.now(),
    replyTo: null,
  };
  account.comments.push(comment);
  append(world, account, 'comment.made', comment);
  pushEvent(world, account, 'item_comment_reply', person.openId, {
    comment_id: comment.id,
    comment_user_id: person.openId,
    content: comment.text,
    create_time: Math.floor(comment.at / 1000),
    digg_count: 0,
    reply_comment_total: 0,
    reply_to_comment_id: '',
    reply_to_item_id: item.id,
    at_user_id: '',
  });
  return comment;
}

export function findItem(account: DouyinAccount, id: string): Item {
  const item = account.items.find((candidate) => candidate.id === id);
  if (!item) throw new Refusal(28001007);
  return item;
}

function append(
  world: World,
  account: DouyinAccount,
  kind: 'comment.made' | 'reply.sent',
  comment: Comment,
): void {
  const { id, itemId, replyTo, text: words, name } = comment;
  world.ledger.append({
    platform: PLATFORM,
    account: account.openId,
    kind,
    key: id,
    detail: { itemId, replyTo, text: words, name },
  });
}
