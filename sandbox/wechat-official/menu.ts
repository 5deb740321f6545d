/** The buttons below the conversation. */
import type { World } from '../core/world.ts';
import { type Call, DONE, isJson, type Json } from './call.ts';
import { pushMenu } from './events.ts';
import type { personCalled } from './messages.ts';
import { Refusal } from './refusal.ts';
import { type Button, PLATFORM, type WechatAccount } from './state.ts';

const bytes = (value: unknown): number => Buffer.byteLength(typeof value === 'string' ? value : '');

export function createMenu(call: Call): Json {
  if (!call.account.verified) throw new Refusal(48001);
  const given = call.body.button;
  if (!Array.isArray(given) || given.length === 0 || given.length > 3) throw new Refusal(40016);
  call.account.menu = given.map((button) => readButton(button, 16, 40018));
  return note(call);
}

function readButton(given: unknown, nameBytes: number, tooLong: 40018 | 40025): Button {
  if (!isJson(given)) throw new Refusal(47001);
  const name = String(given.name ?? '');
  if (name === '' || bytes(name) > nameBytes) throw new Refusal(tooLong);
  if (given.sub_button !== undefined) {
    const below = given.sub_button;
    if (tooLong === 40025 || !Array.isArray(below) || below.length === 0 || below.length > 5) {
      throw new Refusal(40023);
    }
    return { name, sub_button: below.map((button) => readButton(button, 60, 40025)) };
  }
  if (given.type === 'click') {
    if (bytes(given.key) === 0 || bytes(given.key) > 128) throw new Refusal(40019);
    return { type: 'click', name, key: String(given.key) };
  }
  if (given.type === 'view') {
    if (bytes(given.url) > 1024) throw new Refusal(40020);
    if (!/^https?:\/\//.test(String(given.url))) throw new Refusal(40055);
    return { type: 'view', name, url: String(given.url) };
  }
  throw new Refusal(40017);
}

/** A button without entries below it is told with an empty list. */
export function getMenu({ account }: Call): Json {
  if (!account.verified) throw new Refusal(48001);
  if (!account.menu) throw new Refusal(46003);
  return { menu: { button: account.menu.map((button) => ({ sub_button: [], ...button })) } };
}

export function deleteMenu(call: Call): Json {
  if (!call.account.verified) throw new Refusal(48001);
  delete call.account.menu;
  return note(call);
}

function note({ world, account }: Call): Json {
  world.ledger.append({
    platform: PLATFORM,
    account: account.appid,
    kind: 'menu.changed',
    key: account.appid,
    detail: { button: account.menu ?? [] },
  });
  return DONE;
}

export const allButtons = (account: WechatAccount): Button[] =>
  (account.menu ?? []).flatMap((button) => button.sub_button ?? [button]);

/** A person touches a button; the platform pushes it. @returns the address that a link leads to */
export function pressButton(
  world: World,
  account: WechatAccount,
  person: ReturnType<typeof personCalled>,
  name: string,
): string | null {
  const button = allButtons(account).find((candidate) => candidate.name === name);
  if (!button) return null;
  const event = button.type === 'view' ? 'VIEW' : 'CLICK';
  // Three answers within a minute, says the page on customer-service messages; the longer window is only for words.
  pushMenu(world, account, person.openid, event, button.key ?? button.url ?? '');
  return button.url ?? null;
}
