/** Webhooks: the documents name events about the grant and about videos; there is none about articles. */
import { randomUUID } from 'node:crypto';
import type { World } from '../core/world.ts';
import { sign } from './signature.ts';
import { type BilibiliAccount, PLATFORM } from './state.ts';

export function tellGrant(world: World, account: BilibiliAccount, event: 'authorize' | 'deauthorize'): void {
  const { push, openid, appKey: client_id } = account;
  if (!push) return;
  const timestamp = platformTime(world.clock.now());
  const body = JSON.stringify({
    event,
    content: { openid, client_id, permits: account.scopes.join(',') },
    timestamp,
  });
  world.pushes.send({
    platform: PLATFORM,
    account: openid,
    type: event,
    seal: (as) => ({
      url: push.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...sign(client_id, as === 'forged' ? 'NOT_THE_SECRET' : account.appSecret, {
          body,
          nonce: randomUUID(),
          ms: world.clock.now(),
        }),
      },
      body,
    }),
    received: (status) => status >= 200 && status < 300,
  });
}

/** `2021-01-01 12:01:01`, Beijing time. */
const platformTime = (ms: number): string =>
  new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
