import { type Text, text } from '#shared/lang.ts';

export const peopleTexts = {
  title: text('人员', 'People'),
  list: text('人员名单', 'List of people'),
  add: text('添加人员', 'Add a person'),
  login: text('用户名', 'User name'),
  loginHelp: text(
    '小写字母开头，可含数字、点和短横，2–32 位',
    'Begins with a small letter; letters, digits, dots, dashes; 2–32 long',
  ),
  name: text('姓名', 'Name'),
  unit: text('单位', 'Unit'),
  role: text('岗位', 'Role'),
  needed: text('请填写', 'Needed'),
  disabled: text('已停用', 'Disabled'),
  disable: text('停用', 'Disable'),
  disableTitle: text('停用 {name}？', 'Disable {name}?'),
  disableHelp: text(
    '停用后立即退出所有登录，不能再登录；经办记录保留。',
    'All sessions end at once and signing in is no longer possible; records stay.',
  ),
  disabledDone: text('已停用。', 'Disabled.'),
  reset: text('重设密码', 'Reset password'),
  resetTitle: text('重设 {name} 的密码？', 'Reset the password of {name}?'),
  resetHelp: text(
    '原密码立即失效，所有登录立即退出；两步验证保留。新的初始密码只显示一次。',
    'The old password is void and all sessions end at once; a second factor stays. The new first password is shown once.',
  ),
  resetDone: text('{name} 的新初始密码：', 'New first password of {name}:'),
  firstPassword: text('已添加 {name}，首次登录密码：', '{name} is added. First password:'),
  firstPasswordHelp: text(
    '只显示这一次，请现在抄下或复制，当面交给本人。',
    'Shown only this once: copy it now and hand it over in person.',
  ),
  emptyTitle: text('还没有人员。', 'No people yet.'),
  done: text('我已记下', 'I have noted it'),
} as const satisfies Record<string, Text>;

export const unitTexts = {
  title: text('组织架构', 'Organisation'),
  add: text('添加单位', 'Add a unit'),
  change: text('修改', 'Change'),
  changeOf: text('修改 {name}', 'Change {name}'),
  save: text('保存', 'Save'),
  name: text('名称', 'Name'),
  shortName: text('简称', 'Short name'),
  shortNameHelp: text('用在列表等窄处。', 'Used where there is little room.'),
  kind: text('类别', 'Kind'),
  parent: text('上级', 'Below'),
  fields: text('负责的业务领域', 'Business fields'),
  fieldsHelp: text(
    '新收到的留言按领域自动分派到这个科室；已分派的不变。',
    'New cases of these fields go to this section by themselves; cases already assigned stay.',
  ),
  noFields: text('未选', 'None'),
  takenBy: text('{field}（现由{name}负责）', '{field} (answered by {name})'),
  answersFor: text('负责：{fields}', 'Answers for: {fields}'),
  openFields: text('这些领域还没有科室负责：{fields}', 'No section answers for: {fields}'),
  openFieldsHelp: text(
    '这些领域的留言不会自动分到科室，只能由留言办理人员转办。',
    'Cases of these fields reach no section by themselves; an agent has to pass them on.',
  ),
  needed: text('请填写', 'Needed'),
} as const satisfies Record<string, Text>;
