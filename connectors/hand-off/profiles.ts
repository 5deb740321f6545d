import type { PictureLimits, VideoLimits } from '../fit-media.ts';

/**
 * Platforms without an open interface for posting (docs/connectors; checked 2026-11): a person posts there with what
 * we prepared. Limits are those of the posting pages, from memory unless a source is named in the README; they warn,
 * and only what the page surely refuses blocks.
 */
export type HandOffProfile = {
  id: string;
  label: { zh: string; en: string };
  /** Characters as people count them; null where the text begins with the title. */
  title: { shortest: number; longest: number } | null;
  /** `html` is copied as rich text, `text` as plain text; `shown`: what a folded post shows of it. */
  body: { kind: 'html' | 'text'; longest: number; shown: number };
  pictures: PictureLimits;
  /** Swiped through, a post's pictures show in the shape of the first; in an article they stand as they are. */
  swiped: boolean;
  /** Null: videos are not handed off this way. */
  video: VideoLimits | null;
  /** How many topics (`#话题`) are advised in the text; null where they have a field of their own. */
  topics: { most: number } | null;
  /** Where a link to the online service may stand: in a field of its own beside the article, or nowhere. */
  link: 'field' | 'none';
  /** Each finds a whole post address inside a pasted share text; without anchors, without the `g` flag. */
  links: readonly RegExp[];
  instructions: readonly { zh: string; en: string }[];
};

const MB = 1024 * 1024;
const jpgPng = ['image/jpeg', 'image/png'];
const mp4 = ['video/mp4'];
/** Width to height: what a phone shows without bars. */
const upright = [
  { width: 3, height: 4 },
  { width: 9, height: 16 },
  { width: 1, height: 1 },
] as const;

/** What an address may go on with: ends at blanks and at every full-width character of a share text. */
const REST = String.raw`[\w\-./?%&=~+:@!$]*`;
const address = (start: string): RegExp => new RegExp(`https?://${start}${REST}`, 'i');

const pasteBack = {
  zh: '发布后点“分享”→“复制链接”，把复制到的整段文字粘贴回任务页。',
  en: 'After posting, tap Share, copy the link, and paste the whole text back here.',
};

export const toutiao: HandOffProfile = {
  id: 'toutiao',
  label: { zh: '今日头条', en: 'Toutiao' },
  title: { shortest: 2, longest: 30 },
  body: { kind: 'html', longest: 20_000, shown: 60 },
  pictures: { fewest: 0, most: 50, mimes: jpgPng, bytes: 20 * MB, ratios: [{ width: 3, height: 2 }] },
  swiped: false,
  video: null,
  topics: null,
  link: 'field',
  links: [
    address(String.raw`(?:www\.|m\.)?toutiao\.com/(?:article|video|w|group)/\d+`),
    address(String.raw`(?:www\.|m\.)?toutiao\.com/(?:w/)?[ai]\d{10,}`),
    address(String.raw`m\.toutiao\.com/is/\w+`),
    address(String.raw`(?:m\.)?toutiaocdn\.(?:com|net)/(?:[ai]|item/)\d{10,}`),
  ],
  instructions: [
    {
      zh: '在电脑上登录头条号后台，选“发布作品”→“文章”。',
      en: 'Sign in to the Toutiao desk on a computer; choose Publish, Article.',
    },
    {
      zh: '依次复制标题和正文粘贴进去，图片从素材包里插到原来的位置。',
      en: 'Copy title and body; insert the pictures of the pack where they stood.',
    },
    {
      zh: '封面选素材包里的封面图；有“扩展链接”权限的，填上任务页给出的链接。',
      en: 'Choose the cover from the pack; where the account may set an extended link, fill in the one given here.',
    },
    {
      zh: '按平台要求勾选作品声明（如含 AI 内容须声明），预览无误后发布。',
      en: 'Tick the declarations that apply (AI content must be declared), look at the preview, publish.',
    },
    pasteBack,
  ],
};

export const xiaohongshu: HandOffProfile = {
  id: 'xiaohongshu',
  label: { zh: '小红书', en: 'Xiaohongshu' },
  title: { shortest: 1, longest: 20 },
  body: { kind: 'text', longest: 1000, shown: 45 },
  pictures: {
    ...{ fewest: 1, most: 18, mimes: jpgPng, bytes: 20 * MB },
    ratios: [
      { width: 3, height: 4 },
      { width: 1, height: 1 },
      { width: 4, height: 3 },
    ],
  },
  swiped: true,
  video: { bytes: 20 * 1024 * MB, longestMs: 60 * 60_000, mimes: mp4, shortSide: 720 },
  topics: { most: 10 },
  // Addresses outside the platform are taken for advertising.
  link: 'none',
  links: [
    address(String.raw`(?:www\.)?xiaohongshu\.com/(?:explore|discovery/item)/[0-9a-f]{24}`),
    address(String.raw`(?:www\.)?xiaohongshu\.com/user/profile/[0-9a-f]{24}/[0-9a-f]{24}`),
    address(String.raw`xhslink\.com/(?:[a-z]/)?\w{6,}`),
  ],
  instructions: [
    {
      zh: '在手机上打开任务页，把图片保存到相册（第一张作封面，竖版 3:4 最合适）。',
      en: 'Open the task on the phone and save the pictures; the first is the cover, upright 3:4 is best.',
    },
    { zh: '打开小红书点“＋”，按顺序选图。', en: 'Open Xiaohongshu, tap +, choose the pictures in order.' },
    {
      zh: '复制标题和正文粘贴进去；不要写站外网址，办事入口请写“见本账号简介”或服务名称。',
      en: 'Paste title and body; write no outside address, name the service or point to the profile.',
    },
    { zh: '预览无误后发布。', en: 'Look at the preview, publish.' },
    pasteBack,
  ],
};

export const channels: HandOffProfile = {
  id: 'channels',
  label: { zh: '微信视频号', en: 'WeChat Channels' },
  title: { shortest: 6, longest: 16 },
  body: { kind: 'text', longest: 1000, shown: 55 },
  pictures: { fewest: 1, most: 18, mimes: jpgPng, bytes: 20 * MB, ratios: upright },
  swiped: true,
  video: { bytes: 4 * 1024 * MB, longestMs: 8 * 60 * 60_000, mimes: mp4, shortSide: 720 },
  topics: { most: 10 },
  link: 'none',
  links: [
    address(String.raw`channels\.weixin\.qq\.com/(?:web/pages/feed|finder-preview/pages/sph)\?\w`),
    address(String.raw`weixin\.qq\.com/sph/\w{6,}`),
  ],
  instructions: [
    {
      zh: '在手机上打开任务页，保存图片或视频；也可在电脑上登录视频号助手。',
      en: 'Open the task on the phone and save pictures or video, or sign in to the Channels assistant on a computer.',
    },
    {
      zh: '点“发表图文”或“发表视频”，按顺序选素材，封面选第一张。',
      en: 'Choose a picture or video post, pick the media in order, the first as cover.',
    },
    {
      zh: '粘贴短标题和描述；需要带办事入口的，在“扩展链接”里选已发布的公众号文章。',
      en: 'Paste short title and description; to lead to the service, choose the WeChat article as extended link.',
    },
    {
      zh: '预览无误后发表；每天定时发表的条数有限，请留意页面提示。',
      en: 'Look at the preview, publish; scheduled posts are limited a day.',
    },
    pasteBack,
  ],
};

/** For every account without an application that may post by API; the other way is `kuaishou`. */
export const kuaishouByHand: HandOffProfile = {
  id: 'kuaishou-hand',
  label: { zh: '快手（人工发布）', en: 'Kuaishou (by hand)' },
  title: null,
  body: { kind: 'text', longest: 500, shown: 40 },
  pictures: { fewest: 1, most: 31, mimes: jpgPng, bytes: 10 * MB, ratios: upright },
  swiped: true,
  video: { bytes: 4 * 1024 * MB, longestMs: 30 * 60_000, mimes: mp4, shortSide: 720 },
  topics: { most: 5 },
  link: 'none',
  links: [
    address(String.raw`v\.kuaishou\.com/\w{4,}`),
    address(String.raw`(?:www\.)?kuaishou\.com/(?:short-video|f|photo)/[\w-]{4,}`),
    address(String.raw`live\.kuaishou\.com/u/[\w-]+/3x\w+`),
    address(String.raw`(?:[\w-]+\.)*(?:chenzhongtech|gifshow)\.com/fw/(?:photo|long-video)/\w{4,}`),
  ],
  instructions: [
    {
      zh: '在手机上打开任务页，把图片或视频保存到相册（第一张作封面，竖版 3:4 最合适）。',
      en: 'Open the task on the phone and save pictures or video; the first is the cover, upright 3:4 is best.',
    },
    {
      zh: '打开快手，核对登录的是本单位账号，点“＋”→“相册”，按顺序选择。',
      en: 'Open Kuaishou, see that the account is the right one, tap +, Album, choose in order.',
    },
    {
      zh: '复制作品描述粘贴进去；不要写站外网址，办事入口请写服务名称。',
      en: 'Paste the caption; write no outside address, name the service instead.',
    },
    {
      zh: '按平台要求勾选作者声明（如含 AI 内容须声明），预览无误后发布。',
      en: 'Tick the declarations that apply (AI content must be declared), look at the preview, publish.',
    },
    pasteBack,
  ],
};

export const profiles: readonly HandOffProfile[] = [toutiao, xiaohongshu, channels, kuaishouByHand];
