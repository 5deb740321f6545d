import type { HandOffPublish } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { findFilesByHash } from '#server/modules/content/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import type { HandOffTask, TaskProof } from '#shared/tasks.ts';
import { lateSeconds } from '../dispatch/settle.ts';
import { payloadOf } from '../payload.ts';
import { findDelivery, moveDelivery } from '../store.ts';
import type { TaskKindOwner, TaskWho } from './kind.ts';
import type { TaskRecord } from './store.ts';

/** A post that a person makes: the delivery's package, copied by hand. */
export const publishTask: TaskKindOwner = {
  kind: 'publish',
  describe: describePost,
  findLink: (platform) => handOffOf(platform).findLink,
  onVerified: settlePost,
  onLinkAdded: addLink,
};

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

async function describePost(_app: App, tx: Tx, task: TaskRecord) {
  const delivery = await findDelivery(tx, task.bureau_id, task.subject_id);
  if (!delivery) throw new AppError('not-found');
  const payload = await payloadOf(tx, delivery);
  const stored = await findFilesByHash(
    tx,
    task.bureau_id,
    payload.media.map((media) => media.sha256),
  );
  const copy: HandOffTask['copy'] = [];
  if (payload.title) copy.push({ field: 'title', text: payload.title });
  if (payload.digest) copy.push({ field: 'digest', text: payload.digest });
  copy.push({ field: 'body', text: plainOf(payload) });
  if (payload.sourceUrl) copy.push({ field: 'link', text: payload.sourceUrl });
  return {
    instructions: [...handOffOf(delivery.platform).instructions],
    copy,
    media: stored.map((file) => ({ url: `/files/${file.token}`, name: file.name })),
    // A video may be larger than memory and lies beside as a link of its own.
    files: payload.media
      .filter(({ role }) => role !== 'video')
      .map((media, index) => {
        const extension = media.mime.split('/')[1]!.replace('jpeg', 'jpg');
        const role = media.role === 'cover' ? '封面' : '图片';
        return {
          sha256: media.sha256,
          name: `${String(index + 1).padStart(2, '0')}-${role}.${extension}`,
        };
      }),
  };
}

async function addLink(tx: Tx, task: TaskRecord, url: string, who: TaskWho): Promise<void> {
  const delivery = await findDelivery(tx, task.bureau_id, task.subject_id, true);
  if (delivery?.state !== 'published') throw new AppError('handoff-expired');
  await moveDelivery(tx, delivery, { url });
  await record(tx, who, 'delivery.link-added', { kind: 'delivery', id: delivery.id }, { url });
}

async function settlePost(app: App, tx: Tx, task: TaskRecord, proof: TaskProof, who: TaskWho): Promise<void> {
  const delivery = await findDelivery(tx, task.bureau_id, task.subject_id, true);
  if (delivery?.state !== 'handed-off') throw new AppError('handoff-expired');
  const at = task.claimed_at ?? (await clockOf(tx));
  await moveDelivery(tx, delivery, {
    state: 'published',
    url: proof.url ?? null,
    published_at: at,
    wake_at: null,
    late_seconds: lateSeconds({ due_at: delivery.due_at, submitted_at: null }, at),
  });
  await record(
    tx,
    who,
    'delivery.published',
    { kind: 'delivery', id: delivery.id },
    { url: proof.url ?? null, by: 'hand-off' },
  );
  app.live.changed(tx, delivery.bureau_id, 'deliveries');
}
