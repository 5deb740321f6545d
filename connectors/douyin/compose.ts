/** The caption of a post (图文 or 视频): title, text, and the mark by which the post is found again. Pure. */
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import { chosenTopics, topicLine } from '#shared/topics.ts';
import type { FieldCount, Master, PublishCapability, VariantProblem } from '../contract.ts';
import {
  firstSentenceProblems,
  onePicture,
  pictureProblems,
  topicProblems,
  videoOf,
  videoProblems,
} from '../fit-media.ts';
import { limits } from './limits.ts';

const pictureTypes: readonly string[] = ['image/jpeg', 'image/png'];
const platform = { zh: '抖音', en: 'Douyin' } as const;
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

export const compose: PublishCapability['compose'] = (master, context): VariantContent => {
  const { shortLink, settings } = context;
  const mark = settings.linkForm === 'code' ? `编号：${codeOf(shortLink)}` : `详情：${shortLink}`;
  const source = `${master.title}\n${tidy(master.digest) || master.text}`;
  const topics = topicLine(chosenTopics(context, limits.topics), source);
  const tail = [topics, mark].filter(Boolean).join('\n');
  const room = limits.textLength - tail.length - 2;
  const video = videoOf(master.media);
  return {
    title: null,
    digest: null,
    author: null,
    sourceUrl: null,
    body: { kind: 'text', value: [words(master, room), tail].filter(Boolean).join('\n\n') },
    media: video ? [video] : choosePictures(master.media),
    openComments: true,
  };
};

/** Title, then whole paragraphs, then whole sentences of the next one, as many as fit. */
function words(master: Master, room: number): string {
  let text = cut(tidy(master.title), room);
  for (const paragraph of (tidy(master.digest) || master.text).split(/\n+/).map(tidy).filter(Boolean)) {
    const next = text ? `${text}\n\n${paragraph}` : paragraph;
    if (next.length > room) return addSentences(text, paragraph, room);
    text = next;
  }
  return text;
}

function addSentences(before: string, paragraph: string, room: number): string {
  let text = before;
  let separator = before ? '\n\n' : '';
  for (const sentence of paragraph.match(/[^。！？；!?]+[。！？；!?]*[”’」』）]*/g) ?? []) {
    if (`${text}${separator}${sentence}`.length > room) break;
    text = `${text}${separator}${sentence}`;
    separator = '';
  }
  return text || cut(paragraph, room);
}

/** Cuts between what people see as characters, and says so with an ellipsis. */
function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (`${kept}${segment}…`.length > room) break;
    kept += segment;
  }
  return `${kept}…`;
}

const tidy = (text: string): string => text.replaceAll(/[^\S\n]+/g, ' ').trim();

function choosePictures(media: readonly PackageMedia[]): PackageMedia[] {
  const usable = media.filter((picture) => pictureProblem(picture) === null);
  const [covers, others] = [
    usable.filter(({ role }) => role === 'cover'),
    usable.filter(({ role }) => role !== 'cover'),
  ];
  return [...covers, ...others].slice(0, limits.picturesMost);
}

/** Why this one picture can't be sent. */
const pictureProblem = (picture: PackageMedia): VariantProblem | null =>
  onePicture(picture, { mimes: pictureTypes, bytes: limits.pictureBytes })[0] ?? null;

function mediaProblems(media: readonly PackageMedia[]): VariantProblem[] {
  if (videoOf(media)) {
    const { videoBytes: bytes, videoMs: longestMs, videoShortSide: shortSide } = limits;
    const mimes = ['video/mp4', 'video/webm'];
    return [
      ...videoProblems(media, { bytes, longestMs, mimes, shortSide }, platform),
      ...(media.length > 1
        ? [problem('media', '视频作品不能再带图片。', 'A video post takes no pictures.')]
        : []),
    ];
  }
  const { picturesMost: most, pictureBytes: bytes } = limits;
  return pictureProblems(
    media,
    { fewest: 1, most, mimes: pictureTypes, bytes, ratios: [] },
    { zh: '抖音图文', en: 'Douyin' },
  );
}

export const inspect: PublishCapability['inspect'] = (variant, { shortLink, reach }) => {
  const text = variant.body.value;
  const used = text.length;
  const counts: FieldCount[] = [{ field: 'body', used, limit: limits.textLength, unit: 'characters' }];
  const problems = [
    reach === 'timeline' ? null : problem('reach', '抖音只能发到作品页。', 'Posts go to the timeline only.'),
    variant.body.kind === 'text' ? null : problem('body', '抖音文案须为纯文字。', 'The text must be plain.'),
    bare(text, shortLink) ? null : problem('body', '还没有文案。', 'There is no text yet.'),
    used <= limits.textLength
      ? null
      : problem(
          'body',
          `超出 ${used - limits.textLength} 字，抖音文案最多 ${limits.textLength} 字。`,
          `${used - limits.textLength} characters over the limit of ${limits.textLength}.`,
        ),
    carriesMark(text, shortLink)
      ? null
      : problem(
          'body',
          `文案须保留本文短链接或其编号“${codeOf(shortLink)}”，答复丢失时靠它在作品列表里核对。`,
          'Keep the short link or its code: a post whose answer is lost is found by it.',
        ),
    text.includes(shortLink)
      ? problem(
          'body',
          '文案里的网址不能点击，平台还可能判为站外引流，可改用“编号”。',
          'An address cannot be tapped there and may be taken for advertising; its code will do.',
          'warn',
        )
      : null,
    ...mediaProblems(variant.media),
    ...topicProblems(text, limits.topics),
    ...firstSentenceProblems(text, limits.shown),
  ];
  return { counts, problems: problems.filter((found) => found !== null) };
};

function problem(
  field: VariantProblem['field'],
  zh: string,
  en: string,
  level: VariantProblem['level'] = 'block',
): VariantProblem {
  return { level, field, zh, en };
}

/** The text without the mark and the words before it. */
const bare = (text: string, shortLink: string): string =>
  text
    .replaceAll(shortLink, '')
    .replaceAll(codeOf(shortLink), '')
    .replaceAll(/(?:详情|编号)：/g, '')
    .trim();

/** The last part of the delivery's short link: as unlikely to stand in another post as the link itself. */
export const codeOf = (shortLink: string): string =>
  new URL(shortLink).pathname.split('/').findLast(Boolean) ?? '';

/** True for the short link and for its code alone; whole, not the beginning of a longer one. */
export function carriesMark(text: string, shortLink: string): boolean {
  const code = codeOf(shortLink);
  for (let at = text.indexOf(code); at >= 0; at = text.indexOf(code, at + 1)) {
    const [before, after] = [text.charAt(at - 1), text.charAt(at + code.length)];
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}
