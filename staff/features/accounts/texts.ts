import type { Account } from '#shared/accounts.ts';
import { type Text, text } from '#shared/lang.ts';

export const accountTexts = {
  title: text('账号', 'Accounts'),
  add: text('登记账号', 'Register an account'),
  emptyTitle: text('还没有登记账号。', 'No accounts yet.'),
  emptyHelp: text(
    '先登记本单位的一个账号，文稿才有地方可发。',
    'Register an account first, so that articles have somewhere to go.',
  ),
  settings: text('设置', 'Settings'),
  open: text('查看', 'Open'),
  can: text('能做：', 'Can: '),
  held: text('暂停调用至 {time}：{reason}', 'Calls wait until {time}: {reason}'),
  heldCode: text(
    '平台限制调用（代码 {code}），到时自动恢复',
    'the platform limits calls (code {code}); it resumes by itself',
  ),
  granted: text('授权成功，账号可以使用了。', 'Access was granted; the account can be used.'),
  notGranted: text(
    '没有拿到授权：可能在平台上取消了，或登录的不是登记的账号。账号没有变化，可以再试一次。',
    'No access was granted: it was cancelled on the platform, or another account was signed in there. Nothing changed; try again.',
  ),
  expires: text('授权到期 {time}', 'Access expires {time}'),
  signIn: text('去平台授权', 'Sign in on the platform'),
  probe: text('检查凭据', 'Check the credentials'),
  probing: text(
    '已安排检查，结果会显示在账号状态里。',
    'The check is under way; the state will show its result.',
  ),
  pushUrl: text('推送地址（填到平台后台）', 'Push address (enter it at the platform)'),
  name: text('账号名称', 'Account name'),
  platform: text('平台', 'Platform'),
  unit: text('所属单位', 'Unit'),
  state: text('状态', 'State'),
  reason: text('原因', 'Reason'),
  save: text('保存', 'Save'),
  saved: text('已保存。', 'Saved.'),
  created: text('已登记。', 'Registered.'),
  secretSet: text('已设置，留空不改', 'Set; leave empty to keep it'),
  secretUnset: text('尚未设置', 'Not set'),
  secretNote: text('密钥加密保存，保存后不再显示。', 'Secrets are stored encrypted and never shown again.'),
  needed: text('请填写', 'Needed'),
  malformed: text('格式不对，请核对后再填', 'The form is not right; please check'),
  missing: text('没有找到这个账号。', 'There is no such account.'),
  all: text('全部账号', 'All accounts'),
  unchanged: text('不变', 'unchanged'),
} as const satisfies Record<string, Text>;

export const capabilityLabels = {
  publish: text('自动发布', 'publish'),
  'hand-off': text('人工发布', 'hand-off'),
  comments: text('收评论、答评论', 'comments'),
  messages: text('答私信', 'messages'),
  push: text('实时收私信', 'push'),
  'sign-in': text('网页授权', 'sign-in'),
  probe: text('检查凭据', 'credential check'),
  quota: text('查群发次数', 'quota'),
} as const satisfies Record<Account['capabilities'][number], Text>;
