import { type Text, text } from '#shared/lang.ts';

export const peopleTexts = {
  title: text('人员', 'People'),
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
  firstPassword: text('已添加 {name}，首次登录密码：', '{name} is added. First password:'),
  firstPasswordHelp: text(
    '只显示这一次，请现在抄下或复制，当面交给本人。',
    'Shown only this once: copy it now and hand it over in person.',
  ),
  emptyTitle: text('还没有人员。', 'No people yet.'),
  done: text('我已记下', 'I have noted it'),
} as const satisfies Record<string, Text>;
