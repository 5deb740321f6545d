/** One connector a profile: texts and pictures made to measure, and the link found in whatever is pasted back. */
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import type { Connector, FieldCount, Master, VariantProblem } from '../contract.ts';
import { type HandOffProfile, profiles, type Ratio } from './profiles.ts';

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
/** Pictures this close to an advised ratio are not cut by the platform in a way one would notice. */
const RATIO_TOLERANCE = 0.03;

export function handOffConnector(profile: HandOffProfile): Connector {
  return {
    id: profile.id,
    label: profile.label,
    defaultBaseUrl: null,
    fields: [
      {
        key: 'homeUrl',
        kind: 'setting',
        required: false,
        label: { zh: '账号主页网址', en: 'Address of the account’s home page' },
        pattern: /^https?:\/\/\S+$/,
      },
    ],
    publish: {
      kind: 'hand-off',
      reaches: ['timeline'],
      carriesShortLink: profile.link !== 'none',
      settleMs: 0,
      instructions: profile.instructions,
      compose: (master, { shortLink }) => compose(profile, master, shortLink),
      inspect: (variant, { reach }) => ({
        counts: countFields(profile, variant),
        problems: [
          ...(reach === 'timeline'
            ? []
            : [block('reach', '这个平台只能发到时间线。', 'Posts go to the timeline only.')]),
          ...titleProblems(profile, variant),
          ...bodyProblems(profile, variant),
          ...pictureProblems(profile, variant.media),
        ],
      }),
      findLink: (pasted) => findLink(profile, pasted),
    },
  };
}

export const handOffConnectors: readonly Connector[] = profiles.map(handOffConnector);

function compose(profile: HandOffProfile, master: Master, shortLink: string): VariantContent {
  const html = profile.body.kind === 'html';
  return {
    title: cut(master.title.trim(), profile.title.longest),
    digest: null,
    author: null,
    body: html
      ? { kind: 'html', value: master.html }
      : { kind: 'text', value: fitParagraphs(master, profile.body.longest) },
    // The person who posts chooses between them: a video goes alone or with its cover.
    media: [
      ...master.media.filter(({ role }) => role === 'video'),
      ...picturesOf(master.media).slice(0, profile.pictures.most),
    ],
    sourceUrl: profile.link === 'field' ? shortLink : null,
    openComments: true,
  };
}

/** Whole paragraphs, then whole sentences, as many as fit. */
function fitParagraphs(master: Master, longest: number): string {
  const paragraphs = master.text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter(Boolean);
  let fitted = '';
  for (const paragraph of paragraphs) {
    const next = fitted ? `${fitted}\n\n${paragraph}` : paragraph;
    if (count(next) > longest) return addSentences(fitted, paragraph, longest);
    fitted = next;
  }
  return fitted;
}

function addSentences(before: string, paragraph: string, longest: number): string {
  const sentences = paragraph.match(/[^。！？；!?]+[。！？；!?]*[”’」』）]*/g) ?? [];
  let text = before;
  let separator = before ? '\n\n' : '';
  for (const sentence of sentences) {
    if (count(`${text}${separator}${sentence}`) > longest) break;
    text = `${text}${separator}${sentence}`;
    separator = '';
  }
  return text || cut(paragraph, longest);
}

const count = (text: string): number => [...graphemes.segment(text)].length;

function cut(text: string, longest: number): string {
  const parts = [...graphemes.segment(text)].map(({ segment }) => segment);
  return parts.length <= longest ? text : `${parts.slice(0, longest - 1).join('')}…`;
}

/** Of rich text only the words count. */
const words = (variant: VariantContent): string =>
  variant.body.kind === 'html'
    ? variant.body.value.replaceAll(/<[^>]*>/g, '').replaceAll(/&\w+;/g, '.')
    : variant.body.value;

function countFields(profile: HandOffProfile, variant: VariantContent): FieldCount[] {
  return [
    { field: 'title', used: count(variant.title ?? ''), limit: profile.title.longest, unit: 'characters' },
    { field: 'body', used: count(words(variant)), limit: profile.body.longest, unit: 'characters' },
  ];
}

function titleProblems({ label, title }: HandOffProfile, variant: VariantContent): VariantProblem[] {
  const used = count(variant.title?.trim() ?? '');
  if (used === 0) return [block('title', '缺标题。', 'The title is missing.')];
  if (used > title.longest) {
    return [
      block(
        'title',
        `标题有 ${used} 字，${label.zh}最多 ${title.longest} 字。`,
        `The title has ${used} characters; ${label.en} takes ${title.longest}.`,
      ),
    ];
  }
  if (used < title.shortest) {
    return [
      block(
        'title',
        `标题至少 ${title.shortest} 字。`,
        `The title needs at least ${title.shortest} characters.`,
      ),
    ];
  }
  return [];
}

function bodyProblems({ label, body, link }: HandOffProfile, variant: VariantContent): VariantProblem[] {
  const text = words(variant);
  const used = count(text);
  const problems: VariantProblem[] = [];
  if (text.trim() === '') problems.push(block('body', '正文是空的。', 'The body is empty.'));
  if (used > body.longest) {
    problems.push(
      block(
        'body',
        `正文有 ${used} 字，${label.zh}最多 ${body.longest} 字。`,
        `The body has ${used} characters; ${label.en} takes ${body.longest}.`,
      ),
    );
  }
  if (link === 'none' && /https?:\/\/\S/.test(text)) {
    problems.push(
      warn(
        'body',
        '正文含网址，平台可能判为引流，建议改写为服务名称。',
        'An address in the text may be taken for advertising; name the service instead.',
      ),
    );
  }
  return problems;
}

function pictureProblems(
  { label, pictures }: HandOffProfile,
  all: readonly PackageMedia[],
): VariantProblem[] {
  const problems: VariantProblem[] = [];
  const media = picturesOf(all);
  if (all.length < pictures.fewest) {
    problems.push(
      block(
        'media',
        `${label.zh}至少要 ${pictures.fewest} 张图片。`,
        `${label.en} needs at least ${pictures.fewest} picture.`,
      ),
    );
  }
  if (media.length > pictures.most) {
    problems.push(block('media', `图片最多 ${pictures.most} 张。`, `At most ${pictures.most} pictures.`));
  }
  const [cover] = media;
  if (cover && !pictures.ratios.some((ratio) => isNear(cover, ratio))) {
    const advised = pictures.ratios.map(({ width, height }) => `${width}:${height}`);
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

const picturesOf = (media: readonly PackageMedia[]): PackageMedia[] =>
  media.filter(({ role }) => role !== 'video');

const isNear = (picture: PackageMedia, ratio: Ratio): boolean =>
  Math.abs(picture.width / picture.height / (ratio.width / ratio.height) - 1) <= RATIO_TOLERANCE;

function findLink(profile: HandOffProfile, pasted: string): string | null {
  const found = profile.links
    .map((pattern) => pattern.exec(pasted))
    .filter((match) => match !== null)
    .toSorted((a, b) => a.index - b.index)[0];
  // A full stop or exclamation mark after the address belongs to the sentence.
  return found ? found[0].replace(/[.?!:&@$]+$/, '') : null;
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
