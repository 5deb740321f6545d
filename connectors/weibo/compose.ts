/** The 140-character form of an article: title, as many whole sentences as fit, the short link. Pure. */
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import type { FieldCount, Master, PublishCapability, VariantProblem } from '../contract.ts';
import { countCharacters, countHalves } from './count.ts';
import { isBusiness } from './credential.ts';
import { limits } from './limits.ts';

export const pictureTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/gif'];

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

export const compose: PublishCapability['compose'] = (master, { shortLink, settings }): VariantContent => {
  const most = mostOf(settings);
  const tail = ` ${shortLink}`;
  const room = most.characters * 2 - countHalves(tail);
  return {
    title: null,
    digest: null,
    author: null,
    sourceUrl: null,
    body: { kind: 'text', value: `${words(master, room)}${tail}` },
    media: choosePictures(master.media, most.pictures),
    openComments: true,
  };
};

/** What the account's credential may send. */
const mostOf = (settings: Readonly<Record<string, string>>): { characters: number; pictures: number } =>
  isBusiness(settings)
    ? { characters: limits.businessCharacters, pictures: limits.businessPictures }
    : { characters: limits.postCharacters, pictures: 1 };

/** `【title】` and whole sentences of the digest, else of the text; `room` in half characters. */
function words(master: Master, room: number): string {
  const title = tidy(master.title);
  const head = title ? `【${cut(title, room - 4)}】` : '';
  const sentences = splitSentences(tidy(master.digest) || tidy(master.text));
  let text = head;
  for (const sentence of sentences) {
    if (countHalves(text + sentence) > room) break;
    text += sentence;
  }
  const [first] = sentences;
  // Not even one sentence fits: better its beginning than a bare title.
  if (text === head && first) text += cut(first, room - countHalves(head));
  return text.trimEnd();
}

const splitSentences = (text: string): string[] =>
  text.match(/[^。！？；!?]+[。！？；!?]*[”’」』）]*/g) ?? [];

/** Cuts between what people see as characters, and says so with an ellipsis. */
function cut(text: string, room: number): string {
  if (countHalves(text) <= room) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (countHalves(`${kept}${segment}…`) > room) break;
    kept += segment;
  }
  return kept ? `${kept.replace(/[，、：；,:;\s]+$/, '')}…` : '';
}

/** One line; the mark of topics, which this interface refuses, is left out. */
const tidy = (text: string): string => text.replaceAll(/[#＃]/g, '').replaceAll(/\s+/g, ' ').trim();

/** The cover first; a picture that is cover and body at once is sent once. */
function choosePictures(media: readonly PackageMedia[], most: number): PackageMedia[] {
  const usable = media.filter((picture) => pictureProblem(picture) === null);
  const ordered = usable.toSorted((a, b) => Number(b.role === 'cover') - Number(a.role === 'cover'));
  const chosen = new Map(ordered.map((picture) => [picture.sha256, picture] as const).toReversed());
  return ordered
    .filter((picture) => chosen.get(picture.sha256) === picture)
    .slice(0, most)
    .map((picture) => ({ ...picture, role: 'body' }));
}

function pictureProblem(picture: PackageMedia): VariantProblem | null {
  if (!pictureTypes.includes(picture.mime)) {
    return problem('media', '图片格式不支持，请用 JPG、PNG 或 GIF。', 'Use a JPG, PNG or GIF picture.');
  }
  if (picture.size >= limits.pictureBytes) {
    return problem('media', '图片须小于 5 MB，请先压缩。', 'The picture must be under 5 MB.');
  }
  return null;
}

export const inspect: PublishCapability['inspect'] = (variant, { shortLink, reach, settings = {} }) => {
  const most = mostOf(settings);
  const business = isBusiness(settings);
  const text = variant.body.value;
  const used = countCharacters(text);
  const counts: FieldCount[] = [{ field: 'body', used, limit: most.characters, unit: 'characters' }];
  const problems = [
    reach === 'timeline'
      ? null
      : problem('reach', '微博只能发到时间线。', 'Weibo posts go to the timeline only.'),
    variant.body.kind === 'text' ? null : problem('body', '微博正文须为纯文字。', 'The text must be plain.'),
    text.replace(shortLink, '').trim() ? null : problem('body', '还没有正文。', 'There is no text yet.'),
    used <= most.characters
      ? null
      : problem(
          'body',
          `超出 ${used - most.characters} 字，微博最多 ${most.characters} 字。`,
          `${used - most.characters} characters over the limit of ${most.characters}.`,
        ),
    !business && /#[^#\s][^#]*#/.test(text)
      ? problem(
          'body',
          '接口不接受“#话题#”，请去掉井号。',
          'This interface refuses #topics#; remove the marks.',
        )
      : null,
    carriesLink(text, shortLink)
      ? null
      : problem(
          'body',
          '正文须保留本文短链接，平台要求带绑定域名的链接。',
          'Keep the short link: the platform demands one under the bound domain.',
        ),
    variant.media.length <= most.pictures
      ? null
      : problem(
          'media',
          business ? '最多带 9 张图片。' : '开放接口只能带一张图片。',
          business ? 'At most nine pictures can be sent.' : 'Only one picture can be sent.',
        ),
    ...variant.media.map(pictureProblem),
  ];
  return { counts, problems: problems.filter((found) => found !== null) };
};

const problem = (field: VariantProblem['field'], zh: string, en: string): VariantProblem => ({
  level: 'block',
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
