import sharp from 'sharp';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import type { Tx } from '#server/base/database.ts';
import { newId, newToken } from '#server/base/ids.ts';
import type { FileView } from '#shared/content.ts';
import { insertFile } from './store.ts';

/** 40 megapixels: more than any phone needs to send, little enough to decode safely. */
const pixelLimit = 40_000_000;
/** Wider pictures are scaled down: no platform shows more. */
const maximumEdge = 2_560;

/**
 * Decodes a picture by its content and encodes it anew: EXIF, GPS, colour profiles and anything hidden behind the image
 * are gone, the orientation is applied. GIF stays GIF (animations), pictures with transparency become PNG, the rest JPEG.
 * @throws {AppError} file-type-refused
 */
export async function encodePicture(
  bytes: Buffer,
): Promise<{ bytes: Buffer; mime: string; width: number; height: number }> {
  try {
    const input = sharp(bytes, { limitInputPixels: pixelLimit, animated: true, failOn: 'error' });
    const { format, hasAlpha, pages } = await input.metadata();
    if (!['jpeg', 'png', 'gif', 'webp'].includes(format ?? '')) throw new AppError('file-type-refused');
    const fitted = input.autoOrient().resize({
      width: maximumEdge,
      height: pages && pages > 1 ? undefined : maximumEdge,
      fit: 'inside',
      withoutEnlargement: true,
    });
    const animated = (pages ?? 1) > 1;
    const [encoder, mime] = animated
      ? ([fitted.gif(), 'image/gif'] as const)
      : hasAlpha
        ? ([fitted.png({ compressionLevel: 9, palette: false }), 'image/png'] as const)
        : ([fitted.jpeg({ quality: 85, mozjpeg: true }), 'image/jpeg'] as const);
    const { data, info } = await encoder.toBuffer({ resolveWithObject: true });
    return {
      bytes: data,
      mime,
      width: info.width,
      height: animated ? (info.pageHeight ?? info.height) : info.height,
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('file-type-refused', {}, error);
  }
}

/** Encodes, stores and registers a picture. The bytes are on disk before the row is. */
export async function storePicture(
  app: App,
  tx: Tx,
  actor: Actor,
  bytes: Buffer,
  name: string,
): Promise<FileView> {
  const picture = await encodePicture(bytes);
  const sha256 = await app.files.put(picture.bytes);
  const row = await insertFile(tx, {
    bureau_id: actor.bureauId,
    id: newId(),
    sha256,
    mime: picture.mime,
    size: picture.bytes.length,
    width: picture.width,
    height: picture.height,
    name: name.slice(0, 120),
    token: newToken(),
    created_by: actor.personId,
  });
  return {
    id: row.id,
    url: `/files/${row.token}`,
    mime: row.mime,
    width: row.width,
    height: row.height,
    size: row.size,
    name: row.name,
  };
}
