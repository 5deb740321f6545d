/** Opening and closing the comments of a post: a person wishes it, the worker tells the platform. */
import { getConnector } from '#connectors/registry.ts';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findPeopleNames } from '#server/modules/people/index.ts';
import { findDeliveryForReading } from '#server/modules/publishing/index.ts';
import type { getCommentSwitch, SwitchState } from '#shared/comment-switches.ts';
import type { RouteReply } from '#shared/route.ts';
import { findSwitch, putSwitch } from './switch-store.ts';

/** @throws {AppError} not-found */
async function findPost(tx: Tx, bureauId: string, deliveryId: string) {
  const delivery = await findDeliveryForReading(tx, bureauId, deliveryId);
  const account = delivery && (await findAccount(tx, bureauId, delivery.accountId));
  if (!account) throw new AppError('not-found');
  const isOut = delivery.state === 'published' && delivery.mode === 'api';
  const offered = isOut && getConnector(account.platform).comments?.setOpen !== undefined;
  return { offered, accountId: account.id };
}

/** @throws {AppError} not-found */
export async function viewSwitch(
  tx: Tx,
  bureauId: string,
  deliveryId: string,
): Promise<RouteReply<typeof getCommentSwitch>> {
  const { offered } = await findPost(tx, bureauId, deliveryId);
  const row = await findSwitch(tx, { bureauId, deliveryId });
  if (!row) return { offered, last: null };
  const names = await findPeopleNames(tx, [row.asked_by]);
  return {
    offered,
    last: {
      ...{ open: row.open, state: row.state as SwitchState, reason: row.reason, failure: row.failure },
      askedByName: names.get(row.asked_by) ?? null,
      askedAt: row.asked_at.toISOString(),
    },
  };
}

/** @throws {AppError} not-found; comments-not-switchable where the platform has no such call, or the post is not out */
export async function switchCommentsIn(
  app: App,
  tx: Tx,
  actor: Actor,
  deliveryId: string,
  wish: { open: boolean; reason: string },
): Promise<void> {
  const { bureauId } = actor;
  const { offered, accountId } = await findPost(tx, bureauId, deliveryId);
  if (!offered) throw new AppError('comments-not-switchable');
  await putSwitch(tx, { bureauId, deliveryId, accountId, ...wish, askedBy: actor.personId });
  await record(tx, actor, 'comments.switched', { kind: 'delivery', id: deliveryId }, wish);
  await app.jobs.enqueue(tx, 'inbox.wake', { bureauId });
  app.live.changed(tx, bureauId, 'deliveries');
}
