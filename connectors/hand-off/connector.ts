/** One connector a profile: texts and media made to measure, and the link found in whatever is pasted back. */
import type { VariantContent } from '#shared/package.ts';
import { chosenTopics, topicLine } from '#shared/topics.ts';
import type { Connector, FieldCount, Master, VariantProblem } from '../contract.ts';
import {
  block,
  firstSentenceProblems,
  onePicture,
  pictureProblems,
  picturesOf,
  topicProblems,
  videoOf,
  videoProblems,
  warn,
} from '../fit-media.ts';
import { cutTitle, fitParagraphs, fitText, fitTitle, lengthOf } from '../fit-text.ts';
import { type HandOffProfile, profiles } from './profiles.ts';

const homeUrl: Connector['fields'][number] = {
  key: 'homeUrl',
  kind: 'setting',
  required: false,
  label: { zh: '账号主页网址', en: 'Address of the account’s home page' },
  pattern: /^https?:\/\/\S+$/,
};
const topics: Connector['fields'][number] = {
  key: 'topics',
  kind: 'setting',
  required: false,
  label: { zh: '默认话题（逗号分隔）', en: 'Topics that posts get (with commas)' },
  pattern: /^[^"'<>]{1,100}$/,
};

export function handOffConnector(profile: HandOffProfile): Connector {
  return {
    id: profile.id,
    label: profile.label,
    defaultBaseUrl: null,
    fields: profile.topics === null ? [homeUrl] : [homeUrl, topics],
    publish: {
      kind: 'hand-off',
      reaches: ['timeline'],
      carriesShortLink: profile.link !== 'none',
      settleMs: 0,
      ...(profile.topics ? { topics: profile.topics } : {}),
      ...(profile.video ? {} : { picturesOnly: true as const }),
      instructions: profile.instructions,
      compose: (master, context) => compose(profile, master, context),
      inspect: (variant, { reach }) => ({
        counts: countFields(profile, variant),
        problems: [
          ...(reach === 'timeline'
            ? []
            : [block('reach', '这个平台只能发到时间线。', 'Posts go to the timeline only.')]),
          ...titleProblems(profile, variant),
          ...bodyProblems(profile, variant),
          ...mediaProblems(profile, variant.media),
        ],
      }),
      cuts: {
        cover: profile.pictures.ratios,
        body: profile.swiped ? profile.pictures.ratios.slice(0, 1) : [],
      },
      fit: (field, text) => fitField(profile, field, text),
      findLink: (pasted) => findLink(profile, pasted),
    },
  };
}

export const handOffConnectors: readonly Connector[] = profiles.map(handOffConnector);

type ComposeContext = Parameters<Connector['publish']['compose']>[1];

function compose(profile: HandOffProfile, master: Master, context: ComposeContext): VariantContent {
  const video = videoOf(master.media);
  return {
    title: profile.title ? cutTitle(master.title, profile.title.longest) : null,
    digest: null,
    author: null,
    body: composeBody(profile, master, context),
    media:
      video && profile.video
        ? coverAnd(master, video)
        : picturesOf(master.media).slice(0, profile.pictures.most),
    sourceUrl: profile.link === 'field' ? context.shortLink : null,
    openComments: true,
  };
}

function coverAnd(master: Master, video: VariantContent['media'][number]): VariantContent['media'] {
  const cover = picturesOf(master.media).find(({ role }) => role === 'cover');
  return cover ? [cover, video] : [video];
}

function composeBody(
  { title, body, topics: allowed }: HandOffProfile,
  master: Master,
  context: ComposeContext,
): VariantContent['body'] {
  if (body.kind === 'html') return { kind: 'html', value: master.html };
  const line = topicLine(chosenTopics(context, allowed?.most ?? 0), `${master.title}\n${master.text}`);
  const room = body.longest - (line ? lengthOf(line) + 2 : 0);
  const paragraphs = [...(title ? [] : [master.title]), ...master.text.split(/\n+/)];
  return { kind: 'text', value: [fitParagraphs(paragraphs, room), line].filter(Boolean).join('\n\n') };
}

/** What people read of a body, markup aside. */
const words = ({ body }: VariantContent): string =>
  body.kind === 'text' ? body.value : body.value.replaceAll(/<[^>]+>/g, '');

function countFields(profile: HandOffProfile, variant: VariantContent): FieldCount[] {
  const body: FieldCount = {
    ...{ field: 'body', used: lengthOf(words(variant)), limit: profile.body.longest, unit: 'characters' },
  };
  if (!profile.title) return [body];
  const used = lengthOf(variant.title ?? '');
  return [{ field: 'title', used, limit: profile.title.longest, unit: 'characters' }, body];
}

function fitField({ title, body }: HandOffProfile, field: string, text: string) {
  if (field === 'body') return fitText(text, body.longest);
  return field === 'title' && title ? fitTitle(text, title.longest) : null;
}

function titleProblems({ label, title }: HandOffProfile, variant: VariantContent): VariantProblem[] {
  if (!title) return [];
  const used = lengthOf(variant.title?.trim() ?? '');
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

function bodyProblems(profile: HandOffProfile, variant: VariantContent): VariantProblem[] {
  const { label, body, link, topics: allowed } = profile;
  const text = words(variant);
  const used = lengthOf(text);
  return [
    text.trim() === '' && block('body', '正文是空的。', 'The body is empty.'),
    used > body.longest &&
      block(
        'body',
        `正文有 ${used} 字，${label.zh}最多 ${body.longest} 字。`,
        `The body has ${used} characters; ${label.en} takes ${body.longest}.`,
      ),
    link === 'none' &&
      /https?:\/\/\S/.test(text) &&
      warn(
        'body',
        '正文含网址，平台可能判为引流，建议改写为服务名称。',
        'An address in the text may be taken for advertising; name the service instead.',
      ),
    ...(allowed ? topicProblems(text, allowed.most) : []),
    ...(body.kind === 'text' ? firstSentenceProblems(text, body.shown) : []),
  ].filter((found) => found !== false);
}

function mediaProblems(profile: HandOffProfile, media: VariantContent['media']): VariantProblem[] {
  const { label, pictures, video } = profile;
  if (!videoOf(media)) return pictureProblems(media, pictures, label);
  if (!video) {
    return [
      block(
        'media',
        `${label.zh}这里只发图文，请去掉视频。`,
        `Only texts and pictures are handed off to ${label.en}; remove the video.`,
      ),
    ];
  }
  return [
    ...videoProblems(media, video, label),
    ...picturesOf(media).flatMap((picture) => onePicture(picture, pictures)),
  ];
}

function findLink(profile: HandOffProfile, pasted: string): string | null {
  const found = profile.links
    .map((pattern) => pattern.exec(pasted))
    .filter((match) => match !== null)
    .toSorted((a, b) => a.index - b.index)[0];
  // A full stop or exclamation mark after the address belongs to the sentence.
  return found ? found[0].replace(/[.?!:&@$]+$/, '') : null;
}
