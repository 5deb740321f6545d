import { systemActor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { findFilesByHash } from '#server/modules/content/index.ts';
import { payloadOf } from '../payload.ts';
import { putSitePage } from '../site-pages.ts';
import { type DeliveryRecord, moveDelivery } from '../store.ts';
import { insertTask } from '../tasks/store.ts';
import { lateSeconds } from './settle.ts';

/** Our own public site: the page and `published` are one transaction, so it is out exactly once. */
export async function publishLocally(app: App, tx: Tx, delivery: DeliveryRecord, now: Date): Promise<void> {
  const payload = await payloadOf(tx, delivery);
  const files = await findFilesByHash(
    tx,
    delivery.bureau_id,
    payload.media.map((media) => media.sha256),
  );
  const page = await putSitePage(tx, {
    bureauId: delivery.bureau_id,
    deliveryId: delivery.id,
    // Only a registered post may have none, and it never comes here.
    articleId: delivery.article_id!,
    title: payload.title ?? '',
    digest: payload.digest ?? '',
    author: payload.author,
    html: payload.body.value,
    pictures: new Map(files.map((file) => [file.sha256, `/files/${file.token}`])),
    publishedAt: now,
  });
  await moveDelivery(tx, delivery, {
    state: 'published',
    reason: null,
    wake_at: null,
    url: `${app.config.publicUrl}${page.url}`,
    published_at: now,
    late_seconds: lateSeconds({ due_at: delivery.due_at, submitted_at: null }, now),
  });
  await record(
    tx,
    systemActor(delivery.bureau_id),
    'delivery.published',
    { kind: 'delivery', id: delivery.id },
    { url: page.url },
  );
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}

/** How long a person has for a hand-off, from its time. */
const handOffMs = 2 * 3_600_000;

export async function handOff(app: App, tx: Tx, delivery: DeliveryRecord): Promise<void> {
  const deadline = new Date(delivery.due_at.getTime() + handOffMs);
  await moveDelivery(tx, delivery, {
    state: 'handed-off',
    reason: null,
    // A day after the deadline the task is over.
    wake_at: new Date(deadline.getTime() + 24 * 3_600_000),
  });
  const payload = await payloadOf(tx, delivery);
  await insertTask(tx, {
    bureauId: delivery.bureau_id,
    kind: 'publish',
    subjectId: delivery.id,
    accountId: delivery.account_id,
    title: payload.title ?? '',
    copy: [],
    deadline,
  });
  await record(
    tx,
    systemActor(delivery.bureau_id),
    'delivery.handed-off',
    { kind: 'delivery', id: delivery.id },
    {
      deadline: deadline.toISOString(),
    },
  );
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}
