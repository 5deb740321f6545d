import sharp from 'sharp';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { record } from '#server/modules/audit/index.ts';
import type { Crop, MediaItem } from '#shared/media.ts';
import { keepPicture } from '../pictures.ts';
import { getMediaView } from './library.ts';
import { listFileRows } from './store.ts';

/**
 * Cuts a stored picture into a file of its own. A cut of a cut names the picture it was seen on as its parent.
 * @throws {AppError} not-found, input-invalid
 */
export async function cropMediaFile(
  app: App,
  tx: Tx,
  actor: Actor,
  fileId: string,
  input: { crop: Crop; name: string },
): Promise<MediaItem> {
  const [parent] = await listFileRows(tx, actor.bureauId, { ids: [fileId] }, 1);
  if (!parent) throw new AppError('not-found');
  const { x, y, width, height } = input.crop;
  const fits = x + width <= (parent.width ?? 0) && y + height <= (parent.height ?? 0);
  if (parent.kind !== 'picture' || !fits)
    throw new AppError('input-invalid', { problem: '裁剪范围超出图片 / the crop lies outside the picture' });
  const cut = await sharp(await app.files.get(parent.sha256), { animated: false })
    .extract({ left: x, top: y, width, height })
    .png()
    .toBuffer();
  const row = await keepPicture(app, tx, cut, {
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
