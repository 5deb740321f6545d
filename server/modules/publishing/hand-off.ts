import { strToU8, zipSync } from 'fflate';
import type { HandOffPublish } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { now } from '#server/base/clock.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { findAccount } from '#server/modules/accounts/index.ts';
import { record } from '#server/modules/audit/index.ts';
import { findFilesByHash, findPackage, openPackage } from '#server/modules/content/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import type { HandOffTask } from '#shared/publishing.ts';
import { lateSeconds } from './dispatch/settle.ts';
import { type DeliveryRecord, findByHandOffToken, moveDelivery } from './store.ts';

/** A task can be looked at for a week after its deadline, so that the person sees that it is done. */
const visibleMs = 7 * 86_400_000;

async function demandTask(tx: Tx, token: string, lock: boolean): Promise<DeliveryRecord> {
  const delivery = await findByHandOffToken(tx, token, lock);
  if (!delivery?.handoff_deadline) throw new AppError('not-found');
  if (now().getTime() > delivery.handoff_deadline.getTime() + visibleMs)
    throw new AppError('handoff-expired');
  return delivery;
}

function handOffOf(platform: string): HandOffPublish {
  const { publish } = getConnector(platform);
  if (publish.kind !== 'hand-off') throw new AppError('not-found');
  return publish;
}

const plainOf = (payload: PackagePayload): string =>
  payload.body.kind === 'text'
    ? payload.body.value
    : payload.body.value
        .replace(/<\/(p|h2|h3|li)>/g, '\n')
        .replace(/<[^>]+>/g, '')
        .trim();

export async function getHandOffTask(tx: Tx, token: string): Promise<HandOffTask> {
  const delivery = await demandTask(tx, token, false);
  const connector = getConnector(delivery.platform);
  const payload = openPackage((await findPackage(tx, delivery.bureau_id, delivery.package_id))!);
  const account = await findAccount(tx, delivery.bureau_id, delivery.account_id);
  const files = await findFilesByHash(
    tx,
    delivery.bureau_id,
    payload.media.map((media) => media.sha256),
  );
  const copy: HandOffTask['copy'] = [];
  if (payload.title) copy.push({ field: 'title', text: payload.title });
  if (payload.digest) copy.push({ field: 'digest', text: payload.digest });
  copy.push({ field: 'body', text: plainOf(payload) });
  return {
    deliveryId: delivery.id,
    articleTitle: payload.title ?? '',
    accountName: account?.name ?? '',
    platformName: connector.label,
    state: delivery.state,
    deadline: delivery.handoff_deadline!.toISOString(),
    instructions: [...handOffOf(delivery.platform).instructions],
    copy,
    media: files.map((file) => ({ url: `/files/${file.token}`, name: file.name })),
    mediaPackUrl: files.length > 0 ? `/hand-off/${token}/media.zip` : null,
    url: delivery.url,
  };
}

/**
 * The person pasted the share text back: the platform's link in it is the proof.
 * @throws {AppError} not-found, handoff-expired, handoff-link-missing, state-conflict
 */
export async function proveHandOffTask(
  app: App,
  tx: Tx,
  token: string,
  pasted: string,
): Promise<{ url: string }> {
  const delivery = await demandTask(tx, token, true);
  const url = handOffOf(delivery.platform).findLink(pasted);
  if (!url) throw new AppError('handoff-link-missing');
  if (delivery.state === 'published' && delivery.url === url) return { url };
  if (delivery.state !== 'handed-off') throw new AppError('handoff-expired');
  const now = await clockOf(tx);
  await moveDelivery(tx, delivery, {
    state: 'published',
    url,
    published_at: now,
    wake_at: null,
    handoff_proof: { pasted, url },
    late_seconds: lateSeconds({ due_at: delivery.due_at, submitted_at: null }, now),
  });
  await record(
    tx,
    { personId: null, name: '人工发布链接', bureauId: delivery.bureau_id },
    'delivery.published',
    {
      kind: 'delivery',
      id: delivery.id,
    },
    { url, by: 'hand-off' },
  );
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
  return { url };
}

/** Pictures and texts of the task as one zip, for the person's phone or computer. */
export async function packMedia(app: App, tx: Tx, token: string): Promise<Uint8Array> {
  const delivery = await demandTask(tx, token, false);
  const payload = openPackage((await findPackage(tx, delivery.bureau_id, delivery.package_id))!);
  const entries: Record<string, Uint8Array> = {
    '文字.txt': strToU8(`${payload.title ?? ''}\n\n${plainOf(payload)}\n`),
  };
  // A video may be larger than memory and lies beside as a link of its own.
  const pictures = payload.media.filter(({ role }) => role !== 'video');
  for (const [index, media] of pictures.entries()) {
    const extension = media.mime.split('/')[1]!.replace('jpeg', 'jpg');
    const role = media.role === 'cover' ? '封面' : '图片';
    entries[`${String(index + 1).padStart(2, '0')}-${role}.${extension}`] = await app.files.get(media.sha256);
  }
  // Pictures are compressed already.
  return zipSync(entries, { level: 0 });
}
