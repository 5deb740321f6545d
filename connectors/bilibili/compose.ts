/** First adaptation of a master for an article (专栏), and what an editor must know about a variant. Pure. */
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import type { FieldCount, PublishCapability, VariantProblem } from '../contract.ts';
import { limits } from './limits.ts';
import { bodyPictures, plainMarkup, wordsOf } from './markup.ts';

export const pictureTypes: readonly string[] = ['image/jpeg', 'image/png'];

/** Characters by code points; how the platform counts is not documented. */
const lengthOf = (text: string): number => [...text].length;

/** The picture of the list: the one marked as cover, else the first. */
export const coverOf = (media: readonly PackageMedia[]): PackageMedia | undefined =>
  media.find((picture) => picture.role === 'cover') ?? media[0];

/**
 * The body ends with a plain line that shows the short link: links to other sites are taken away, words stay, and a
 * read-back finds the article by them.
 */
export const compose: PublishCapability['compose'] = (master, { shortLink }): VariantContent => {
  const usable = master.media.filter((picture) => pictureTypes.includes(picture.mime));
  const cover = coverOf(usable);
  return {
    title: cut(master.title, limits.titleCharacters),
    digest: cut(master.digest || master.text.replaceAll(/\s+/g, ' '), limits.summaryCharacters) || null,
    author: null,
    body: { kind: 'html', value: `${plainMarkup(master.html)}<p>网页版与办理入口：${shortLink}</p>` },
    // Pictures that the body shows stay whatever they are: the editor is told, nothing vanishes silently.
    media: master.media
      .filter((picture) => picture === cover || master.html.includes(picture.sha256))
      .map((picture) => ({ ...picture, role: picture === cover ? 'cover' : 'body' })),
    sourceUrl: null,
    openComments: true,
  };
};

function cut(text: string, longest: number): string {
  const characters = [...text.trim()];
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest - 1).join('')}…`;
}

export const inspect: PublishCapability['inspect'] = (variant, { shortLink, reach }) => {
  const words = wordsOf(variant.body.value);
  const counts: FieldCount[] = [
    {
      field: 'title',
      used: lengthOf(variant.title ?? ''),
      limit: limits.titleCharacters,
      unit: 'characters',
    },
    {
      field: 'digest',
      used: lengthOf(variant.digest ?? ''),
      limit: limits.summaryCharacters,
      unit: 'characters',
    },
    { field: 'body', used: lengthOf(words), limit: limits.bodyLongest, unit: 'characters' },
  ];
  const problems = [
    reach === 'timeline'
      ? null
      : block('reach', 'B 站专栏只能发到时间线。', 'Bilibili articles go to the timeline only.'),
    variant.title?.trim() ? null : block('title', '缺标题。', 'The title is missing.'),
    variant.digest?.trim() ? null : block('digest', '缺摘要，平台必填。', 'The platform demands a summary.'),
    ...counts.map(tooLong),
    ...bodyProblems(variant, words, shortLink),
    ...pictureProblems(variant),
  ];
  return { counts, problems: problems.filter((found) => found !== null) };
};

const fieldNames: Partial<Record<FieldCount['field'], { zh: string; en: string }>> = {
  title: { zh: '标题', en: 'The title' },
  digest: { zh: '摘要', en: 'The summary' },
  body: { zh: '正文', en: 'The body' },
};

function tooLong({ field, used, limit }: FieldCount): VariantProblem | null {
  const name = fieldNames[field];
  if (!name || used <= limit) return null;
  const zh = `${name.zh}有 ${used} 字，最多 ${limit} 字。`;
  return block(field, zh, `${name.en} has ${used} characters; the platform takes ${limit}.`);
}

function bodyProblems(variant: VariantContent, words: string, shortLink: string): VariantProblem[] {
  const problems: VariantProblem[] = [];
  const { kind, value } = variant.body;
  if (kind !== 'html') problems.push(block('body', '专栏正文应为 HTML。', 'The body must be HTML.'));
  if (words.replace(shortLink, '').trim() === '' && bodyPictures(value).length === 0)
    problems.push(block('body', '正文是空的。', 'The body is empty.'));
  if (!carriesLink(words, shortLink)) {
    const zh = '正文里没有短链接：发布结果不明时就查不到这篇专栏。请把短链接放回去。';
    problems.push(
      block('body', zh, 'The short link is missing: an uncertain outcome could not be looked up.'),
    );
  }
  if (lengthOf(words) < limits.bodyShortest && bodyPictures(value).length < limits.picturesInstead) {
    const zh = `正文不足 ${limits.bodyShortest} 字且图片不到 ${limits.picturesInstead} 张，平台可能退回。`;
    const en = `Under ${limits.bodyShortest} characters and ${limits.picturesInstead} pictures the platform may refuse it.`;
    problems.push(warn('body', zh, en));
  }
  return problems;
}

function pictureProblems(variant: VariantContent): VariantProblem[] {
  const shown = bodyPictures(variant.body.value);
  const missing = shown.filter((sha256) => !variant.media.some((picture) => picture.sha256 === sha256));
  const cover = coverOf(variant.media);
  const wrong = variant.media.filter((picture) => picture === cover || shown.includes(picture.sha256));
  return [
    ...missing.map(() =>
      block('media', '正文里有一张图片找不到文件。', 'A picture of the body has no file.'),
    ),
    ...wrong
      .filter((picture) => !isTaken(picture))
      .map((picture) => {
        const zh = `图片“${picture.alt || picture.sha256.slice(0, 8)}”应为不超过 5 MB 的 JPG 或 PNG。`;
        return block('media', zh, 'Pictures must be JPG or PNG of at most 5 MB.');
      }),
  ];
}

const isTaken = (picture: PackageMedia): boolean =>
  pictureTypes.includes(picture.mime) && picture.size <= limits.pictureBytes;

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

/** The link itself, not one that merely begins like it. */
export function carriesLink(text: string, shortLink: string): boolean {
  for (let at = text.indexOf(shortLink); at >= 0; at = text.indexOf(shortLink, at + 1)) {
    if (!/[\w-]/.test(text.charAt(at + shortLink.length))) return true;
  }
  return false;
}
