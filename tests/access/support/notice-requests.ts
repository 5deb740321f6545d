/** Requests of notices, their channels and the menus of accounts; joined to the others in `requests.ts`. */
import * as menus from '#shared/menus.ts';
import * as channels from '#shared/notice-channels.ts';
import * as notices from '#shared/notices.ts';
import type { Route } from '#shared/route.ts';
import { until } from '#tests/support/wait.ts';
import { marker } from './marker.ts';
import type { Input } from './send.ts';
import type { Person } from './stage.ts';
import type { Things } from './things.ts';

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

export async function makeMenuRequests(things: Things, accountId: string): Promise<readonly Made[]> {
  const params = { accountId };
  const { administrator } = things;
  // A menu is published only by who has seen what it replaces.
  await administrator.call(menus.readAccountMenu, { params });
  await until(async () => (await administrator.call(menus.getAccountMenu, { params })).published !== null, {
    what: 'the menu is read',
  });
  const revision = async () => (await administrator.call(menus.getAccountMenu, { params })).revision;
  return [
    [menus.getAccountMenu, async () => ({ params })],
    [menus.saveAccountMenu, async () => ({ params, body: { baseRevision: await revision(), buttons: [] } })],
    [menus.publishAccountMenu, async () => ({ params, body: { revision: await revision() } })],
    [menus.readAccountMenu, async () => ({ params })],
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
