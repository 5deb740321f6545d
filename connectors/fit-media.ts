/** What a platform takes of pictures and videos, and the sentences for what it does not. Pure. */
import type { PackageMedia } from '#shared/package.ts';
import { topicsOf } from '#shared/topics.ts';
import type { Ratio, VariantProblem } from './contract.ts';
import { firstSentence, lengthOf } from './fit-text.ts';

export type PictureLimits = {
  fewest: number;
  most: number;
  mimes: readonly string[];
  bytes: number;
  /** Advised for the cover; others are cut by the platform. */
  ratios: readonly Ratio[];
};

export type VideoLimits = { bytes: number; longestMs: number; mimes: readonly string[]; shortSide: number };

/** Pictures this close to an advised ratio are not cut in a way one would notice. */
const RATIO_TOLERANCE = 0.03;
const MB = 1024 * 1024;

export const block = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  ...{ level: 'block', field, zh, en },
});
export const warn = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  ...{ level: 'warn', field, zh, en },
});

export const videoOf = (media: readonly PackageMedia[]): PackageMedia | undefined =>
  media.find(({ role }) => role === 'video');
export const picturesOf = (media: readonly PackageMedia[]): PackageMedia[] =>
  media.filter(({ role }) => role !== 'video');
/** The picture marked as cover, else the first. */
export const coverOf = (media: readonly PackageMedia[]): PackageMedia | undefined =>
  picturesOf(media).find(({ role }) => role === 'cover') ?? picturesOf(media)[0];

const nameOf = (media: PackageMedia): string => media.alt || media.sha256.slice(0, 8);
const sizeOf = (bytes: number): string =>
  bytes % (1024 * MB) ? `${bytes / MB} MB` : `${bytes / 1024 / MB} GB`;
const kindsOf = (mimes: readonly string[]): string =>
  mimes
    .map((mime) =>
      mime
        .replace(/^\w+\//, '')
        .replace('jpeg', 'jpg')
        .toUpperCase(),
    )
    .join('、');

export function pictureProblems(
  media: readonly PackageMedia[],
  limits: PictureLimits,
  platform: { zh: string; en: string },
): VariantProblem[] {
  const pictures = picturesOf(media);
  const problems = pictures.flatMap((picture) => onePicture(picture, limits));
  if (pictures.length < limits.fewest) {
    problems.push(
      block(
        'media',
        `${platform.zh}至少要 ${limits.fewest} 张图片。`,
        `${platform.en} needs at least ${limits.fewest} picture.`,
      ),
    );
  }
  if (pictures.length > limits.most) {
    problems.push(block('media', `图片最多 ${limits.most} 张。`, `At most ${limits.most} pictures.`));
  }
  const cover = coverOf(media);
  if (cover && limits.ratios.length > 0 && !limits.ratios.some((ratio) => isNear(cover, ratio))) {
    const advised = limits.ratios.map(({ width, height }) => `${width}:${height}`);
    problems.push(
      warn(
        'media',
        `封面是 ${cover.width}×${cover.height}，建议 ${advised.join('、')}，否则会被裁切。`,
        `The cover is ${cover.width}×${cover.height}; ${advised.join(', ')} is advised, else it will be cropped.`,
      ),
    );
  }
  return problems;
}

export function onePicture(
  picture: PackageMedia,
  { mimes, bytes }: Pick<PictureLimits, 'mimes' | 'bytes'>,
): VariantProblem[] {
  const problems: VariantProblem[] = [];
  if (!mimes.includes(picture.mime)) {
    problems.push(
      block(
        'media',
        `图片“${nameOf(picture)}”格式不支持，请用 ${kindsOf(mimes)}。`,
        `A picture has a format the platform does not take; use ${kindsOf(mimes)}.`,
      ),
    );
  }
  if (picture.size > bytes) {
    problems.push(
      block(
        'media',
        `图片“${nameOf(picture)}”超过 ${sizeOf(bytes)}。`,
        `A picture may have ${sizeOf(bytes)} at most.`,
      ),
    );
  }
  return problems;
}

/** Length, size and container of the video, and that there is one only; nothing when there is none. */
export function videoProblems(
  media: readonly PackageMedia[],
  limits: VideoLimits,
  platform: { zh: string; en: string },
): VariantProblem[] {
  const videos = media.filter(({ role }) => role === 'video');
  const [video] = videos;
  if (!video) return [];
  const problems: VariantProblem[] = [];
  if (videos.length > 1) problems.push(block('media', '一次只能发一个视频。', 'One video a post.'));
  if (!limits.mimes.includes(video.mime)) {
    problems.push(
      block(
        'media',
        `视频格式不支持，请用 ${kindsOf(limits.mimes)}。`,
        `Use a video in ${kindsOf(limits.mimes)}.`,
      ),
    );
  }
  if (video.size > limits.bytes) {
    problems.push(
      block(
        'media',
        `视频有 ${Math.ceil(video.size / MB)} MB，${platform.zh}最多 ${sizeOf(limits.bytes)}。`,
        `The video has ${Math.ceil(video.size / MB)} MB; ${platform.en} takes ${sizeOf(limits.bytes)}.`,
      ),
    );
  }
  if ((video.durationMs ?? 0) > limits.longestMs) {
    const minutes = Math.floor(limits.longestMs / 60_000);
    problems.push(
      block(
        'media',
        `视频长 ${Math.ceil((video.durationMs ?? 0) / 60_000)} 分钟，${platform.zh}最多 ${minutes} 分钟。`,
        `The video is too long; ${platform.en} takes ${minutes} minutes.`,
      ),
    );
  }
  if (Math.min(video.width, video.height) < limits.shortSide) {
    problems.push(
      warn(
        'media',
        `视频只有 ${video.width}×${video.height}，建议短边不低于 ${limits.shortSide}，否则显得模糊。`,
        `The video is ${video.width}×${video.height}; a short side of ${limits.shortSide} is advised.`,
      ),
    );
  }
  return problems;
}

/** A folded post shows its first sentence only: it should say the matter. */
export function firstSentenceProblems(text: string, shown: number): VariantProblem[] {
  const used = lengthOf(firstSentence(text));
  if (used <= shown) return [];
  return [
    warn(
      'body',
      `第一句有 ${used} 字，列表里大约只显示前 ${shown} 字，建议把要点放在最前。`,
      `The first sentence has ${used} characters; about ${shown} are shown folded. Put the matter first.`,
    ),
  ];
}

export function topicProblems(text: string, most: number): VariantProblem[] {
  const named = topicsOf(text).length;
  if (named <= most) return [];
  return [
    warn(
      'body',
      `话题有 ${named} 个，建议不超过 ${most} 个。`,
      `${named} topics; at most ${most} are advised.`,
    ),
  ];
}

const isNear = (picture: PackageMedia, ratio: Ratio): boolean =>
  Math.abs(picture.width / picture.height / (ratio.width / ratio.height) - 1) <= RATIO_TOLERANCE;
