/** Webhooks: `kwaisign` is the MD5 of the raw body and the secret; the answer names the event's own id. */
import { createHash } from 'node:crypto';
import type { World } from '../core/world.ts';
import { type KuaishouAccount, newId, PLATFORM } from './state.ts';

export type PushedKind = 'test' | 'AUTHORIZE' | 'UN_AUTHORIZE';

export function tell(world: World, account: KuaishouAccount, event: PushedKind): void {
  const { push, appSecret, appId: app_id, openId: open_id } = account;
  if (!push) return;
  const message_id = newId(world, 'ChFvYXV0aC5h-');
  const scope = account.scopes;
  const body = JSON.stringify({
    ...{ app_id, event, timestamp: world.clock.now(), message_id },
    data: event === 'test' ? {} : { open_id, scope },
  });
  world.pushes.send({
    platform: PLATFORM,
    account: open_id,
    type: event,
    seal: (as) => ({
      url: push.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        kwaisign: createHash('md5')
          .update(`${body}${as === 'forged' ? 'NOT_THE_SECRET' : appSecret}`)
          .digest('hex'),
      },
      body,
    }),
    received: (status, answer) =>
      status === 200 && /"result"\s*:\s*1\b/.test(answer) && answer.includes(message_id),
  });
}
