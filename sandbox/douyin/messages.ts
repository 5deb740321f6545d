/** Private messages: people's are pushed; each may be answered six times within a day (second-hand figures). */
import type { World } from '../core/world.ts';
import { type Call, type Fields, text } from './call.ts';
import { pushEvent } from './push.ts';
import { Refusal } from './refusal.ts';
import {
  type ChatLine,
  conversationOf,
  type DouyinAccount,
  type Person,
  PLATFORM,
  sealedId,
} from './state.ts';

const WINDOW_MS = 24 * 3_600_000;
const ANSWERS_MOST = 6;

export function receiveMessage(
  world: World,
  account: DouyinAccount,
  person: Person,
  words: string,
): ChatLine {
  const line: ChatLine = {
    openId: person.openId,
    from: 'person',
    msgId: sealedId(world, 'message'),
    text: words,
    at: world.clock.now(),
    answers: 0,
  };
  account.chat.push(line);
  append(world, account, 'message.received', line);
  pushEvent(world, account, 'im_receive_msg', person.openId, {
    conversation_short_id: conversationOf(account, person.openId),
    server_message_id: line.msgId,
    conversation_type: 1,
    create_time: line.at,
    message_type: 'text',
    text: words,
    user_infos: [
      { open_id: person.openId, nick_name: person.name, avatar: '' },
      { open_id: account.openId, nick_name: account.name, avatar: '' },
    ],
  });
  return line;
}

export function setFollowing(world: World, account: DouyinAccount, person: Person, following: boolean): void {
  person.following = following;
  world.changed();
  const action_time = Math.floor(world.clock.now() / 1000);
  pushEvent(world, account, 'new_follow_action', person.openId, {
    action_type: following ? 1 : 2,
    action_time,
  });
}

/** `POST /im/send/msg/` with the scene `im_reply_msg`: an answer to one message. */
export function sendMessage({ world, account, fields }: Call): object {
  const to = text(fields, 'to_user_id');
  const words = readWords(fields);
  if (text(fields, 'scene') !== 'im_reply_msg') throw new Refusal(28001007);
  if (text(fields, 'conversation_id') !== conversationOf(account, to)) throw new Refusal(28001007);
  const asked = account.chat.find(({ msgId }) => msgId === text(fields, 'msg_id'));
  const now = world.clock.now();
  if (!asked || asked.openId !== to || now - asked.at > WINDOW_MS) throw new Refusal(28001007);
  if (asked.answers >= ANSWERS_MOST) throw new Refusal(28003017);
  asked.answers += 1;
  const line: ChatLine = {
    ...{ openId: to, from: 'account', msgId: sealedId(world, 'message'), text: words, at: now, answers: 0 },
  };
  account.chat.push(line);
  append(world, account, 'message.sent', line);
  return { beside: { msg_id: line.msgId } };
}

function readWords(fields: Fields): string {
  const content = fields.content as { msg_type?: unknown; text?: { text?: unknown } } | undefined;
  const words = content?.text?.text;
  if (content?.msg_type !== 1 || typeof words !== 'string' || words === '') throw new Refusal(28001007);
  return words;
}

function append(
  world: World,
  account: DouyinAccount,
  kind: 'message.received' | 'message.sent',
  line: ChatLine,
): void {
  const { msgId, openId, text: words } = line;
  world.ledger.append({
    platform: PLATFORM,
    account: account.openId,
    kind,
    key: msgId,
    detail: { openId, text: words },
  });
}
