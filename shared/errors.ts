/**
 * The one table of errors: code → HTTP status and what the person reads. Texts say what happened, what was kept
 * and what to do. `{name}` is filled from the error's details.
 */
export const errors = {
  'not-found': [
    404,
    '没有找到这条记录，可能已被移走。请返回列表重试。',
    'Nothing is here; it may have moved. Go back to the list.',
  ],
  'input-invalid': [400, '填写的内容有误：{problem}', 'The input is not right: {problem}'],
  'personal-data-left': [
    409,
    '文中还有疑似个人信息（{kinds}），本人同意的也只是隐去后公开。请改写或隐去；姓名、住址属误判的，请在右侧逐个确认，再送复核。',
    'The text may still name somebody ({kinds}); whoever agreed, agreed to a masked text. Mask it, or say beside a name or an address that it is not personal, then submit again.',
  ],
  'sign-in-needed': [
    401,
    '登录已过期，请重新登录。您输入的内容仍保留在本页。',
    'Your session has ended; sign in again. What you typed is still on this page.',
  ],
  'sign-in-failed': [401, '用户名或密码不正确。', 'The user name or password is wrong.'],
  'sign-in-locked': [
    429,
    '连续登录失败次数过多，请在 {minutes} 分钟后再试，或请管理员重设密码。',
    'Too many failed sign-ins. Try again in {minutes} minutes or ask the administrator.',
  ],
  'second-factor-needed': [
    401,
    '请输入验证器里的 6 位动态码，或一个恢复码。',
    'Enter the 6 digits your authenticator shows, or a recovery code.',
  ],
  'second-factor-wrong': [
    401,
    '动态码不正确，或已经用过。请等验证器显示下一个再试，并确认手机时间准确。',
    'The code is wrong or was used already. Wait for the next one, and check the clock of your phone.',
  ],
  'second-factor-setup-needed': [
    403,
    '本单位要求两步验证。请先在“我的账号”中设置，再继续使用。',
    'Your bureau asks for a second factor. Set it up under “My account” first.',
  ],
  'password-wrong': [
    403,
    '现在的密码不正确，没有作任何修改。',
    'The present password is wrong; nothing was changed.',
  ],
  'password-change-needed': [
    403,
    '首次登录请先在“我的账号”中修改密码，再继续使用。',
    'Change your first password under “My account” before you go on.',
  ],
  'token-refused': [
    401,
    '接口令牌不正确、已过期或已吊销，请重新申领。',
    'The API token is wrong, expired or revoked; ask for a new one.',
  ],
  'session-needed': [
    403,
    '这项操作须由本人登录后进行，不接受接口令牌。',
    'This takes a person’s own session; API tokens are refused.',
  ],
  forbidden: [
    403,
    '您的岗位没有这项权限。如确有需要，请联系本单位管理员。',
    'Your role does not allow this. Ask your administrator if you need it.',
  ],
  'origin-refused': [
    403,
    '请求来源不符，已拒绝。请从本系统页面操作。',
    'The request came from another site and was refused.',
  ],
  'idempotency-key-needed': [400, '缺少 Idempotency-Key 请求头。', 'The Idempotency-Key header is missing.'],
  'idempotency-key-reused': [
    409,
    '同一操作编号被用于不同内容，未执行。请刷新页面再试。',
    'This idempotency key was used for a different request; nothing was done.',
  ],
  'idempotency-key-busy': [
    409,
    '这项操作正在处理，请稍候。',
    'This very request is still being handled; wait a moment.',
  ],
  'edit-conflict': [
    409,
    '{name} 在您编辑期间修改过本文。您的文字已留在本页，请对照后再保存。',
    '{name} changed this article meanwhile. Your text is kept on this page; compare, then save.',
  ],
  'comments-not-switchable': [
    409,
    '这条作品的评论不能从这里开关：平台不提供，或作品不在发布状态。请到平台上处理。',
    'Comments of this post cannot be opened or closed from here: the platform has no way for it, or the post is not out. Do it on the platform.',
  ],
  'state-conflict': [
    409,
    '状态已经变化（现为“{state}”），本次操作没有执行。请刷新查看。',
    'The state has changed (now “{state}”); nothing was done. Refresh to see it.',
  ],
  'phone-odd': [
    422,
    '电话号码好像不完整，请核对；不想留电话可以空着。',
    'The telephone number does not look complete. Check it, or leave it empty.',
  ],
  'case-of-others': [
    403,
    '这件留言由其他科室或同事办理，您可以写内部备注；要由您办理，请留言管理人员转办。',
    'This case is handled by others. Write a note, or ask whoever distributes cases to give it to you.',
  ],
  'answered-meanwhile': [
    409,
    '{name}刚刚已经答复了这位群众，您的答复还没有发出。请看过之后再决定是否另发一条。',
    '{name} has just answered this person; yours was not sent. Read it, then decide whether to send another.',
  ],
  'answer-under-way': [
    409,
    '这件留言还有一条答复在办（{state}）。请等它办完，或先取回，再来操作。',
    'An answer of this case is still under way ({state}). Wait for it, or take it back first.',
  ],
  'article-locked': [
    409,
    '本文正在审核或已经通过，不能直接修改。如需修改，请先撤回审核。',
    'The article is under review or approved. Take it back before editing.',
  ],
  'article-problems': [
    422,
    '还有 {count} 处必须修改的问题，暂不能送审。',
    '{count} problems must be mended before submission.',
  ],
  'targets-empty': [422, '请先选择至少一个发布账号。', 'Choose at least one account first.'],
  'schedule-in-past': [
    422,
    '发布时间已经过去，请重新选择。',
    'The publishing time lies in the past; choose another.',
  ],
  'review-hash-stale': [
    409,
    '您看到的内容已不是最新，请刷新后再审。',
    'What you saw is no longer current; refresh and review again.',
  ],
  'review-own-work': [
    403,
    '不能审核自己提交的内容，请交由其他审核人。',
    'You cannot review your own submission.',
  ],
  'review-same-person': [
    403,
    '同一稿件的各级审核须由不同的人完成。',
    'Each stage must be decided by a different person.',
  ],
  'review-note-needed': [422, '退回时请写明原因，便于修改。', 'Say why when you return it.'],
  'handoff-link-missing': [
    422,
    '没有在粘贴的内容里找到本平台的作品链接。请在平台上点“分享—复制链接”，把整段文字粘贴过来。',
    'No link of this platform was found in what you pasted. Use share – copy link there and paste the whole text.',
  ],
  'handoff-expired': [
    410,
    '这个任务链接已失效，请在系统里重新打开。',
    'This task link has expired; open it again from the desk.',
  ],
  'decision-evidence-needed': [
    422,
    '请说明依据：贴上作品链接，或写明在平台上查看的结果。',
    'Give the evidence: the link, or what you saw on the platform.',
  ],
  'file-type-refused': [
    415,
    '不支持这种文件。图片请用 JPG、PNG、GIF 或 WebP，文稿请用 Word（.docx）。',
    'This file type is not accepted. Use JPG, PNG, GIF or WebP pictures, or a Word .docx.',
  ],
  'sent-file-type-refused': [
    415,
    '不支持这种文件。请用图片（JPG、PNG、GIF、WebP）或 PDF。',
    'This file type is not accepted. Use a picture (JPG, PNG, GIF, WebP) or a PDF.',
  ],
  'sent-file-damaged': [
    422,
    '文件已损坏，读不出来，没有保存。',
    'The file is damaged and cannot be read; it was not kept.',
  ],
  'pdf-active': [
    415,
    '这份 PDF 里有脚本、内嵌文件或会自动执行的动作，没有收下。请用“打印—另存为 PDF”重新生成，再传一次。',
    'This PDF holds scripts, embedded files or actions and was not taken. Print it to a new PDF and send that one.',
  ],
  'pdf-locked': [
    415,
    '这份 PDF 加了密，无法检查，没有收下。请用“打印—另存为 PDF”重新生成，再传一次。',
    'This PDF is encrypted and cannot be checked. Print it to a new PDF and send that one.',
  ],
  'pdf-unreadable': [
    415,
    '这份 PDF 的内部结构无法检查，没有收下。请用“打印—另存为 PDF”重新生成，再传一次。',
    'The inner structure of this PDF cannot be checked. Print it to a new PDF and send that one.',
  ],
  'file-too-large': [
    413,
    '文件太大，单个文件不能超过 {limit} MB。',
    'The file is too large; the limit is {limit} MB.',
  ],
  'media-type-refused': [
    415,
    '不支持这种文件。图片请用 JPG、PNG、GIF 或 WebP，视频请用 MP4 或 MOV。',
    'This file type is not accepted. Use JPG, PNG, GIF or WebP pictures, MP4 or MOV videos.',
  ],
  'video-unreadable': [
    422,
    '视频不完整或已损坏，没有入库。请在播放器里确认能放完，再重新上传。',
    'The video is cut short or damaged and was not kept. See that it plays to its end, then upload it again.',
  ],
  'video-convert-first': [
    422,
    '这个视频的编码无法直接使用，请先用剪辑软件导出为 MP4（H.264 编码），再上传。',
    'This video is encoded in a way that cannot be used. Export it as MP4 (H.264), then upload it.',
  ],
  'upload-gone': [
    404,
    '这次上传已过期或已取消，请重新选择文件上传。',
    'This upload has expired or was cancelled; choose the file again.',
  ],
  'upload-offset': [
    409,
    '上传位置不一致，服务器已收到 {received} 字节，请从那里继续。',
    'The parts do not join: the server has {received} bytes; go on from there.',
  ],
  'upload-incomplete': [
    409,
    '文件还没有传完，已收到 {received} 字节，共 {size} 字节。',
    'The file is not complete: {received} of {size} bytes are here.',
  ],
  'upload-damaged': [
    422,
    '收到的文件与原文件不一致，没有入库，请重新上传。',
    'What arrived differs from the file that was sent and was not kept; upload it again.',
  ],
  'storage-full': [
    507,
    '服务器磁盘空间不足，文件没有保存。请联系运维清理或扩容后再传。',
    'The server’s disk is full; the file was not saved. Ask the operator for room, then try again.',
  ],
  'file-in-use': [
    409,
    '这个素材正在使用，不能删除。请先从文稿里移除。',
    'This file is in use and cannot be deleted; take it out of the articles first.',
  ],
  'reply-window-closed': [
    409,
    '平台的回复时限已过，不能再从这里答复。',
    'The platform no longer accepts an answer here.',
  ],
  'reply-too-long': [
    422,
    '答复超过平台限制（最多 {limit} 字）。',
    'The answer is longer than the platform allows ({limit} characters).',
  ],
  'step-refused': [409, '没有执行：{problem}。', 'Nothing was done: {problem}.'],
  'account-name-taken': [409, '已有同名账号。', 'An account of that name exists.'],
  'sheet-unreadable': [
    422,
    '表格读不出来：{problem}。什么都没有导入。',
    'The sheet cannot be read: {problem}. Nothing was imported.',
  ],
  'sheet-too-large': [
    413,
    '表格太大（最多 {megabytes} MB、{rows} 行、{columns} 列）。请拆成几个文件，什么都没有导入。',
    'The sheet is too large (at most {megabytes} MB, {rows} rows, {columns} columns). Split it; nothing was imported.',
  ],
  'sheet-empty': [
    422,
    '表格里没有数据行。请在第一张表的标题行下面填写，什么都没有导入。',
    'The sheet has no rows below its heading. Nothing was imported.',
  ],
  'sheet-columns-missing': [
    422,
    '表格缺少这些列：{columns}。请用下载的模板填写，什么都没有导入。',
    'The sheet lacks these columns: {columns}. Use the template; nothing was imported.',
  ],
  'sheet-too-many-rows': [
    422,
    '一次最多 {rows} 行，请分几次导入。什么都没有导入。',
    'At most {rows} rows at once. Nothing was imported.',
  ],
  'rows-refused': [
    422,
    '有 {count} 行需要修改（第 {lines} 行），什么都没有保存。',
    '{count} rows must be mended ({lines}); nothing was saved.',
  ],
  'registration-known': [
    409,
    '刚才已有人登记了其中一条，请刷新后再试，什么都没有保存。',
    'Somebody has just registered one of these. Reload and try again; nothing was saved.',
  ],
  'handoff-executor-needed': [
    409,
    '请先登录，或请发布管理人员把任务指定给您，再提交截图：要有人署名负责。',
    'Sign in, or have the task given to you by name, before you send a screenshot: somebody must answer for it.',
  ],
  'handoff-proof-needed': [422, '请附上截图。', 'Add a screenshot.'],
  'task-own-claim': [
    409,
    '不能核对自己完成的任务，请另一位同事核对。',
    'You cannot check what you did yourself; ask a colleague.',
  ],
  'task-not-claimed': [
    409,
    '还没有人提交完成情况，没有可核对的内容。',
    'Nobody has said that it is done; there is nothing to check.',
  ],
  'nothing-to-withdraw': [
    409,
    '没有需要撤下的发布：都没有发出，或者已经撤下。',
    'There is nothing to take away: nothing is out, or it is gone already.',
  ],
  'push-too-slow': [
    408,
    '推送在规定时间内没有传完，什么都没有收下，请重新推送。',
    'The push did not arrive whole in time; nothing was kept. Send it again.',
  ],
  'push-refused': [401, '推送签名不符。', 'The push signature does not match.'],
  'too-many-tries': [
    429,
    '提交过于频繁，请约 {minutes} 分钟后再试。您写的内容仍在本页，请勿关闭。',
    'Too often; please try again in about {minutes} minutes. What you wrote is still on this page.',
  ],
  'receipt-unknown': [
    404,
    '回执号或查询码不对。请核对后再试；丢失的可拨打 12333 查询。',
    'The receipt number or its code is wrong. Check both and try again, or call 12333.',
  ],
  'receipt-ended': [
    409,
    '这件留言已经答复或结束，没有改动。要继续反映，请重新留言。',
    'This question is answered or ended; nothing was changed. To go on with it, please ask anew.',
  ],
  'receipt-shared': [
    409,
    '这件留言已与其他人反映的同一件事一起办理，不能单独撤回。如需帮助，请拨打 12333。',
    'This question is handled together with those of other people and cannot be withdrawn alone. Call 12333 for help.',
  ],
  'receipt-busy': [
    409,
    '工作人员正在答复这件留言，没有撤回。请稍后再试。',
    'The office is answering this question right now; it was not withdrawn. Try again in a moment.',
  ],
  'receipt-unanswered': [
    409,
    '这件留言还没有答复，暂时不能评价。',
    'This question has no answer yet, so that there is nothing to rate.',
  ],
  'text-too-short': [422, '请先写明要说的内容。', 'Please write what you want to say.'],
  'text-too-long': [
    422,
    '内容共 {count} 字，最多 {limit} 字，请删去 {over} 字后再提交。您写的内容仍在本页。',
    'You wrote {count} characters; the limit is {limit}. Take out {over} and send again. Your words are still on this page.',
  ],
  'too-many-pictures': [
    422,
    '选了 {count} 张图片，最多 {limit} 张。',
    'You chose {count} pictures; the limit is {limit}.',
  ],
  'picture-too-large': [
    413,
    '图片“{name}”超过 {limit} MB，请换一张小一点的，或截图后再选。',
    'The picture “{name}” is larger than {limit} MB. Choose a smaller one, or a screenshot of it.',
  ],
  'picture-refused': [
    415,
    '文件“{name}”不是能用的图片。请选 JPG、PNG、GIF 或 WebP 格式的图片。',
    'The file “{name}” is no picture that can be used. Choose a JPG, PNG, GIF or WebP.',
  ],
  'too-many-requests': [429, '操作过于频繁，请稍后再试。', 'Too many requests; try again later.'],
  'database-unavailable': [
    503,
    '数据库暂时不可用，内容没有丢失，请稍后重试。',
    'The database is not available; nothing is lost, try again shortly.',
  ],
  internal: [
    500,
    '系统出错，已记录（编号 {id}）。您的内容没有丢失，请重试或联系运维。',
    'Something went wrong and was recorded ({id}). Nothing is lost; try again.',
  ],
} as const satisfies Record<string, readonly [status: number, zh: string, en: string]>;

export type ErrorCode = keyof typeof errors;

/** The body of every failed answer. */
export type ErrorBody = {
  code: ErrorCode;
  message: { zh: string; en: string };
  details: Record<string, unknown>;
};

export function errorBody(code: ErrorCode, details: Record<string, unknown> = {}): ErrorBody {
  const [, zh, en] = errors[code];
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
  return { code, message: { zh: fill(zh), en: fill(en) }, details };
}
