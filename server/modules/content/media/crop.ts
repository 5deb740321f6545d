import sharp from 'sharp';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import type { Crop, MediaItem } from '#shared/media.ts';
import { keepPicture, type ReadPicture, readPicture } from '../pictures.ts';
import { getMediaView } from './library.ts';
import { type FileRow, listFileRows } from './store.ts';

type Cut = { parent: FileRow; picture: ReadPicture };

/** Before the transaction that keeps the cut. @throws {AppError} not-found, input-invalid */
export async function cutMediaFile(app: App, actor: Actor, fileId: string, crop: Crop): Promise<Cut> {
  const [parent] = await app.database.withScope(actor, (tx) =>
    listFileRows(tx, actor.bureauId, { ids: [fileId] }, 1),
  );
  if (!parent) throw new AppError('not-found');
  const { x, y, width, height } = crop;
  const fits = x + width <= (parent.width ?? 0) && y + height <= (parent.height ?? 0);
  if (parent.kind !== 'picture' || !fits)
    throw new AppError('input-invalid', { problem: '裁剪范围超出图片 / the crop lies outside the picture' });
  const cut = await sharp(await app.files.get(parent.sha256), { animated: false })
    .extract({ left: x, top: y, width, height })
    .png()
    .toBuffer();
  return { parent, picture: await readPicture(cut) };
}

/**
 * Keeps a cut as a file of its own. A cut of a cut names the picture it was seen on as its parent.
 * @throws {AppError} not-found when the picture is gone meanwhile
 */
export async function cropMediaFile(
  app: App,
  tx: Tx,
  actor: Actor,
  { parent, picture }: Cut,
  input: { crop: Crop; name: string },
): Promise<MediaItem> {
  const [still] = await listFileRows(tx, actor.bureauId, { ids: [parent.id] }, 1);
  if (!still) throw new AppError('not-found');
  const { width, height } = input.crop;
  const row = await keepPicture(app, tx, picture, {
    bureauId: actor.bureauId,
    personId: actor.personId,
    name: input.name || `${parent.name} ${width}×${height}`,
    alt: parent.alt,
    cut: { parentId: parent.id, crop: input.crop },
  });
  await record(
    tx,
    actor,
    'media.cropped',
    { kind: 'file', id: row.id },
    { parentId: parent.id, ...input.crop },
  );
  app.live.changed(tx, actor.bureauId, 'media');
  return getMediaView(tx, actor.bureauId, row.id);
}
