/** Douyin by a person's hand: for every account whose application may not post by API, which is the usual case. */
import type { VariantContent } from '#shared/package.ts';
import { chosenTopics, topicLine } from '#shared/topics.ts';
import type { Connector, HandOffPublish, Master, VariantProblem } from '../contract.ts';
import {
  block,
  coverOf,
  firstSentenceProblems,
  type PictureLimits,
  pictureProblems,
  picturesOf,
  topicProblems,
  type VideoLimits,
  videoOf,
  videoProblems,
  warn,
} from '../fit-media.ts';
import { cutTitle, fitParagraphs, fitText, fitTitle, lengthOf } from '../fit-text.ts';
import { findLink } from './find-link.ts';
import { openApp } from './open-app.ts';
import { push } from './push.ts';
import { probe } from './share.ts';

const label = { zh: '抖音', en: 'Douyin' } as const;
/** From memory of the app's posting page, except the pictures and the video (second-hand). */
export const limits = { title: 20, body: 1000, pictures: 30, shown: 55, topics: 5 } as const;
const pictureLimits: PictureLimits = {
  ...{ fewest: 1, most: limits.pictures, bytes: 20 * 1024 * 1024 },
  mimes: ['image/jpeg', 'image/png'],
  // Upright pictures fill the phone.
  ratios: [{ width: 3, height: 4 }],
};
const videoLimits: VideoLimits = {
  ...{ bytes: 4 * 1024 * 1024 * 1024, longestMs: 15 * 60_000, shortSide: 720 },
  mimes: ['video/mp4', 'video/quicktime'],
};

type ComposeContext = Parameters<HandOffPublish['compose']>[1];

const publish: HandOffPublish = {
  kind: 'hand-off',
  reaches: ['timeline'],
  // An address in the text cannot be tapped and may be taken for advertising.
  carriesShortLink: false,
  settleMs: 0,
  topics: { most: limits.topics },
  instructions: [
    {
      zh: '在手机上打开任务页，把图片或视频保存到相册（第一张作封面，竖版 3:4 最合适）。',
      en: 'Open the task on the phone and save pictures or video; the first is the cover, upright 3:4.',
    },
    {
      zh: '打开抖音，核对右下角“我”是不是任务写明的账号，再点“＋”选图文或视频。',
      en: 'Open Douyin, check that it is signed in to the account named here, tap + and choose a picture or video post.',
    },
    {
      zh: '粘贴标题和文案；不要写站外网址，办事入口写服务名称或“见主页简介”。',
      en: 'Paste title and text; write no outside address, name the service or point to the profile.',
    },
    {
      zh: '内容含 AI 生成的须按平台要求勾选声明，预览无误后发布。',
      en: 'Declare content made by AI where the platform asks, look at the preview, publish.',
    },
    {
      zh: '审核通过后点“分享”→“复制链接”，把复制到的整段文字粘贴回任务页。',
      en: 'After the review, tap Share, copy the link, and paste the whole text back here.',
    },
  ],
  compose,
  inspect(variant, { reach }) {
    const title = lengthOf(variant.title ?? '');
    const body = lengthOf(variant.body.value);
    return {
      counts: [
        { field: 'title', used: title, limit: limits.title, unit: 'characters' },
        { field: 'body', used: body, limit: limits.body, unit: 'characters' },
      ],
      problems: [
        reach !== 'timeline' && block('reach', '抖音只能发到作品页。', 'Posts go to the timeline only.'),
        !variant.title?.trim() && block('title', '缺标题。', 'The title is missing.'),
        title > limits.title &&
          block('title', `标题最多 ${limits.title} 字。`, `The title may have ${limits.title} characters.`),
        !variant.body.value.trim() && block('body', '文案是空的。', 'The text is empty.'),
        body > limits.body &&
          block('body', `文案最多 ${limits.body} 字。`, `The text may have ${limits.body} characters.`),
        /https?:\/\/\S/.test(variant.body.value) &&
          warn(
            'body',
            '文案含网址，平台可能判为站外引流，建议改写为服务名称。',
            'An address in the text may be taken for advertising; name the service instead.',
          ),
        ...topicProblems(variant.body.value, limits.topics),
        ...firstSentenceProblems(variant.body.value, limits.shown),
        ...mediaProblems(variant.media),
      ].filter((found) => found !== false),
    };
  },
  cuts: { cover: pictureLimits.ratios, body: pictureLimits.ratios },
  fit(field, text) {
    if (field === 'digest') return null;
    return field === 'title' ? fitTitle(text, limits.title) : fitText(text, limits.body);
  },
  findLink,
  openApp,
};

export const douyinScan: Connector = {
  id: 'douyin-scan',
  label: { zh: '抖音（扫码发布）', en: 'Douyin (scan)' },
  // Only for the application's tickets; the post itself is made by a person.
  defaultBaseUrl: 'https://open.douyin.com',
  fields: [
    {
      key: 'homeUrl',
      kind: 'setting',
      required: false,
      label: { zh: '账号主页网址', en: 'Address of the account’s home page' },
      pattern: /^https?:\/\/\S+$/,
    },
    {
      key: 'topics',
      kind: 'setting',
      required: false,
      label: { zh: '默认话题（逗号分隔）', en: 'Topics that posts get (with commas)' },
      pattern: /^[^"'<>]{1,100}$/,
    },
    {
      key: 'clientKey',
      kind: 'setting',
      required: false,
      label: { zh: '应用 Client Key（有 H5 投稿能力才填）', en: 'Client key, if the application may share' },
      pattern: /^[\w-]{4,64}$/,
    },
    {
      key: 'clientSecret',
      kind: 'secret',
      required: false,
      label: { zh: '应用 Client Secret', en: 'Client secret' },
    },
  ],
  publish,
  push,
  probe,
};

function compose(master: Master, context: ComposeContext): VariantContent {
  const video = videoOf(master.media);
  const cover = coverOf(master.media);
  const line = topicLine(
    chosenTopics(context, limits.topics),
    `${master.title}\n${master.digest || master.text}`,
  );
  const room = limits.body - (line ? lengthOf(line) + 2 : 0);
  const words = fitParagraphs((master.digest.trim() || master.text).split(/\n+/), room);
  return {
    title: cutTitle(master.title, limits.title),
    digest: null,
    author: null,
    body: { kind: 'text', value: [words, line].filter(Boolean).join('\n\n') },
    media: video
      ? [...(cover ? [{ ...cover, role: 'cover' as const }] : []), video]
      : picturesOf(master.media).slice(0, limits.pictures),
    sourceUrl: null,
    openComments: true,
  };
}

function mediaProblems(media: VariantContent['media']): VariantProblem[] {
  if (videoOf(media)) return videoProblems(media, videoLimits, label);
  return pictureProblems(media, pictureLimits, { zh: '抖音图文', en: 'Douyin' });
}
