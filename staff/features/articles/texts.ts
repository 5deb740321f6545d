import { type Text, text } from '#shared/lang.ts';

export const articleTexts = {
  title: text('文稿', 'Articles'),
  search: text('按标题查找', 'Find by title'),
  allStates: text('全部状态', 'All states'),
  emptyTitle: text('还没有文稿。', 'No articles yet.'),
  emptyHelp: text(
    '点“写一篇”开始，可以把 Word 里的办事指南直接粘贴进来。',
    'Begin with “Write an article”; a service guide can be pasted straight from Word.',
  ),
  noneFound: text('没有符合条件的文稿。', 'No article matches.'),
  untitled: text('（未起标题）', '(untitled)'),
  changed: text('{name} 改于 {time}', '{name}, {time}'),
  targetCount: text('发往 {count} 个账号', 'for {count} accounts'),
  edit: text('编辑文稿', 'Edit article'),
  fieldTitle: text('标题', 'Title'),
  fieldAuthor: text('作者', 'Author'),
  fieldDigest: text(
    '摘要（列表和分享卡片里显示；留空则取正文开头）',
    'Digest (shown in lists and share cards; empty takes the beginning of the text)',
  ),
  titleHint: text(
    '说清一件事，例如：企业职工办退休，带这三样就够',
    'Say one thing, e.g. “Retiring from a company: bring these three papers”',
  ),
  class: text('审核级别', 'Review stages'),
  submit: text('送审', 'Submit for review'),
  submitted: text('已送审，接下来由审核人处理。', 'Submitted; the reviewers take over.'),
  submitPictures: text(
    '还没有送审：有图片还在上传，或没能带过来。请等它传完，或拖入、移除后再送审。',
    'Not submitted: a picture is still uploading or did not come across. Wait, drag it in or remove it first.',
  ),
  submitConflict: text(
    '还没有送审：请先在两份文字里选一份。',
    'Not submitted: first choose one of the two texts.',
  ),
  submitOffline: text(
    '还没有送审：最新的修改没能保存到服务器，已存在本机。连上网后再点一次。',
    'Not submitted: the latest changes are kept on this computer but did not reach the server. Try again when the network is back.',
  ),
  takeBack: text('撤回', 'Take back'),
  takeBackTitle: text('撤回这篇文稿？', 'Take this article back?'),
  takeBackHelp: text(
    '审核和通过都会作废，尚未发出的发布会取消；撤回后可以修改。已经发出的不受影响。',
    'Review and approval become void and what is not yet out is cancelled; you can then edit. What is already out stays.',
  ),
  takenBack: text('已撤回，可以修改了。', 'Taken back; you can edit.'),
  lockedReview: text(
    '正在审核，暂不能修改。如需修改，请先撤回。',
    'Under review and locked. Take it back to edit.',
  ),
  lockedApproved: text(
    '已经通过，按计划发布。如需修改，请先撤回。',
    'Approved and goes out as planned. Take it back to edit.',
  ),
  lockedClosed: text('已归档，只能查看。', 'Closed; read only.'),
  readOnly: text('您可以查看，不能修改。', 'You can read this but not edit.'),
  seeReview: text('看审核进度', 'See the review'),
  seeDeliveries: text('看发布情况', 'See publishing'),
  returnedBy: text('{name} 退回，意见：', 'Returned by {name}:'),
  remarkGone: text('这句话已经改掉或删去了。', 'These words have been changed or removed.'),
  remarkFind: text(
    '点一条意见，文中对应的句子会被选中。',
    'Choose a remark and its sentence is selected in the text.',
  ),
} as const satisfies Record<string, Text>;

export const articleMediaTexts = {
  cover: text('封面（列表和分享卡片里显示）', 'Cover (in lists and share cards)'),
  coverNone: text('还没有选封面。', 'No cover yet.'),
  coverFromVideo: text('没有选封面，用视频的第一帧。', 'None chosen; the first frame of the video is used.'),
  video: text('视频（选填，一篇一个）', 'Video (optional, one an article)'),
  videoNone: text('没有视频。', 'No video.'),
  pickPicture: text('从素材库选或上传', 'Choose or upload'),
  pickVideo: text('从素材库选或上传', 'Choose or upload'),
  change: text('换一个', 'Change'),
  crop: text('裁剪', 'Crop'),
  remove: text('移除', 'Remove'),
  gone: text('这个文件已不在素材库，请换一个。', 'This file is no longer in the library; choose another.'),
  length: text('{time}', '{time}'),
  transcript: text(
    '视频文字稿（给听不清的群众看，网站上折叠显示）',
    'Transcript (for those who cannot hear it; folded on the site)',
  ),
  transcriptHint: text('视频里说了什么，一段一行', 'What is said, a line a paragraph'),
} as const satisfies Record<string, Text>;

export const saveTexts = {
  saved: text('已保存 {time}', 'Saved {time}'),
  savedPlain: text('已保存', 'Saved'),
  saving: text('正在保存…', 'Saving…'),
  offline: text('离线，已存在本机', 'Offline; kept on this computer'),
  offlineUnkept: text(
    '离线，浏览器不允许存到本机，请不要关闭本页',
    'Offline, and the browser keeps nothing: do not close this page',
  ),
  conflict: text('有两份不同的文字，请选择', 'Two texts differ; choose one'),
  refused: text('没有保存到服务器（已存在本机）：', 'Not saved on the server (kept on this computer): '),
  restored: text(
    '已恢复本机上 {time} 写下、当时没来得及送到服务器的内容。',
    'Restored what was written on this computer at {time} and had not reached the server.',
  ),
  conflictTitle: text('这篇文稿有两份不同的文字', 'There are two versions of this article'),
  conflictHelp: text(
    '左边是服务器上的，右边是您写的。选一份继续；另一份会留在本机，可以随时打开复制。',
    'On the left what is on the server, on the right what you wrote. Choose one to go on with; the other stays on this computer and can be opened and copied.',
  ),
  theirs: text('服务器上的', 'On the server'),
  mine: text('我写的', 'Mine'),
  useTheirs: text('用服务器上的', 'Use the server’s'),
  useMine: text('用我写的', 'Use mine'),
  keptOther: text('打开留存的另一份（{time}）', 'Open the other version kept ({time})'),
  keptTitle: text('留存在本机的文字', 'Text kept on this computer'),
  discardKept: text('不再需要，删除', 'No longer needed; delete'),
  copyAll: text('复制全文', 'Copy all'),
} as const satisfies Record<string, Text>;

export const targetTexts = {
  title: text('发到哪里', 'Where it goes'),
  none: text(
    '还没有登记账号。请管理员在“账号”里添加。',
    'No accounts yet. An administrator adds them under “Accounts”.',
  ),
  reach: text('触达方式', 'Reach'),
  when: text('发布时间', 'When'),
  atOnce: text('通过后立即发布', 'As soon as approved'),
  atTime: text('定时', 'At a time'),
  pick: text('选择时间', 'Choose the time'),
  past: text('这个时间已经过去', 'This time lies in the past'),
  evenIfLate: text('误点也发', 'Send even if late'),
  evenIfLateHelp: text(
    '默认：晚于 15 分钟会先暂缓，等人确认。',
    'By default a post more than 15 minutes late waits for a person.',
  ),
  sameForAll: text('全部账号都用这个时间', 'Use this time for all accounts'),
  handOff: text('人工发布', 'By hand'),
  notActive: text('账号当前：{state}', 'Account: {state}'),
} as const satisfies Record<string, Text>;

export const variantTexts = {
  title: text('各账号的样子', 'What each account gets'),
  empty: text(
    '在“发到哪里”选好账号，这里会显示每个账号的样子和字数。',
    'Choose accounts under “Where it goes”; each one’s form and counts appear here.',
  ),
  refreshing: text('正在更新…', 'Updating…'),
  used: text('已用 {used}/{limit}', '{used}/{limit} used'),
  over: text('超出 {count}', '{count} over'),
  bytes: text('字节', 'bytes'),
  preview: text('{name} 的预览', 'Preview for {name}'),
  pictures: text('配图 {count} 张', '{count} pictures'),
  change: text('单独改这个账号', 'Change for this account only'),
  ownTitle: text('标题（留空跟随文稿）', 'Title (empty follows the article)'),
  ownDigest: text('摘要（留空跟随文稿）', 'Digest (empty follows the article)'),
  ownText: text(
    '文字（留空自动改写；需要短链的会自动补上）',
    'Wording (empty writes it automatically; a needed short link is added)',
  ),
  startFromShown: text('从上面的文字改起', 'Start from the text above'),
  linkLater: text(
    '链接末尾的 x 代表本条自己的短链，送审时生成。',
    'The x at the end stands for this post’s own short link, made at submission.',
  ),
  changed: text('已单独修改', 'Changed for this account'),
  checks: text('送审前检查', 'Before submission'),
  allGood: text('没有发现问题。', 'No problems found.'),
  checksLater: text('选好账号后自动检查。', 'Checked once accounts are chosen.'),
  checksBlank: text('写好标题和正文后自动检查。', 'Checked once there are a title and a text.'),
  field_title: text('标题', 'Title'),
  field_digest: text('摘要', 'Digest'),
  field_body: text('正文', 'Body'),
  field_media: text('图片', 'Pictures'),
  field_reach: text('触达', 'Reach'),
  field_author: text('作者', 'Author'),
} as const satisfies Record<string, Text>;
