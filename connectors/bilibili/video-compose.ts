/** First adaptation for a video: title, description with its topics and the short link; and what must be mended. Pure. */
import type { VariantContent } from '#shared/package.ts';
import { chosenTopics, topicLine, topicsOf } from '#shared/topics.ts';
import type { FieldCount, PublishCapability, VariantProblem } from '../contract.ts';
import {
  block,
  coverOf,
  firstSentenceProblems,
  onePicture,
  videoOf,
  videoProblems,
  warn,
} from '../fit-media.ts';
import { cutTitle, fitParagraphs, lengthOf } from '../fit-text.ts';
import { carriesLink, pictureTypes } from './compose.ts';
import { limits } from './limits.ts';

const platform = { zh: 'B 站', en: 'Bilibili' } as const;
/** A video without a tag is refused. */
const FALLBACK_TOPIC = '人社';
/** What the page shows of the description before it is unfolded. */
const SHOWN = 60;

export const composeVideo: PublishCapability['compose'] = (master, context): VariantContent => {
  const { shortLink } = context;
  const own = topicsOf(master.text).length > 0 ? [] : [FALLBACK_TOPIC];
  const set = chosenTopics(context, limits.videoTagsMost);
  const topics = topicLine(set.length > 0 ? set : own, master.text);
  const tail = [`网页版与办理入口：${shortLink}`, topics].filter(Boolean).join('\n');
  const room = limits.videoDescription - lengthOf(tail) - 1;
  const words = fitParagraphs([master.digest || master.text], room, '\n');
  const video = videoOf(master.media);
  const cover = coverOf(master.media);
  return {
    title: cutTitle(master.title, limits.videoTitle),
    digest: null,
    author: null,
    body: { kind: 'text', value: [words, tail].filter(Boolean).join('\n') },
    media: [...(cover ? [{ ...cover, role: 'cover' as const }] : []), ...(video ? [video] : [])],
    sourceUrl: null,
    openComments: true,
  };
};

/** The tags handed in with the video: the topics of its description. */
export const tagsOf = (text: string): string => topicsOf(text).slice(0, limits.videoTagsMost).join(',');

export const inspectVideo: PublishCapability['inspect'] = (variant, { shortLink, reach }) => {
  const text = variant.body.value;
  const title = variant.title?.trim() ?? '';
  const counts: FieldCount[] = [
    { field: 'title', used: lengthOf(title), limit: limits.videoTitle, unit: 'characters' },
    { field: 'body', used: lengthOf(text), limit: limits.videoDescription, unit: 'characters' },
  ];
  const cover = coverOf(variant.media);
  const problems = [
    reach !== 'timeline' && block('reach', 'B 站视频只能发到时间线。', 'Videos go to the timeline only.'),
    !title && block('title', '缺标题。', 'The title is missing.'),
    variant.body.kind !== 'text' && block('body', '视频简介须为纯文字。', 'The description must be plain.'),
    !text.replace(shortLink, '').trim() && block('body', '简介是空的。', 'The description is empty.'),
    ...counts.map(tooLong),
    !carriesLink(text, shortLink) &&
      block(
        'body',
        '简介里没有短链接：发布结果不明时就查不到这个视频。请把短链接放回去。',
        'The short link is missing: an uncertain outcome could not be looked up.',
      ),
    ...tagProblems(text),
    ...firstSentenceProblems(text, SHOWN),
    !cover && block('media', '视频要有一张封面图。', 'A video needs a cover.'),
    ...(cover ? onePicture(cover, { mimes: pictureTypes, bytes: limits.pictureBytes }) : []),
    ...videoProblems(
      variant.media,
      {
        ...{ bytes: limits.videoBytes, longestMs: limits.videoMs, mimes: ['video/mp4'] },
        shortSide: limits.videoShortSide,
      },
      platform,
    ),
  ].filter((found) => found !== false && found !== null);
  return { counts, problems };
};

function tagProblems(text: string): VariantProblem[] {
  const topics = topicsOf(text);
  const problems: VariantProblem[] = [];
  if (topics.length === 0) {
    problems.push(
      block(
        'body',
        '至少要一个话题（写作“#话题”），平台拿它作标签。',
        'At least one topic (#topic) is needed: the platform takes it as a tag.',
      ),
    );
  }
  if (topics.length > limits.videoTagsMost) {
    problems.push(
      warn(
        'body',
        `话题有 ${topics.length} 个，只有前 ${limits.videoTagsMost} 个会成为标签。`,
        `Only the first ${limits.videoTagsMost} topics become tags.`,
      ),
    );
  }
  if (
    topics.some((topic) => lengthOf(topic) > limits.videoTag) ||
    lengthOf(tagsOf(text)) > limits.videoTags
  ) {
    problems.push(
      block(
        'body',
        `单个话题最多 ${limits.videoTag} 字，全部最多 ${limits.videoTags} 字。`,
        `A topic may have ${limits.videoTag} characters, all together ${limits.videoTags}.`,
      ),
    );
  }
  return problems;
}

const names: Partial<Record<FieldCount['field'], { zh: string; en: string }>> = {
  title: { zh: '标题', en: 'The title' },
  body: { zh: '简介', en: 'The description' },
};

function tooLong({ field, used, limit }: FieldCount): VariantProblem | null {
  const name = names[field];
  if (!name || used <= limit) return null;
  const zh = `${name.zh}有 ${used} 字，最多 ${limit} 字。`;
  return block(field, zh, `${name.en} has ${used} characters; the platform takes ${limit}.`);
}
