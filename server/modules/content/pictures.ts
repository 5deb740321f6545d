import sharp from 'sharp';
import type { Actor } from '#server/base/actor.ts';
import type { App } from '#server/base/app.ts';
import { AppError } from '#server/base/app-error.ts';
import { sha256Hex } from '#server/base/canonical.ts';
import type { Tx } from '#server/base/database.ts';
import { newId, newToken } from '#server/base/ids.ts';
import type { Crop, FileView } from '#shared/media.ts';
import { lookOf } from './media/look.ts';
import { insertFile, lockContent, type Shelf } from './media/store.ts';

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

export type Origin = {
  bureauId: string;
  personId: string | null;
  name: string;
  alt?: string;
  /** Default: the library. */
  shelf?: Shelf;
  /** What it was cut from. */
  cut?: { parentId: string; crop: Crop };
};

/** A picture that was decoded and encoded anew: all that takes time, and nothing that needs the database. */
export type ReadPicture = Awaited<ReturnType<typeof encodePicture>> & {
  look: string | null;
  /** sha256 of the bytes as they were sent. */
  original: string;
};

/** Before any transaction: forty megapixels take a second, and a connection held so long is one less for all. @throws {AppError} file-type-refused */
export async function readPicture(bytes: Buffer): Promise<ReadPicture> {
  const picture = await encodePicture(bytes);
  return { ...picture, look: await lookOf(picture.bytes), original: sha256Hex(bytes) };
}

/** Stores and registers it. The bytes are on disk before the row is. */
export async function keepPicture(app: App, tx: Tx, picture: ReadPicture, origin: Origin) {
  await lockContent(tx, sha256Hex(picture.bytes), 'keep');
  const sha256 = await app.files.put(picture.bytes);
  return insertFile(tx, {
    bureau_id: origin.bureauId,
    id: newId(),
    kind: 'picture',
    shelf: origin.shelf ?? 'library',
    sha256,
    original_sha256: origin.cut ? null : picture.original,
    mime: picture.mime,
    size: picture.bytes.length,
    width: picture.width,
    height: picture.height,
    name: origin.name.slice(0, 120),
    token: newToken(),
    look: picture.look,
    created_by: origin.personId,
    ...(origin.alt ? { alt: origin.alt } : {}),
    ...(origin.cut ? { parent_id: origin.cut.parentId, crop: origin.cut.crop } : {}),
  });
}

/** A picture that comes whole, from the editor or a Word document. */
export async function storePicture(
  app: App,
  tx: Tx,
  actor: Pick<Actor, 'bureauId' | 'personId'>,
  picture: ReadPicture,
  name: string,
): Promise<FileView> {
  const row = await keepPicture(app, tx, picture, {
    bureauId: actor.bureauId,
    personId: actor.personId,
    name,
  });
  app.live.changed(tx, actor.bureauId, 'media');
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
