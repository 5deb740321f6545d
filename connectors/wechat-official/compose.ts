/** First adaptation of a master for WeChat, and what an editor must know about a variant. Pure. */
import type { FieldCount, Master, PublishCapability, VariantProblem } from '#connectors/contract.ts';
import type { PackageMedia, Reach, VariantContent } from '#shared/package.ts';
import {
  AUTHOR_LONGEST,
  BODY_PICTURE_BYTES_BELOW,
  CONTENT_BYTES_BELOW,
  CONTENT_CHARACTERS_BELOW,
  COVER_BYTES,
  DIGEST_LONGEST,
  PICTURE_ADDRESS_EXTRA,
  SOURCE_URL_BYTES,
  TITLE_LONGEST,
} from './limits.ts';
import { styleMarkup } from './markup.ts';

const LINE_STYLE = 'margin:24px 0 0;line-height:1.8;font-size:14px;color:#6b7280;word-break:break-all';
const MEDIA_MARK = /media:([0-9a-f]{64})/g;
const BODY_MIMES = ['image/jpeg', 'image/png'];
const COVER_MIMES = ['image/jpeg', 'image/png', 'image/gif', 'image/bmp'];

/** Pictures that the body really shows, each once, in order. */
export function bodyPictures(html: string): string[] {
  return [...new Set([...html.matchAll(MEDIA_MARK)].map((match) => match[1] ?? ''))];
}

/** The picture for the list and the top: the one marked as cover, else the first. */
export const coverOf = (media: readonly PackageMedia[]): PackageMedia | undefined =>
  media.find((picture) => picture.role === 'cover') ?? media[0];

/** Characters as people count them. */
const lengthOf = (text: string): number => [...text].length;
const cut = (text: string, longest: number): string => [...text.trim()].slice(0, longest).join('');

/**
 * The body ends with a plain line that shows the short link: the platform takes links away and leaves their
 * words, so a read-back finds the post by it even where "read the original" was changed by hand.
 */
export const compose: PublishCapability['compose'] = (master: Master, { shortLink }) => {
  const cover = coverOf(master.media);
  const line = `<p style="${LINE_STYLE}">网页版与办理入口：${shortLink}</p>`;
  return {
    title: cut(master.title, TITLE_LONGEST),
    digest: cut(master.digest, DIGEST_LONGEST) || null,
    author: cut(master.author, AUTHOR_LONGEST) || null,
    body: { kind: 'html', value: `${styleMarkup(master.html)}${line}` },
    media: master.media.map((picture) => ({ ...picture, role: picture === cover ? 'cover' : 'body' })),
    sourceUrl: shortLink,
    openComments: true,
  };
};

export const inspect: PublishCapability['inspect'] = (variant, { shortLink, reach }) => {
  const html = variant.body.value;
  const characters = lengthOf(html) + bodyPictures(html).length * PICTURE_ADDRESS_EXTRA;
  const counts: FieldCount[] = [
    { field: 'title', used: lengthOf(variant.title ?? ''), limit: TITLE_LONGEST, unit: 'characters' },
    { field: 'author', used: lengthOf(variant.author ?? ''), limit: AUTHOR_LONGEST, unit: 'characters' },
    { field: 'digest', used: lengthOf(variant.digest ?? ''), limit: DIGEST_LONGEST, unit: 'characters' },
    { field: 'body', used: characters, limit: CONTENT_CHARACTERS_BELOW - 1, unit: 'characters' },
  ];
  const problems = [
    ...textProblems(variant, counts),
    ...bodyProblems(variant, shortLink),
    ...pictureProblems(variant),
    reachNote(reach),
  ];
  return { problems, counts };
};

const TOO_LONG: Partial<Record<FieldCount['field'], { zh: string; en: string }>> = {
  title: { zh: '标题', en: 'The title' },
  author: { zh: '作者', en: 'The author' },
  digest: { zh: '摘要', en: 'The digest' },
  body: { zh: '正文（含格式）', en: 'The body (with its markup)' },
};

function textProblems(variant: VariantContent, counts: FieldCount[]): VariantProblem[] {
  const problems: VariantProblem[] = counts.flatMap(({ field, used, limit }) => {
    const name = TOO_LONG[field];
    if (!name || used <= limit) return [];
    const zh = `${name.zh}有 ${used} 字，微信最多 ${limit} 字。`;
    return [block(field, zh, `${name.en} has ${used} characters; WeChat takes ${limit}.`)];
  });
  if (!variant.title?.trim()) problems.push(block('title', '缺标题。', 'The title is missing.'));
  if (!variant.digest?.trim()) {
    const zh = '没写摘要，微信会取正文前 54 字。';
    problems.push(warn('digest', zh, 'There is no digest; WeChat will take the first 54 characters.'));
  }
  return problems;
}

function bodyProblems(variant: VariantContent, shortLink: string): VariantProblem[] {
  const { kind, value } = variant.body;
  const problems: VariantProblem[] = [];
  if (kind !== 'html') problems.push(block('body', '微信文章的正文应为 HTML。', 'The body must be HTML.'));
  if (value.trim() === '') problems.push(block('body', '正文是空的。', 'The body is empty.'));
  if (Buffer.byteLength(value) >= CONTENT_BYTES_BELOW) {
    problems.push(block('body', '正文超过 1 MB。', 'The body is larger than 1 MB.'));
  }
  if (Buffer.byteLength(variant.sourceUrl ?? '') > SOURCE_URL_BYTES) {
    problems.push(block('body', '“阅读原文”链接超过 1 KB。', 'The source link is longer than 1 KB.'));
  }
  if (variant.sourceUrl !== shortLink && !value.includes(shortLink)) {
    const zh = '正文和“阅读原文”里都没有短链接：发布结果不明时就查不到这篇文章。请把短链接放回去。';
    problems.push(
      block('body', zh, 'The short link is missing: an uncertain outcome could not be looked up.'),
    );
  }
  return problems;
}

function pictureProblems(variant: VariantContent): VariantProblem[] {
  const problems: VariantProblem[] = [];
  const cover = coverOf(variant.media);
  if (!cover) problems.push(block('media', '缺封面图，图文消息必须有。', 'A cover picture is required.'));
  else if (!COVER_MIMES.includes(cover.mime) || cover.size > COVER_BYTES) {
    const zh = '封面图应为 JPG、PNG、GIF 或 BMP，不超过 10 MB。';
    problems.push(block('media', zh, 'The cover must be a JPG, PNG, GIF or BMP of at most 10 MB.'));
  }
  for (const sha256 of bodyPictures(variant.body.value)) {
    const picture = variant.media.find((candidate) => candidate.sha256 === sha256);
    if (!picture) {
      problems.push(block('media', '正文里有一张图片找不到文件。', 'A picture of the body has no file.'));
    } else if (!BODY_MIMES.includes(picture.mime) || picture.size >= BODY_PICTURE_BYTES_BELOW) {
      const zh = `正文图片“${picture.alt || sha256.slice(0, 8)}”应为小于 1 MB 的 JPG 或 PNG。`;
      problems.push(block('media', zh, 'Pictures in the body must be JPG or PNG below 1 MB.'));
    }
  }
  return problems;
}

/** The two ways out differ so much that it is said every time. */
function reachNote(reach: Reach): VariantProblem {
  if (reach === 'mass-send') {
    const zh =
      '群发会推送给全部粉丝并占用名额（订阅号每天 1 次，服务号每月 4 次）；开了群发保护的，管理员须在 30 分钟内用手机确认，否则失败。';
    const en =
      'A mass send reaches every follower and uses quota (1 a day, or 4 a month for service accounts); with mass-send protection an administrator must confirm within 30 minutes.';
    return warn('reach', zh, en);
  }
  const zh = '“发布”只放到公众号主页，不通知粉丝，也不占群发名额；要通知粉丝请选“群发”。';
  return warn(
    'reach',
    zh,
    'Publishing notifies no follower and uses no quota; choose a mass send to notify.',
  );
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
