/** The caption of a video: the title, whole sentences, topics, and the mark by which the work is found again. Pure. */
import type { VariantContent } from '#shared/package.ts';
import { chosenTopics, topicLine } from '#shared/topics.ts';
import type { PublishCapability, VariantProblem } from '../contract.ts';
import {
  block,
  coverOf,
  firstSentenceProblems,
  onePicture,
  topicProblems,
  videoOf,
  videoProblems,
  warn,
} from '../fit-media.ts';
import { cutTitle, fitParagraphs, lengthOf } from '../fit-text.ts';
import { limits } from './limits.ts';

const platform = { zh: '快手', en: 'Kuaishou' } as const;

export const compose: PublishCapability['compose'] = (master, context): VariantContent => {
  const { shortLink, settings } = context;
  const mark = settings.linkForm === 'code' ? `编号：${codeOf(shortLink)}` : `详情：${shortLink}`;
  const source = `${master.title}\n${master.digest || master.text}`;
  const topics = topicLine(chosenTopics(context, limits.topics), source);
  const tail = [topics, mark].filter(Boolean).join('\n');
  const room = limits.caption - lengthOf(tail) - 1;
  const title = cutTitle(master.title, room);
  const paragraphs = [title, ...(master.digest ? [master.digest] : master.text.split(/\n+/))];
  const video = videoOf(master.media);
  const cover = coverOf(master.media);
  return {
    // There is no title of its own: the caption begins with it.
    ...{ title: null, digest: null, author: null, sourceUrl: null, openComments: true },
    body: { kind: 'text', value: [fitParagraphs(paragraphs, room, '\n'), tail].filter(Boolean).join('\n') },
    media: [...(cover ? [{ ...cover, role: 'cover' as const }] : []), ...(video ? [video] : [])],
  };
};

export const inspect: PublishCapability['inspect'] = (variant, { shortLink, reach }) => {
  const text = variant.body.value;
  const used = lengthOf(text);
  const problems = [
    reach !== 'timeline' && block('reach', '快手只能发到时间线。', 'Kuaishou posts go to the timeline only.'),
    variant.body.kind !== 'text' && block('body', '作品描述须为纯文字。', 'The caption must be plain.'),
    !bare(text, shortLink) && block('body', '作品描述是空的。', 'The caption is empty.'),
    used > limits.caption &&
      block(
        'body',
        `作品描述有 ${used} 字，最多 ${limits.caption} 字。`,
        `The caption has ${used} characters; the platform takes ${limits.caption}.`,
      ),
    !carriesMark(text, shortLink) &&
      block(
        'body',
        `描述须保留本文短链接或其编号“${codeOf(shortLink)}”，答复丢失时靠它在作品列表里核对。`,
        'Keep the short link or its code: a post whose answer is lost is found by it.',
      ),
    text.includes(shortLink) &&
      warn(
        'body',
        '描述里的网址不能点击，平台还可能判为引流，可在账号设置里改用“编号”。',
        'An address cannot be tapped there and may be taken for advertising; its code will do.',
      ),
    ...topicProblems(text, limits.topics),
    ...firstSentenceProblems(text, limits.shown),
    ...mediaProblems(variant.media),
  ].filter((found) => found !== false);
  return { counts: [{ field: 'body', used, limit: limits.caption, unit: 'characters' }], problems };
};

function mediaProblems(media: VariantContent['media']): VariantProblem[] {
  const cover = coverOf(media);
  const { coverBytes, videoBytes, videoMs, videoShortSide } = limits;
  const problems = videoProblems(
    media,
    { bytes: videoBytes, longestMs: videoMs, mimes: ['video/mp4'], shortSide: videoShortSide },
    platform,
  );
  if (!videoOf(media)) {
    problems.push(
      block(
        'media',
        '快手接口只收视频：请加一个视频，图文请用“快手（人工发布）”账号。',
        'The interface takes videos only: add one, or post pictures by hand.',
      ),
    );
  }
  if (!cover) problems.push(block('media', '视频要有一张封面图。', 'A video needs a cover.'));
  else problems.push(...onePicture(cover, { mimes: ['image/jpeg', 'image/png'], bytes: coverBytes }));
  return problems;
}

/** The text without the mark and the words before it. */
const bare = (text: string, shortLink: string): string =>
  text
    .replaceAll(shortLink, '')
    .replaceAll(codeOf(shortLink), '')
    .replaceAll(/(?:详情|编号)：/g, '')
    .trim();

/** The last part of the delivery's short link: as unlikely to stand in another post as the link itself. */
export const codeOf = (shortLink: string): string =>
  new URL(shortLink).pathname.split('/').findLast(Boolean) ?? '';

/** True for the short link and for its code alone; whole, not the beginning of a longer one. */
export function carriesMark(text: string, shortLink: string): boolean {
  const code = codeOf(shortLink);
  for (let at = text.indexOf(code); at >= 0; at = text.indexOf(code, at + 1)) {
    if (!/[\w-]/.test(text.charAt(at - 1)) && !/[\w-]/.test(text.charAt(at + code.length))) return true;
  }
  return false;
}
