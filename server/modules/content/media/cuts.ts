/** Pictures cut for a platform without becoming files of their own: bytes for whoever posts by hand. */
import sharp from 'sharp';
import type { Crop } from '#shared/media.ts';

/** Pixels; without a place the program looks for what draws the eye (colour of skin, saturation, contrast). */
export type PictureCut = { crop: Crop } | { width: number; height: number };

/** Keeps the format; what is not PNG becomes JPEG. */
export async function cutPicture(bytes: Uint8Array, cut: PictureCut): Promise<Buffer> {
  const picture = sharp(bytes);
  const { format } = await picture.metadata();
  const shaped =
    'crop' in cut
      ? picture.extract({ left: cut.crop.x, top: cut.crop.y, width: cut.crop.width, height: cut.crop.height })
      : picture.resize({ ...cut, fit: 'cover', position: sharp.strategy.attention });
  return (format === 'png' ? shaped.png() : shaped.jpeg({ quality: 90 })).toBuffer();
}
