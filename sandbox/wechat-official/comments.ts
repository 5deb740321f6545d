/** Comments under articles, addressed by `msg_data_id` and a 0-based index. */
import type { World } from '../core/world.ts';
import { type Call, DONE, type Json, text, whole } from './call.ts';
import { Refusal } from './refusal.ts';
import { type Comment, nextId, PLATFORM, type WechatAccount } from './state.ts';

const REPLY_LONGEST = 600;
/** The real figure is not documented. */
const MOST_ELECTED = 100;

export function listComments(call: Call): Json {
  const { msgDataId, index } = articleOf(call);
  const begin = whole(call.body, 'begin', 0);
  const count = whole(call.body, 'count', 49);
  if (begin < 0 || count <= 0 || count >= 50) throw new Refusal(88010);
  const type = whole(call.body, 'type', 0);
  const page = call.account.comments
    .filter((comment) => comment.msgDataId === msgDataId && comment.index === index)
    .filter((comment) => type === 0 || comment.elected === (type === 2))
    .toSorted((a, b) => b.id - a.id)
    .slice(begin, begin + count);
  // `total` is the size of the page, not of the whole: so the platform is said to behave.
  return { errcode: 0, errmsg: 'ok', total: page.length, comment: page.map(shownComment) };
}

function shownComment(comment: Comment): Json {
  return {
    user_comment_id: comment.id,
    openid: comment.openid,
    create_time: Math.floor(comment.at / 1000),
    content: comment.content,
    comment_type: comment.elected ? 1 : 0,
    ...(comment.reply && {
      reply: { content: comment.reply.content, create_time: Math.floor(comment.reply.at / 1000) },
    }),
  };
}

export function replyToComment(call: Call): Json {
  const comment = findComment(call);
  const content = text(call.body, 'content', 88007);
  if (content === '' || [...content].length > REPLY_LONGEST) throw new Refusal(88007);
  if (comment.reply) throw new Refusal(88005);
  comment.reply = { content, at: call.world.clock.now() };
  call.world.ledger.append({
    platform: PLATFORM,
    account: call.account.appid,
    kind: 'reply.sent',
    key: String(comment.id),
    detail: { content, msgDataId: comment.msgDataId },
  });
  return DONE;
}

export function deleteReply(call: Call): Json {
  const comment = findComment(call);
  if (!comment.reply) throw new Refusal(87009);
  comment.reply = null;
  note(call, 'reply.deleted', comment);
  return DONE;
}

export function electComment(call: Call, elected: boolean): Json {
  const comment = findComment(call);
  const same = (other: Comment) =>
    other.msgDataId === comment.msgDataId && other.index === comment.index && other.elected;
  const isNew = elected && !comment.elected;
  if (isNew && call.account.comments.filter(same).length >= MOST_ELECTED) throw new Refusal(88003);
  comment.elected = elected;
  note(call, elected ? 'comment.elected' : 'comment.unelected', comment);
  return DONE;
}

export function deleteComment(call: Call): Json {
  const gone = findComment(call);
  call.account.comments = call.account.comments.filter((comment) => comment !== gone);
  note(call, 'comment.deleted', gone);
  return DONE;
}

function note(
  { world, account }: Call,
  kind: 'reply.deleted' | 'comment.elected' | 'comment.unelected' | 'comment.deleted',
  comment: Comment,
): void {
  const { id, msgDataId } = comment;
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind,
    key: String(id),
    detail: { msgDataId },
  });
}

export function setCommenting(call: Call, open: boolean): Json {
  const { msgDataId, index } = articleOf(call);
  const key = `${msgDataId}-${index}`;
  call.account.commenting[key] = open;
  const { appid } = call.account;
  const kind = 'commenting.changed';
  call.world.ledger.append({ platform: PLATFORM, account: appid, kind, key, detail: { open } });
  return DONE;
}

/** What a reader writes on the article's page. */
export function writeComment(
  world: World,
  account: WechatAccount,
  comment: Omit<Comment, 'id' | 'at' | 'elected' | 'reply'>,
): Comment {
  const written = { ...comment, id: nextId(world), at: world.clock.now(), elected: false, reply: null };
  account.comments.push(written);
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'comment.made',
    key: String(written.id),
    detail: { content: written.content, msgDataId: written.msgDataId },
  });
  return written;
}

function articleOf(call: Call): { msgDataId: string; index: number } {
  if (!call.account.verified) throw new Refusal(88000);
  const msgDataId = text(call.body, 'msg_data_id');
  const index = whole(call.body, 'index', 0);
  const articles =
    call.account.publications.find((out) => out.msgDataId === msgDataId && out.status === 0)?.articles ??
    call.account.massSends.find((send) => send.msgDataId === msgDataId && send.state === 'sent')?.articles;
  if (!articles?.[index]) throw new Refusal(88001);
  return { msgDataId, index };
}

function findComment(call: Call): Comment {
  const { msgDataId, index } = articleOf(call);
  const id = whole(call.body, 'user_comment_id');
  const found = call.account.comments.find(
    (comment) => comment.id === id && comment.msgDataId === msgDataId && comment.index === index,
  );
  if (!found) throw new Refusal(88008);
  return found;
}
