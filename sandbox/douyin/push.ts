/** Webhooks: signed over the application's secret and the raw body, without a time. */
import { createHash, randomUUID } from 'node:crypto';
import type { World } from '../core/world.ts';
import { type DouyinAccount, PLATFORM } from './state.ts';

export function pushEvent(
  world: World,
  account: DouyinAccount,
  event: string,
  fromUserId: string,
  content: object,
  toUserId = account.openId,
): void {
  const url = account.push?.url;
  if (!url) return;
  const body = JSON.stringify({
    event,
    client_key: account.clientKey,
    from_user_id: fromUserId,
    to_user_id: toUserId,
    // The documents show messages as a JSON string, comments as an object.
    content: event.startsWith('im_') || event === 'new_follow_action' ? JSON.stringify(content) : content,
    log_id: '202611230000000100200300400500600A',
  });
  world.pushes.send({
    platform: PLATFORM,
    account: account.openId,
    type: event,
    seal: (as) => ({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'msg-id': randomUUID(),
        'x-douyin-signature': signature(
          as === 'forged' ? `${account.clientSecret}x` : account.clientSecret,
          body,
        ),
      },
      body,
    }),
    // The check of an address wants its challenge back.
    received: (status, answer) =>
      status === 200 && (event !== 'verify_webhook' || answer === JSON.stringify(content)),
  });
}

/** `hex(sha1(client_secret + body))` */
export const signature = (secret: string, body: string): string =>
  createHash('sha1')
    .update(secret + body)
    .digest('hex');
