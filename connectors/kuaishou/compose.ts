/** The caption of a picture post: the title, then whole paragraphs and sentences, as many as fit. Pure. */
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import type { Master, PublishCapability, VariantProblem } from '../contract.ts';
import { limits, ratios } from './profile.ts';

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
/** Pictures this close to an advised ratio are not cut in a way one would notice. */
const RATIO_TOLERANCE = 0.03;

const count = (text: string): number => [...graphemes.segment(text)].length;

/** There is no title of its own: the caption begins with it. */
export const compose: PublishCapability['compose'] = (master): VariantContent => ({
  title: null,
  digest: null,
  author: null,
  body: { kind: 'text', value: caption(master) },
  media: master.media.slice(0, limits.pictures),
  sourceUrl: null,
  openComments: true,
});

function caption(master: Master): string {
  let text = cut(master.title.trim());
  const paragraphs = [master.digest, ...master.text.split(/\n+/)].map((line) => line.trim()).filter(Boolean);
  for (const paragraph of paragraphs) {
    let separator = text ? '\n' : '';
    for (const sentence of paragraph.match(/[^。！？；!?]+[。！？；!?]*[”’」』）]*/g) ?? []) {
      if (count(`${text}${separator}${sentence}`) > limits.captionCharacters) return text || cut(sentence);
      text = `${text}${separator}${sentence}`;
      separator = '';
    }
  }
  return text;
}

function cut(text: string): string {
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment);
  const longest = limits.captionCharacters;
  return parts.length <= longest ? text : `${parts.slice(0, longest - 1).join('')}…`;
}

export const inspect: PublishCapability['inspect'] = (variant, { reach }) => {
  const text = variant.body.value;
  const used = count(text);
  const limit = limits.captionCharacters;
  const problems = [
    reach === 'timeline'
      ? null
      : block('reach', '快手只能发到时间线。', 'Kuaishou posts go to the timeline only.'),
    variant.body.kind === 'text' ? null : block('body', '作品描述须为纯文字。', 'The caption must be plain.'),
    text.trim() ? null : block('body', '作品描述是空的。', 'The caption is empty.'),
    used <= limit
      ? null
      : block(
          'body',
          `作品描述有 ${used} 字，最多 ${limit} 字。`,
          `The caption has ${used} characters; the page takes ${limit}.`,
        ),
    /https?:\/\/\S/.test(text)
      ? warn(
          'body',
          '描述含网址，平台可能判为引流，建议改写为服务名称。',
          'An address in the caption may be taken for advertising; name the service instead.',
        )
      : null,
    ...pictureProblems(variant.media),
  ];
  return {
    counts: [{ field: 'body', used, limit, unit: 'characters' }],
    problems: problems.filter((found) => found !== null),
  };
};

function pictureProblems(media: readonly PackageMedia[]): (VariantProblem | null)[] {
  const [cover] = media;
  if (!cover) return [block('media', '图文作品至少要一张图片。', 'A picture post needs a picture.')];
  const { width, height } = cover;
  const near = ratios.some(
    (ratio) => Math.abs(width / height / (ratio.width / ratio.height) - 1) <= RATIO_TOLERANCE,
  );
  const advised = ratios.map((ratio) => `${ratio.width}:${ratio.height}`);
  return [
    media.length <= limits.pictures
      ? null
      : block('media', `图片最多 ${limits.pictures} 张。`, `At most ${limits.pictures} pictures.`),
    near
      ? null
      : warn(
          'media',
          `封面是 ${width}×${height}，建议 ${advised.join('、')}，否则会被裁切。`,
          `The cover is ${width}×${height}; ${advised.join(', ')} is advised, else it will be cropped.`,
        ),
  ];
}

const block = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  level: 'block',
  field,
  zh,
  en,
});
const warn = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  level: 'warn',
  field,
  zh,
  en,
});
