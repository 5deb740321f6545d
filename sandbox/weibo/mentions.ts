/** Who names the account elsewhere; the open interface shows people who once granted this application access. */
import type { World } from '../core/world.ts';
import { type Call, whole } from './call.ts';
import { describeComment, isShown } from './comments.ts';
import { pushMention } from './messages.ts';
import { type Mention, newId, PLATFORM, personCalled, platformTime, type WeiboAccount } from './state.ts';
import { describeUser } from './statuses.ts';

/** Somebody writes a post or a comment with the account's name in it. */
export function writeMention(
  world: World,
  account: WeiboAccount,
  given: { nickname: string; content: string; under: Mention['under'] },
): Mention {
  const person = personCalled(account, given.nickname);
  const mention: Mention = {
    ...{ id: newId(world), uid: person.uid, name: person.name, under: given.under },
    ...{ text: `@${account.name} ${given.content}`, at: world.clock.now() },
  };
  account.mentions = [...(account.mentions ?? []), mention];
  world.ledger.append({
    platform: PLATFORM,
    account: account.uid,
    kind: 'comment.made',
    key: mention.id,
    detail: { name: person.name, text: mention.text, mention: true },
  });
  pushMention(world, account, person, mention);
  return mention;
}

function list({ account, fields }: Call, under: Mention['under']): Record<string, unknown>[] {
  const sinceId = Number(fields.since_id ?? 0);
  return (account.mentions ?? [])
    .filter((mention) => mention.under === under && Number(mention.id) > sinceId)
    .filter((mention) => isShown(account, mention))
    .toReversed()
    .slice(0, Math.min(whole(fields, 'count', 50), 200))
    .map(({ id, text, at, uid, name }) => ({
      ...{ created_at: platformTime(at), id: Number(id), idstr: id, mid: id, text },
      user: describeUser(uid, name),
    }));
}

/** `GET /2/statuses/mentions.json` */
export const postMentions = (call: Call): unknown => ({ statuses: list(call, 'post'), total_number: 0 });

/** `GET /2/comments/mentions.json` */
export const commentMentions = (call: Call): unknown => ({
  comments: list(call, 'comment'),
  total_number: 0,
});

/** `GET /2/comments/to_me.json`: comments under any post of the account. */
export function toMe({ account, world, fields }: Call): unknown {
  const comments = account.comments
    .filter((comment) => comment.uid !== account.uid && isShown(account, comment))
    .toReversed()
    .slice(0, Math.min(whole(fields, 'count', 50), 200));
  return {
    comments: comments.map((one) => describeComment(world, account, one)),
    total_number: comments.length,
  };
}
