/** Which pictures a person posts, in what order and shape. Pure. */
import type { Ratio } from '#connectors/contract.ts';
import type { PictureCut } from '#server/modules/content/index.ts';
import type { Lang } from '#shared/lang.ts';
import { text } from '#shared/lang.ts';
import type { Crop } from '#shared/media.ts';
import type { PackageMedia } from '#shared/package.ts';

export type PlannedPicture = Pick<PackageMedia, 'sha256' | 'alt'> & {
  role: 'cover' | 'body';
  /** From 1, in the order of posting. */
  place: number;
  /** Null: as it is, whatever its shape. */
  ratio: Ratio | null;
  /** Null: it is posted uncut. */
  cut: PictureCut | null;
  by: 'person' | 'program' | null;
  /** Another shape of the cover, for a page that asks for it. */
  spare: boolean;
  extension: string;
};

/** Nobody notices what is cut within this. */
const tolerance = 0.03;
const isNear = (size: Ratio, ratio: Ratio): boolean =>
  Math.abs(size.width / size.height / (ratio.width / ratio.height) - 1) <= tolerance;

/** @param crops where people cut the pictures themselves, by hash, the latest first */
export function planPictures(
  media: readonly PackageMedia[],
  cuts: { cover: readonly Ratio[]; body: readonly Ratio[] },
  crops: ReadonlyMap<string, readonly Crop[]>,
): PlannedPicture[] {
  const pictures = media.filter(({ role }) => role !== 'video');
  const marked = pictures.find(({ role }) => role === 'cover');
  // Swiped through, the first one is the cover; an article needs it at its place too.
  const cover = marked ?? pictures[0];
  const coverAlone = marked !== undefined || cuts.body.length > 0;
  const shape = (picture: PackageMedia, place: number, role: 'cover' | 'body'): PlannedPicture[] => {
    const ratios = picture.mime === 'image/gif' || cuts[role].length === 0 ? [null] : cuts[role];
    return ratios.map((ratio, index) => ({
      ...{ sha256: picture.sha256, alt: picture.alt, role, place, ratio, spare: index > 0 },
      ...cutOf(picture, ratio, crops.get(picture.sha256) ?? []),
    }));
  };
  return pictures.flatMap((picture, index) => [
    ...(picture === cover ? shape(picture, index + 1, 'cover') : []),
    ...(picture === cover && coverAlone ? [] : shape(picture, index + 1, 'body')),
  ]);
}

function cutOf(
  picture: PackageMedia,
  ratio: Ratio | null,
  crops: readonly Crop[],
): Pick<PlannedPicture, 'cut' | 'by' | 'extension'> {
  const ending = picture.mime.split('/')[1]?.replace('jpeg', 'jpg') ?? 'jpg';
  if (!ratio) return { cut: null, by: null, extension: ending };
  const extension = ending === 'png' ? 'png' : 'jpg';
  const own = crops.find((crop) => isNear(crop, ratio));
  if (own) return { cut: { crop: own }, by: 'person', extension };
  if (isNear(picture, ratio)) return { cut: null, by: null, extension: ending };
  const width = Math.min(picture.width, (picture.height * ratio.width) / ratio.height);
  const height = (width * ratio.height) / ratio.width;
  return { cut: { width: Math.round(width), height: Math.round(height) }, by: 'program', extension };
}

const roleNames = { cover: text('封面', 'cover'), body: text('图片', 'picture') };
const shapeNames = {
  upright: text('竖版', 'upright'),
  square: text('方形', 'square'),
  wide: text('横版', 'wide'),
};
export const folderNames = { originals: text('原图', 'originals'), spare: text('备选封面', 'other-covers') };

/** What it is for, in the name: `01-封面-竖版3比4.jpg`. */
export function nameOf({ place, role, ratio, spare, extension }: PlannedPicture, lang: Lang): string {
  const parts = [String(place).padStart(2, '0'), roleNames[role][lang]];
  if (ratio) {
    const { width, height } = ratio;
    const shape = shapeNames[width < height ? 'upright' : width > height ? 'wide' : 'square'][lang];
    parts.push(lang === 'zh' ? `${shape}${width}比${height}` : `${shape}-${width}x${height}`);
  }
  return `${spare ? `${folderNames.spare[lang]}/` : ''}${parts.join('-')}.${extension}`;
}

/** One of the plan in an address. */
export const keyOf = ({ place, role, ratio, extension }: PlannedPicture): string =>
  `${place}-${role}${ratio ? `-${ratio.width}x${ratio.height}` : ''}.${extension}`;
