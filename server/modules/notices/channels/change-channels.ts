import type { z } from 'zod';
import { robots } from '#connectors/robots.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId } from '#server/base/ids.ts';
import { record } from '#server/modules/audit/index.ts';
import type { createNoticeChannel, updateNoticeChannel } from '#shared/notice-channels.ts';
import { insertNotice } from '../store.ts';
import { sealChannel } from './seals.ts';
import { findChannel, insertChannel, insertSending, updateChannelRow } from './store.ts';

/** @throws {AppError} input-invalid */
function readKey(kind: string, address: string): string {
  const key = robots.get(kind)?.readKey(address);
  if (key) return key;
  throw new AppError('input-invalid', {
    problem:
      '地址里没有找到机器人的密钥，请粘贴完整的 Webhook 地址 / no robot key in it: paste the whole webhook address',
    field: 'address',
  });
}

export async function createChannel(
  app: App,
  tx: Tx,
  actor: Actor,
  input: z.output<(typeof createNoticeChannel)['body']>,
): Promise<{ id: string }> {
  const robot = robots.get(input.robot);
  if (!robot)
    throw new AppError('input-invalid', { problem: '没有这种机器人 / no such robot', field: 'robot' });
  if (robot.signed && !input.secret)
    throw new AppError('input-invalid', {
      problem: '请填写签名密钥 / the secret is needed',
      field: 'secret',
    });
  const owner = { bureauId: actor.bureauId, channelId: newId() };
  await insertChannel(tx, {
    bureau_id: actor.bureauId,
    id: owner.channelId,
    kind: robot.id,
    name: input.name,
    kinds: [...new Set(input.kinds)],
    sealed_key: sealChannel(app, owner, 'sealed_key', readKey(robot.id, input.address)),
    sealed_secret: input.secret ? sealChannel(app, owner, 'sealed_secret', input.secret) : null,
  });
  const subject = { kind: 'notice-channel', id: owner.channelId };
  await record(tx, actor, 'notice-channel.created', subject, { robot: robot.id });
  app.live.changed(tx, actor.bureauId, 'notices');
  return { id: owner.channelId };
}

export async function changeChannel(
  app: App,
  tx: Tx,
  actor: Actor,
  channelId: string,
  change: z.output<(typeof updateNoticeChannel)['body']>,
): Promise<void> {
  const row = await findChannel(tx, actor.bureauId, channelId);
  if (!row) throw new AppError('not-found');
  const owner = { bureauId: actor.bureauId, channelId };
  const { address, secret, name, active, kinds } = change;
  if (row.kind === 'mail' && (address || secret || kinds))
    throw new AppError('input-invalid', {
      problem: '邮件渠道没有地址和种类可改 / mail has no address or kinds to change',
    });
  await updateChannelRow(tx, actor.bureauId, channelId, {
    ...(name === undefined ? {} : { name }),
    ...(active === undefined ? {} : { active }),
    ...(kinds === undefined ? {} : { kinds: [...new Set(kinds)] }),
    ...(address ? { sealed_key: sealChannel(app, owner, 'sealed_key', readKey(row.kind, address)) } : {}),
    ...(secret ? { sealed_secret: sealChannel(app, owner, 'sealed_secret', secret) } : {}),
  });
  const changed = Object.keys(change).filter((key) => change[key as keyof typeof change] !== undefined);
  await record(tx, actor, 'notice-channel.updated', { kind: 'notice-channel', id: channelId }, { changed });
  app.live.changed(tx, actor.bureauId, 'notices');
}

/** A notice for this destination alone; how it went shows at the channel. */
export async function sendTest(
  app: App,
  tx: Tx,
  actor: Actor,
  channelId: string,
  personId: string | null,
): Promise<void> {
  const id = newId();
  await insertNotice(tx, {
    bureau_id: actor.bureauId,
    id,
    kind: 'channel-test',
    urgency: 'urgent',
    subject_kind: 'notice-channel',
    subject_id: channelId,
    reference: null,
    words_zh: '这是一条测试通知，收到说明设置正确',
    words_en: 'A test notice: when you read it, the settings are right',
    link: '/notices/settings',
    phone_link: null,
    due_at: null,
    dedup_key: `channel-test:${id}`,
  });
  await insertSending(tx, { bureau_id: actor.bureauId, channel_id: channelId, person_id: personId }, id);
  await record(tx, actor, 'notice-channel.tested', { kind: 'notice-channel', id: channelId });
  app.live.changed(tx, actor.bureauId, 'notices');
}
