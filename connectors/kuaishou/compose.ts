/** The caption of a picture post: the title, then whole paragraphs and sentences, as many as fit. Pure. */
import type { VariantContent } from '#shared/package.ts';
import type { Master, PublishCapability } from '../contract.ts';
import { block, pictureProblems, warn } from '../fit-media.ts';
import { limits, ratios } from './profile.ts';

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const pictureTypes: readonly string[] = ['image/jpeg', 'image/png'];

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
    ...pictureProblems(
      variant.media,
      { fewest: 1, most: limits.pictures, mimes: pictureTypes, bytes: limits.pictureBytes, ratios },
      { zh: '快手图文', en: 'Kuaishou' },
    ),
  ];
  return {
    counts: [{ field: 'body', used, limit, unit: 'characters' }],
    problems: problems.filter((found) => found !== null),
  };
};
