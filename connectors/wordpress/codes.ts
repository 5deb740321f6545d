/**
 * The one table of the platform's error codes, `{code, message, data: {status}}`. Sources: answers of WordPress 6.1.9
 * (rest_cannot_create, rest_post_invalid_id, rest_comment_*) and the REST controllers' source; † from memory. A code
 * that is not here is `unknown`: plug-ins make their own.
 */
import type { Outcome, Scope } from '../contract.ts';
import { waits } from './limits.ts';

type Words = { zh: string; en: string };
export type Meaning = Words &
  (
    | { kind: 'rejected' | 'sign-in-again' | 'unknown' | 'window-closed' }
    /** 401: nobody is signed in (revoked, or the server drops the header). 403: the user's role does not allow it. */
    | { kind: 'permission' }
    | { kind: 'retry-later'; afterMs: number; scope: Scope }
  );

const rejected = (zh: string, en: string): Meaning => ({ kind: 'rejected', zh, en });
const signIn = (zh: string, en: string): Meaning => ({ kind: 'sign-in-again', zh, en });
const permission = (zh: string, en: string): Meaning => ({ kind: 'permission', zh, en });
/** The site failed inside: nobody can say on which side of acceptance. */
const unclear = (zh: string, en: string): Meaning => ({ kind: 'unknown', zh, en });

export const codes: Readonly<Record<string, Meaning>> = {
  incorrect_password: signIn('应用密码不正确或已撤销', 'the application password is wrong or revoked'),
  invalid_username: signIn('没有这个用户名', 'there is no such user'),
  invalid_email: signIn('没有这个用户邮箱', 'there is no such user'), // †
  rest_not_logged_in: signIn('网站没有认出登录身份', 'the site saw no signed-in user'),
  application_passwords_disabled: signIn('网站关闭了应用密码', 'the site has application passwords off'),
  application_passwords_disabled_for_user: signIn('这个用户不能用应用密码', 'not for this user'), // †
  rest_cannot_create: permission('用户不能新建内容', 'the user may not create this'),
  rest_cannot_edit: permission('用户不能修改这篇文章', 'the user may not edit this post'),
  rest_cannot_edit_others: permission('用户不能以他人名义修改', 'the user may not edit as somebody else'),
  rest_cannot_delete: permission('用户不能删除', 'the user may not delete this'),
  rest_cannot_publish: permission('用户不能发布文章', 'the user may not publish'),
  rest_cannot_assign_term: permission('用户不能使用这个分类', 'the user may not use this category'),
  rest_forbidden: permission('用户没有权限', 'the user lacks the right'),
  rest_forbidden_context: permission('用户不能读编辑内容', 'the user may not read for editing'),
  rest_forbidden_status: permission('用户不能列出未发布的文章', 'the user may not list unpublished posts'),
  rest_cannot_read: permission('用户不能读这条评论', 'the user may not read this comment'),
  rest_cannot_read_post: permission('用户不能读这篇文章', 'the user may not read this post'),
  rest_comment_login_required: permission('登录后才能评论', 'one must be signed in to comment'),
  rest_post_invalid_id: rejected('网站上没有这篇文章', 'there is no such post on the site'),
  rest_post_exists: rejected('文章已存在', 'the post exists already'),
  rest_invalid_param: rejected('参数不符合网站要求', 'the site refuses a parameter'),
  rest_missing_callback_param: rejected('缺少必填参数', 'a required parameter is missing'),
  rest_no_route: rejected(
    '网站没有这个接口，可能被插件关闭',
    'there is no such interface; a plug-in may hide it',
  ),
  empty_content: rejected('标题、正文和摘要都是空的', 'title, text and excerpt are all empty'),
  rest_upload_no_data: rejected('没有收到文件', 'no file arrived'),
  rest_upload_unknown_error: rejected('网站不接受这个文件', 'the site refuses the file'),
  rest_upload_sideload_error: rejected('网站不接受这个文件类型', 'the site refuses this type of file'),
  rest_upload_file_too_big: rejected('文件超过网站的上限', 'the file is over the limit of the site'),
  rest_upload_limited_space: rejected('网站空间不够', 'the site has no room left'),
  rest_upload_user_quota_exceeded: rejected('网站空间不够', 'the site has no room left'), // †
  rest_comment_invalid_id: rejected('没有这条评论', 'there is no such comment'),
  rest_already_trashed: rejected('已在回收站', 'it lies in the trash already'),
  rest_comment_failed_edit: unclear('网站没能保存评论', 'the site could not save the comment'), // †
  rest_comment_invalid_post_id: rejected('评论所在的文章不存在', 'there is no post for this comment'),
  rest_comment_content_invalid: rejected('评论内容不被接受', 'the site refuses the comment'),
  rest_comment_author_data_required: rejected(
    '用户资料缺姓名或邮箱',
    'the user has no name or e-mail address',
  ),
  rest_comment_draft_post: rejected('文章还是草稿，不能评论', 'the post is a draft'),
  rest_comment_trash_post: rejected('文章在回收站，不能评论', 'the post is in the trash'),
  comment_content_column_length: rejected('评论过长', 'the comment is too long'),
  rest_comment_closed: { kind: 'window-closed', zh: '文章已关闭评论', en: 'comments are closed' },
  comment_flood: {
    ...{ kind: 'retry-later', afterMs: waits.floodMs, scope: 'account' },
    ...{ zh: '评论过于频繁', en: 'comments come too fast' },
  },
  // Our own words, said to the same comment: the earlier call most likely arrived.
  comment_duplicate: unclear(
    '网站称评论重复，可能先前已发出',
    'said to be a duplicate; it may be there already',
  ),
  rest_comment_failed_create: unclear('网站没能保存评论', 'the site could not save the comment'),
  db_insert_error: unclear('网站数据库写入失败', 'the database of the site failed'),
  db_update_error: unclear('网站数据库写入失败', 'the database of the site failed'),
  // Said by the handler of PHP's fatal errors, wherever they fell.
  internal_server_error: unclear('网站程序出错', 'the site failed inside'),
};

/** The outcome of a refusal, with the site's own words kept for the record. */
export function outcomeOfCode(
  code: string,
  status: number,
  says: string,
):
  | Extract<Outcome, { kind: 'rejected' | 'retry-later' | 'sign-in-again' | 'unknown' }>
  | { kind: 'window-closed'; code: string } {
  const meaning = codes[code];
  if (!meaning) return { kind: 'unknown', reason: `未知错误码 ${code} / unknown code: ${says}` };
  switch (meaning.kind) {
    case 'retry-later':
      return { kind: 'retry-later', afterMs: meaning.afterMs, code, scope: meaning.scope };
    case 'unknown':
      return { kind: 'unknown', reason: `${meaning.zh}（${code} ${says}）` };
    case 'permission':
      if (status === 401) return { kind: 'sign-in-again', code };
      return { kind: 'rejected', code, reason: `${meaning.zh}（${code} ${says}）` };
    case 'rejected':
      return { kind: 'rejected', code, reason: `${meaning.zh}（${code} ${says}）` };
    default:
      return { kind: meaning.kind, code };
  }
}
