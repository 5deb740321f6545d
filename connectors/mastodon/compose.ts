/** The short form of an article: title, as many whole sentences as fit, the short link. Pure. */
import type { PackageMedia, PackagePayload, VariantContent } from '#shared/package.ts';
import { chosenTopics, topicLine } from '#shared/topics.ts';
import type { FieldCount, Master, PublishCapability, VariantProblem } from '../contract.ts';
import { topicProblems } from '../fit-media.ts';
import { ALT_CHARACTERS, defaultLimits, type PostLimits } from './limits.ts';
import { carriesLink, countCharacters, cut, mentionsIn } from './text.ts';

const pictureTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
/** No limit of the platform's: more than this reads as noise. */
export const TOPICS_MOST = 5;
const MEBIBYTE = 1024 * 1024;

export const compose: PublishCapability['compose'] = (master, context): VariantContent => {
  const source = `${master.title}\n${master.digest || master.text}`;
  const topics = topicLine(chosenTopics(context, TOPICS_MOST), source);
  const tail = `\n\n${context.shortLink}${topics ? `\n${topics}` : ''}`;
  const room = defaultLimits.characters - count(tail);
  return {
    title: null,
    digest: null,
    author: null,
    sourceUrl: null,
    body: { kind: 'text', value: `${words(master, room)}${tail}` },
    media: choosePictures(master.media),
    openComments: true,
  };
};

const count = (text: string): number => countCharacters(text, defaultLimits.charactersPerLink);

/** The title on a line of its own, then whole sentences of the digest, else of the text. */
function words(master: Master, room: number): string {
  const title = cut(tidy(master.title), Math.floor(room / 2));
  const sentences = splitSentences(tidy(master.digest) || tidy(master.text));
  const head = title && sentences.length > 0 ? `${title}\n\n` : title;
  let text = head;
  for (const sentence of sentences) {
    if (count(text + sentence) > room) break;
    text += sentence;
  }
  const [first] = sentences;
  // Not even one sentence fits: better its beginning than a bare title.
  if (text === head && first) text += cut(first, room - count(head));
  return text.trim();
}

const splitSentences = (text: string): string[] =>
  text.match(/[^。！？；!?]+[。！？；!?]*[”’」』）]*/g) ?? [];

const tidy = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** The cover first, then the others in their order; an instance shows them without a text between. */
function choosePictures(media: readonly PackageMedia[]): PackageMedia[] {
  const usable = media.filter((picture) => pictureProblem(picture, defaultLimits) === null);
  const ordered = usable.toSorted((a, b) => Number(b.role === 'cover') - Number(a.role === 'cover'));
  return ordered.slice(0, defaultLimits.pictures).map((picture) => ({ ...picture, role: 'body' as const }));
}

function pictureProblem(picture: PackageMedia, limits: PostLimits): VariantProblem | null {
  if (!pictureTypes.includes(picture.mime)) {
    return block(
      'media',
      '图片格式不支持，请用 JPG、PNG、GIF 或 WebP。',
      'Use JPG, PNG, GIF or WebP pictures.',
    );
  }
  if (picture.size <= limits.pictureBytes) return null;
  const most = Math.floor(limits.pictureBytes / MEBIBYTE);
  return block('media', `图片不能超过 ${most} MB，请先压缩。`, `A picture may have at most ${most} MB.`);
}

type Context = { shortLink: string; reach: PackagePayload['reach'] };
type Inspection = { problems: VariantProblem[]; counts: FieldCount[] };

/** As an editor sees it: by Mastodon's own limits, since no instance can be asked here. */
export const inspect: PublishCapability['inspect'] = (variant, context) =>
  inspectFor(defaultLimits, variant, context);

/** The same by the limits of one instance. */
export function inspectFor(limits: PostLimits, variant: VariantContent, context: Context): Inspection {
  const text = variant.body.value;
  const used = countCharacters(text, limits.charactersPerLink);
  const problems = [
    ...textProblems(variant, used, limits, context),
    ...topicProblems(text, TOPICS_MOST),
    ...variant.media.map((picture) => pictureProblem(picture, limits)),
    variant.media.length <= limits.pictures
      ? null
      : block(
          'media',
          `最多 ${limits.pictures} 张图片。`,
          `At most ${limits.pictures} pictures can be sent.`,
        ),
    variant.media.every((picture) => picture.alt.trim() && [...picture.alt].length <= ALT_CHARACTERS)
      ? null
      : warn(
          'media',
          '有图片没写替代文字或替代文字过长，读屏软件读不出来。',
          'A picture has no description, or one too long, for screen readers.',
        ),
  ];
  return {
    counts: [{ field: 'body', used, limit: limits.characters, unit: 'characters' }],
    problems: problems.filter((found) => found !== null),
  };
}

function textProblems(
  variant: VariantContent,
  used: number,
  limits: PostLimits,
  { shortLink, reach }: Context,
): (VariantProblem | null)[] {
  const text = variant.body.value;
  const over = used - limits.characters;
  const mentions = mentionsIn(text);
  return [
    reach === 'timeline'
      ? null
      : block('reach', 'Mastodon 只能发到时间线。', 'Mastodon posts go to the timeline only.'),
    variant.body.kind === 'text' ? null : block('body', '正文须为纯文字。', 'The text must be plain.'),
    text.replace(shortLink, '').trim() ? null : block('body', '还没有正文。', 'There is no text yet.'),
    over <= 0
      ? null
      : block(
          'body',
          `超出 ${over} 字，最多 ${limits.characters} 字（链接按 ${limits.charactersPerLink} 字计）。`,
          `${over} characters over the limit of ${limits.characters}; a link counts ${limits.charactersPerLink}.`,
        ),
    carriesLink(text, shortLink)
      ? null
      : block(
          'body',
          '正文须保留本文短链接，用来核对是否已发出。',
          'Keep the short link: it shows whether the post went out.',
        ),
    mentions.length === 0
      ? null
      : warn(
          'body',
          `正文里的 ${mentions.join('、')} 会提醒这些账号。`,
          `Posting notifies ${mentions.join(', ')}.`,
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
