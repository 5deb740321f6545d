/** Webhooks: about the grant and about videos; there is none about articles. */
import { randomUUID } from 'node:crypto';
import type { World } from '../core/world.ts';
import { sign } from './signature.ts';
import { type BilibiliAccount, PLATFORM, type Video } from './state.ts';

export function tellGrant(world: World, account: BilibiliAccount, event: 'authorize' | 'deauthorize'): void {
  const { openid, appKey: client_id, scopes } = account;
  tell(world, account, event, { openid, client_id, permits: scopes.join(',') });
}

export function tellVideo(world: World, account: BilibiliAccount, video: Video): void {
  const { openid, appKey: client_id } = account;
  const passed = video.state === 'passed';
  tell(world, account, passed ? 'video_open' : 'video_fail', {
    ...{ openid, client_id, resource_id: video.bvid },
    ...(passed ? { state: 0, state_desc: '开放浏览' } : { state: -2, state_desc: '不予开放' }),
  });
}

/** The check of an address: the number must come back as `{"data": n}`. */
export function tellCheck(world: World, account: BilibiliAccount, data: number): void {
  tell(world, account, 'verify_webhooks', { data }, (status, answer) => {
    return status === 200 && answer.replaceAll(/\s/g, '') === JSON.stringify({ data });
  });
}

function tell(
  world: World,
  account: BilibiliAccount,
  event: string,
  content: object,
  received: (status: number, answer: string) => boolean = (status) => status >= 200 && status < 300,
): void {
  const { push, openid, appKey: client_id } = account;
  if (!push) return;
  const body = JSON.stringify({ event, content, timestamp: platformTime(world.clock.now()) });
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
    received,
  });
}

/** `2021-01-01 12:01:01`, Beijing time. */
const platformTime = (ms: number): string =>
  new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
