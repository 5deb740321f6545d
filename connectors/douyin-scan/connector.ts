/** Douyin by a person's hand: for every account whose application may not post by API, which is the usual case. */
import type { PackageMedia, VariantContent } from '#shared/package.ts';
import type { Connector, HandOffPublish, Master, VariantProblem } from '../contract.ts';
import { findLink } from './find-link.ts';
import { probe } from './share.ts';

/** From memory of the app's posting page, except the pictures (second-hand). */
export const limits = { title: 20, body: 1000, pictures: 30 } as const;
/** Upright pictures fill the phone. */
const RATIO = { width: 3, height: 4 };
const RATIO_TOLERANCE = 0.03;

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const split = (text: string): string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

const publish: HandOffPublish = {
  kind: 'hand-off',
  reaches: ['timeline'],
  // An address in the text cannot be tapped and may be taken for advertising.
  carriesShortLink: false,
  settleMs: 0,
  picturesOnly: true,
  instructions: [
    {
      zh: '用手机扫任务页的二维码，把图片按顺序保存到相册（第一张作封面，竖版 3:4 最合适）。',
      en: 'Scan the QR code with the phone and save the pictures in order; the first is the cover, upright 3:4.',
    },
    {
      zh: '打开抖音，核对右下角“我”是不是任务写明的账号，再点“＋”选“图文”。',
      en: 'Open Douyin, check that it is signed in to the account named here, tap + and choose a picture post.',
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
    const title = split(variant.title ?? '').length;
    const body = split(variant.body.value).length;
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
        ...pictureProblems(variant.media),
      ].filter((found) => found !== false),
    };
  },
  findLink,
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
  probe,
};

function compose(master: Master): VariantContent {
  return {
    title: cut(master.title.trim(), limits.title),
    digest: null,
    author: null,
    body: { kind: 'text', value: fitLines(master.digest.trim() || master.text, limits.body) },
    media: master.media.slice(0, limits.pictures),
    sourceUrl: null,
    openComments: true,
  };
}

/** Whole lines as far as they fit; of a first line that is too long, its beginning. */
function fitLines(text: string, most: number): string {
  const lines = text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter(Boolean);
  let kept = '';
  for (const line of lines) {
    const next = kept ? `${kept}\n\n${line}` : line;
    if (split(next).length > most) return kept || cut(line, most);
    kept = next;
  }
  return kept;
}

function cut(text: string, most: number): string {
  const parts = split(text);
  return parts.length <= most ? text : `${parts.slice(0, most - 1).join('')}…`;
}

function pictureProblems(media: readonly PackageMedia[]): (VariantProblem | false)[] {
  const [cover] = media;
  const ratio = RATIO.width / RATIO.height;
  return [
    !cover && block('media', '抖音图文至少要 1 张图片。', 'At least one picture is needed.'),
    media.length > limits.pictures &&
      block('media', `图片最多 ${limits.pictures} 张。`, `At most ${limits.pictures} pictures.`),
    cover !== undefined &&
      Math.abs(cover.width / cover.height / ratio - 1) > RATIO_TOLERANCE &&
      warn(
        'media',
        `封面是 ${cover.width}×${cover.height}，建议 3:4，否则会留黑边。`,
        `The cover is ${cover.width}×${cover.height}; 3:4 is advised.`,
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
