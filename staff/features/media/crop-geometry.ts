/** Where a crop may lie and how it moves; pixels of the picture. */
import type { Crop, CropRatio } from '#shared/media.ts';

export type Size = { width: number; height: number };
const least = 16;

export const shapeOf = (ratio: CropRatio): number => {
  const [width, height] = ratio.split(':').map(Number);
  return width! / height!;
};

/** The largest one of the ratio, in the middle; without a ratio most of the picture. */
export function largestCrop({ width, height }: Size, ratio: number | null): Crop {
  const value = ratio ?? width / height;
  const w = Math.min(width, height * value);
  return within(
    { x: (width - w) / 2, y: (height - w / value) / 2, width: w, height: w / value },
    { width, height },
  );
}

export const moveCrop = (crop: Crop, dx: number, dy: number, size: Size): Crop =>
  within({ ...crop, x: crop.x + dx, y: crop.y + dy }, size);

/** By its lower right corner; the other stays, and so does the ratio. */
export function resizeCrop(crop: Crop, dx: number, dy: number, ratio: number | null, size: Size): Crop {
  const [roomX, roomY] = [size.width - crop.x, size.height - crop.y];
  const wanted = Math.max(least, crop.width + (ratio ? Math.max(dx, dy * ratio) : dx));
  if (!ratio)
    return within(
      { ...crop, width: Math.min(wanted, roomX), height: Math.min(Math.max(least, crop.height + dy), roomY) },
      size,
    );
  const width = Math.max(Math.min(wanted, roomX, roomY * ratio), Math.max(least, least * ratio));
  return within({ ...crop, width, height: width / ratio }, size);
}

function within(crop: Crop, size: Size): Crop {
  const width = Math.round(Math.min(crop.width, size.width));
  const height = Math.round(Math.min(crop.height, size.height));
  const clamp = (value: number, most: number) => Math.round(Math.min(Math.max(0, value), most));
  return { x: clamp(crop.x, size.width - width), y: clamp(crop.y, size.height - height), width, height };
}
