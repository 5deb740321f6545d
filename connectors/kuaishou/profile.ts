/**
 * What a person who posts by hand must know. The open interface takes videos only (README.md); limits are those of the
 * posting page, from memory: they warn, and only what the page surely refuses blocks.
 */
export const limits = { captionCharacters: 500, pictures: 31, pictureBytes: 10 * 1024 * 1024 } as const;

/** Width to height: what a phone shows without bars. */
export const ratios = [
  { width: 3, height: 4 },
  { width: 9, height: 16 },
  { width: 1, height: 1 },
] as const;

/** What an address may go on with: ends at blanks and at every full-width character of a share text. */
const REST = String.raw`[\w\-./?%&=~+:@!$]*`;
const address = (start: string): RegExp => new RegExp(`https?://${start}${REST}`, 'i');

/** Each finds a whole post address inside a pasted share text. */
const links: readonly RegExp[] = [
  address(String.raw`v\.kuaishou\.com/\w{4,}`),
  address(String.raw`(?:www\.)?kuaishou\.com/(?:short-video|f|photo)/[\w-]{4,}`),
  address(String.raw`live\.kuaishou\.com/u/[\w-]+/3x\w+`),
  address(String.raw`(?:[\w-]+\.)*(?:chenzhongtech|gifshow)\.com/fw/(?:photo|long-video)/\w{4,}`),
];

/** The first address of a post in whatever was pasted; null when there is none. */
export function findLink(pasted: string): string | null {
  const found = links
    .map((pattern) => pattern.exec(pasted))
    .filter((match) => match !== null)
    .toSorted((a, b) => a.index - b.index)[0];
  // A full stop or exclamation mark after the address belongs to the sentence.
  return found ? found[0].replace(/[.?!:&@$]+$/, '') : null;
}

export const instructions: readonly { zh: string; en: string }[] = [
  {
    zh: '用手机扫任务页的二维码，把图片保存到相册（第一张作封面，竖版 3:4 最合适）。',
    en: 'Scan the QR code with the phone and save the pictures; the first is the cover, upright 3:4 is best.',
  },
  {
    zh: '打开快手，核对登录的是本单位账号，点“＋”→“相册”，按顺序选图，选“图文”。',
    en: 'Open Kuaishou, see that the account is the right one, tap +, Album, choose the pictures in order, as a picture post.',
  },
  {
    zh: '复制作品描述粘贴进去；不要写站外网址，办事入口请写服务名称。',
    en: 'Paste the caption; write no outside address, name the service instead.',
  },
  {
    zh: '按平台要求勾选作者声明（如含 AI 内容须声明），预览无误后发布。',
    en: 'Tick the declarations that apply (AI content must be declared), look at the preview, publish.',
  },
  {
    zh: '发布后点“分享”→“复制链接”，把复制到的整段文字粘贴回任务页。',
    en: 'After posting, tap Share, copy the link, and paste the whole text back here.',
  },
];
