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
  code: text('动态码', 'Code'),
  codeHelp: text('验证器上显示的 6 位数字', 'The 6 digits your authenticator shows'),
  codeOrRecoveryHelp: text(
    '验证器上显示的 6 位数字；手机不在身边时，输入一个恢复码',
    'The 6 digits your authenticator shows; without your phone, a recovery code',
  ),
  needCode: text('请输入动态码', 'Enter the code'),
} as const satisfies Record<string, Text>;

export const accountTexts = {
  title: text('我的账号', 'My account'),
  needed: text('请填写', 'Needed'),
  saved: text('已保存。', 'Saved.'),

  password: text('密码', 'Password'),
  passwordIsFirst: text('仍是初始密码，建议修改', 'Still the first password; better change it'),
  passwordChosenAt: text('上次修改：{time}', 'Last changed {time}'),
  currentPassword: text('现在的密码', 'Present password'),
  newPassword: text('新密码', 'New password'),
  newPasswordAgain: text('再输一次新密码', 'New password again'),
  passwordHelp: text(
    '至少 12 位，越长越好，可以用一句话；不能含用户名、姓名和常见词。',
    'At least 12 characters, the longer the better, a sentence will do; without your name, user name or common words.',
  ),
  notTheSame: text('两次输入的新密码不一样', 'The two are not the same'),
  changePassword: text('修改密码', 'Change password'),
  passwordChanged: text(
    '密码已修改，其他地方的登录已全部退出。',
    'The password is changed; your other sessions have ended.',
  ),

  factor: text('两步验证', 'Second factor'),
  factorOff: text('未开启', 'Off'),
  factorOn: text('已开启（{time}）', 'On since {time}'),
  codesLeft: text('恢复码剩余 {count} 个', '{count} recovery codes left'),
  setUpFactor: text('开启两步验证', 'Set up'),
  replaceFactor: text('更换验证器', 'Replace the authenticator'),
  renewCodes: text('重新生成恢复码', 'New recovery codes'),
  removeFactor: text('关闭两步验证', 'Turn off'),
  notNow: text('暂不', 'Not now'),
  goOn: text('下一步', 'Go on'),
  factorHelp: text(
    '开启后，登录除密码外还要输入手机验证器上的动态码，密码泄露也不会被人登录。请先输入密码。',
    'Signing in will take a code from your phone besides the password, so a leaked password alone opens nothing. Enter your password first.',
  ),
  replaceHelp: text(
    '请先用现在的验证器（或一个恢复码）确认是您本人；新验证器确认之前，旧的仍然有效。',
    'Prove yourself with the present authenticator (or a recovery code) first; it stays in force until the new one is confirmed.',
  ),
  renewHelp: text('原来的恢复码将全部作废。', 'The old recovery codes will be void.'),
  removeHelp: text('关闭后只凭密码就能登录。', 'The password alone will open your account.'),
  scan: text(
    '用手机上的验证器应用（支持 TOTP 的均可）扫描二维码，再输入它显示的 6 位动态码。',
    'Scan the code with an authenticator app on your phone (any that knows TOTP), then enter the 6 digits it shows.',
  ),
  qrLabel: text('两步验证的二维码', 'QR code of the second factor'),
  cannotScan: text('无法扫码？手动输入密钥', 'Cannot scan? Enter the key by hand'),
  turnOn: text('确认开启', 'Turn on'),
  codesTitle: text('两步验证已生效，请保存恢复码', 'The second factor is in force. Keep your recovery codes'),
  codesHelp: text(
    '每个只能用一次，手机丢失时代替动态码。只显示这一次，请打印或抄下，妥善保管，不要存在同一部手机里。',
    'Each works once, in place of a code when the phone is lost. They are shown only now: print or write them down, and not on the same phone.',
  ),
  copyCodes: text('复制全部', 'Copy all'),
  codesNoted: text('我已保存', 'I have kept them'),

  sessions: text('登录中的设备', 'Where I am signed in'),
  unknownProgram: text('未知程序', 'Unknown program'),
  signedInAt: text('登录于 {time}', 'Signed in {time}'),
  lastSeenAt: text('最近使用 {time}', 'Last used {time}'),
  thisOne: text('当前设备', 'This one'),
  endSession: text('退出', 'End'),

  language: text('界面语言', 'Language'),
  chinese: text('中文', 'Chinese'),
  english: text('英文', 'English'),

  dutiesTitle: text('首次登录设置', 'Before you begin'),
  greeting: text(
    '{name}，您好。按本单位的安全要求，请先完成以下设置。',
    'Hello {name}. Your bureau asks for this first.',
  ),
  step: text('第 {at} 步，共 {of} 步', 'Step {at} of {of}'),
  dutyPassword: text('修改初始密码', 'Change your first password'),
  dutyPasswordHelp: text(
    '初始密码由系统生成，可能经过他人之手，请换成只有您知道的密码。',
    'The first password was made by the program and may have passed through other hands. Choose one that only you know.',
  ),
  dutyFactor: text('开启两步验证', 'Set up a second factor'),
  later: text('以后再说，退出登录', 'Later; sign out'),
} as const satisfies Record<string, Text>;
