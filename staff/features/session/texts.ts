import { type Text, text } from '#shared/lang.ts';

export const sessionTexts = {
  title: text('登录', 'Sign in'),
  desk: text('新媒体工作台', 'New-media desk'),
  login: text('用户名', 'User name'),
  password: text('密码', 'Password'),
  submit: text('登录', 'Sign in'),
  again: text('请重新登录', 'Sign in again'),
  againHelp: text(
    '登录已过期。您正在写的内容都还在本页，登录后接着写，刚才没送出的操作会自动完成。',
    'Your session has ended. Everything you were writing is still here; sign in and go on. What was not sent yet will be sent then.',
  ),
  someoneElse: text('换其他人登录', 'Sign in as someone else'),
  someoneElseHelp: text(
    '（未保存的文字留在本机，您再登录时会恢复）',
    '(unsaved text stays on this computer and returns when you sign in)',
  ),
  otherPerson: text(
    '这一页是{name}打开的，请用同一用户名登录。',
    'This page belongs to {name}; sign in with the same user name.',
  ),
  needLogin: text('请输入用户名', 'Enter the user name'),
  needPassword: text('请输入密码', 'Enter the password'),
} as const satisfies Record<string, Text>;
