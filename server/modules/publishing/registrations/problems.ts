import { text } from '#shared/lang.ts';

/** What keeps a row from being registered, and what to do about it. */
export const registrationProblems = {
  accountUnknown: text(
    '没有这个名称的账号。请照模板第二张表填写名称。',
    'No account has this name. Write it as on the second sheet of the template.',
  ),
  accountTwice: text(
    '有几个同名账号，分不清是哪一个。请先在“账号”页改名。',
    'Several accounts have this name. Rename them first.',
  ),
  accountClosed: text('账号已关停，不能登记。', 'The account is closed.'),
  ownSite: text(
    '本系统的官网文章由系统自己发布，不用登记。',
    'Pages of our own site are published from here and need no registration.',
  ),
  linkMissing: text(
    '没有找到这个平台的作品链接。请从作品页点“分享 → 复制链接”，整段粘贴；别的账号的链接不能登记在这里。',
    'No link to a post of this platform was found. Copy it from the post’s Share menu; a link of another account is refused.',
  ),
  linkKnown: text('这条作品已经在系统里，不用再登记。', 'This post is here already; nothing to register.'),
  linkTwice: text(
    '与前面的一行是同一条作品，请删去一行。',
    'The same post stands in a row above; remove one.',
  ),
  titleMissing: text('请填写标题（120 字以内）。', 'Give a title of at most 120 characters.'),
  timeMissing: text(
    '请填写发布时间，例如 2026-11-08 09:05。',
    'Give the time it went out, such as 2026-11-08 09:05.',
  ),
  timeAhead: text('发布时间还没到，请核对。', 'The time lies in the future; look again.'),
  articleUnknown: text('没有找到所选的文稿。', 'The chosen article is not here.'),
} as const;
