/** An article as a post of the bureau's website: title, excerpt, the HTML, the short link below. Pure. */

import type { VariantContent } from '#shared/package.ts';
import type { FieldCount, Master, PublishCapability, VariantProblem } from '../contract.ts';
import { limits } from './limits.ts';
import { bodyPictures, carriesLink, plainText } from './markup.ts';

const pictureTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** Characters as people count them. */
const lengthOf = (text: string | null): number => [...(text ?? '')].length;
const cut = (text: string, longest: number): string =>
  lengthOf(text) <= longest ? text : `${[...text].slice(0, longest - 1).join('')}…`;

export const compose: PublishCapability['compose'] = (master: Master, { shortLink }): VariantContent => ({
  title: cut(master.title.trim(), limits.titleCharacters),
  digest: cut(master.digest.trim(), limits.digestCharacters) || null,
  author: null,
  body: { kind: 'html', value: `${master.html}\n${linkLine(shortLink)}` },
  media: [...master.media],
  sourceUrl: null,
  openComments: true,
});

/** Visible, because a read-back finds the post by it, and people pass it on. */
const linkLine = (shortLink: string): string => `<p>本文短链接：<a href="${shortLink}">${shortLink}</a></p>`;

export const inspect: PublishCapability['inspect'] = (variant, { shortLink, reach }) => {
  const counts: FieldCount[] = [
    { field: 'title', used: lengthOf(variant.title), limit: limits.titleCharacters, unit: 'characters' },
    { field: 'digest', used: lengthOf(variant.digest), limit: limits.digestCharacters, unit: 'characters' },
  ];
  const problems = [
    reach === 'page' ? null : block('reach', '网站只能发布为网页。', 'The website publishes pages only.'),
    ...textProblems(variant, shortLink),
    ...pictureProblems(variant),
  ];
  return { counts, problems: problems.filter((found) => found !== null) };
};

function textProblems(variant: VariantContent, shortLink: string): (VariantProblem | null)[] {
  const { kind, value } = variant.body;
  const words = plainText(value).replaceAll(shortLink, '').replace('本文短链接：', '').trim();
  return [
    variant.title?.trim() ? null : block('title', '缺标题。', 'The title is missing.'),
    lengthOf(variant.title) <= limits.titleCharacters
      ? null
      : block(
          'title',
          `标题最多 ${limits.titleCharacters} 字。`,
          `A title has at most ${limits.titleCharacters} characters.`,
        ),
    lengthOf(variant.digest) <= limits.digestCharacters
      ? null
      : block(
          'digest',
          `摘要最多 ${limits.digestCharacters} 字。`,
          `A digest has at most ${limits.digestCharacters} characters.`,
        ),
    kind === 'html' ? null : block('body', '网页正文应为 HTML。', 'The body must be HTML.'),
    words ? null : block('body', '正文是空的。', 'The body is empty.'),
    carriesLink(value, shortLink)
      ? null
      : block(
          'body',
          '正文须保留本文短链接，用来核对是否已发出。',
          'Keep the short link: it shows whether the post went out.',
        ),
  ];
}

function pictureProblems({ body, media }: VariantContent): (VariantProblem | null)[] {
  const held = new Set(media.map((picture) => picture.sha256));
  return [
    bodyPictures(body.value).every((sha256) => held.has(sha256))
      ? null
      : block('media', '正文里有一张图片找不到文件。', 'A picture of the body has no file.'),
    media.every((picture) => pictureTypes.includes(picture.mime))
      ? null
      : block('media', '图片格式不支持，请用 JPG、PNG、GIF 或 WebP。', 'Use JPG, PNG, GIF or WebP pictures.'),
    media.every((picture) => picture.alt.trim())
      ? null
      : {
          level: 'warn',
          field: 'media',
          zh: '有图片没写替代文字，读屏软件读不出来。',
          en: 'A picture has no alternative text for screen readers.',
        },
  ];
}

const block = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  level: 'block',
  field,
  zh,
  en,
});
