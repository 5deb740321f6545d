/** Requests of notices and their channels; joined to the others in `requests.ts`. */
import * as channels from '#shared/notice-channels.ts';
import * as notices from '#shared/notices.ts';
import type { Route } from '#shared/route.ts';
import type { Input } from './send.ts';
import type { Person } from './stage.ts';
import { marker, type Things } from './things.ts';

type Made = readonly [Route, (who: Person) => Promise<Input>];

export function makeNoticeRequests(things: Things): readonly Made[] {
  const none = async (): Promise<Input> => ({});
  return [
    [notices.listNotices, none],
    [notices.countNotices, none],
    [notices.markNotices, async () => ({ body: { noticeIds: null, read: true } })],
    [channels.listNoticeChannels, none],
    [channels.createNoticeChannel, async () => ({ body: robotOf() })],
    [
      channels.updateNoticeChannel,
      async () => ({ params: await newChannel(things), body: { name: `${marker}群` } }),
    ],
    [channels.testNoticeChannel, async () => ({ params: await newChannel(things) })],
    [channels.getNoticePreferences, none],
    [channels.saveNoticePreferences, async () => ({ body: { mail: 'a@example.invalid', mailWhen: 'off' } })],
    [channels.testMyMail, (who) => savedMail(who)],
  ];
}

function robotOf() {
  const address = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7a0c-4bb7-8f00-0123456789ab';
  return { robot: 'wecom-robot', name: `${marker}群`, address, kinds: ['channel-failing' as const] };
}

async function newChannel(things: Things): Promise<{ channelId: string }> {
  return {
    channelId: (await things.administrator.call(channels.createNoticeChannel, { body: robotOf() })).id,
  };
}

/** Whoever has an address may try it. */
async function savedMail(who: Person): Promise<Input> {
  await who.client.call(channels.saveNoticePreferences, {
    body: { mail: 'a@example.invalid', mailWhen: 'off' },
  });
  return {};
}
