/** What stands in the answer to a push: one text for the person who wrote, sealed where the account is. */
import { unsealReply } from './seal.ts';
import type { PushTarget } from './state.ts';

/** Null for anything that the platform would show as a fault. */
export function readPassiveReply(
  target: PushTarget,
  appid: string,
  body: string,
  openid: string,
  originalId: string,
): string | null {
  const clear = target.mode === 'plain' ? body : unsealReply(target, appid, fieldsOf(body));
  const { ToUserName, FromUserName, MsgType, Content, CreateTime } = clear === null ? {} : fieldsOf(clear);
  const isAddressed = ToUserName === openid && FromUserName === originalId && /^\d+$/.test(CreateTime ?? '');
  return isAddressed && MsgType === 'text' && Content ? Content : null;
}

/** Flat XML or flat JSON. */
function fieldsOf(text: string): Record<string, string> {
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)]));
  } catch {
    const inner = /^<xml>([\s\S]*)<\/xml>$/.exec(text.trim())?.[1] ?? '';
    const fields = inner.matchAll(/<(\w+)>((?:<!\[CDATA\[[\s\S]*?\]\]>|[^<])*)<\/\1>/g);
    return Object.fromEntries(
      [...fields].map(([, name, value = '']) => [
        name,
        value.replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_whole, words: string) => words),
      ]),
    );
  }
}
