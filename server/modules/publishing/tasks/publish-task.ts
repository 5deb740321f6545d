import type { HandOffPublish } from '#connectors/contract.ts';
import { getConnector } from '#connectors/registry.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { clockOf, type Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import { findFilesByHash, listOwnCrops } from '#server/modules/content/index.ts';
import type { PackagePayload } from '#shared/package.ts';
import type { HandOffTask, TaskProof } from '#shared/tasks.ts';
import { lateSeconds } from '../dispatch/settle.ts';
import { keyOf, type PlannedPicture, planPictures } from '../media-pack/plan-pictures.ts';
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
  const publish = handOffOf(delivery.platform);
  const part = (field: 'title' | 'digest' | 'body', text: string) => ({
    ...{ field, text, fit: publish.fit(field, text) },
  });
  const copy: HandOffTask['copy'] = [];
  if (payload.title) copy.push(part('title', payload.title));
  if (payload.digest) copy.push(part('digest', payload.digest));
  copy.push(part('body', plainOf(payload)));
  if (payload.sourceUrl) copy.push({ field: 'link', text: payload.sourceUrl, fit: null });
  const hashes = payload.media.map((media) => media.sha256);
  const crops = await listOwnCrops(tx, task.bureau_id, hashes);
  const pictures = planPictures(payload.media, publish.cuts, crops);
  const stored = await findFilesByHash(tx, task.bureau_id, hashes);
  const media = listMedia(task.token, payload, pictures, new Map(stored.map((file) => [file.sha256, file])));
  return { instructions: [...publish.instructions], copy, media, pictures };
}

/** A video may be larger than memory: it stands here as a link of its own and not in the pack. */
function listMedia(
  token: string,
  payload: PackagePayload,
  pictures: readonly PlannedPicture[],
  files: ReadonlyMap<string, { token: string; name: string }>,
): HandOffTask['media'] {
  const found = <T extends { sha256: string }>(one: T) => {
    const file = files.get(one.sha256);
    return file ? [{ ...one, name: file.name, originalUrl: `/files/${file.token}` }] : [];
  };
  return [
    ...payload.media
      .filter(({ role }) => role === 'video')
      .flatMap(found)
      .map(({ name, originalUrl }) => ({
        ...{ url: originalUrl, originalUrl, name, kind: 'video' as const, role: 'video' as const },
        ...{ ratio: null, cutBy: null, spare: false, place: 1 },
      })),
    ...pictures.flatMap(found).map(({ name, originalUrl, ...picture }) => ({
      ...{ originalUrl, name: picture.alt || name, kind: 'picture' as const, role: picture.role },
      url: picture.cut ? `/hand-off/${token}/pictures/${keyOf(picture)}` : originalUrl,
      ratio: picture.ratio && `${picture.ratio.width}:${picture.ratio.height}`,
      ...{ cutBy: picture.by, spare: picture.spare, place: picture.place },
    })),
  ];
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
