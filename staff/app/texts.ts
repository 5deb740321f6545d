import { type Text, text } from '#shared/lang.ts';

export const appTexts = {
  home: text('首页', 'Home'),
  articles: text('文稿', 'Articles'),
  media: text('素材', 'Media'),
  reviews: text('审核', 'Reviews'),
  figures: text('数据', 'Figures'),
  deliveries: text('发布', 'Publishing'),
  inbox: text('留言', 'Inbox'),
  insight: text('民意', 'Insight'),
  accounts: text('账号', 'Accounts'),
  calendar: text('日历', 'Calendar'),
  people: text('人员', 'People'),
  audit: text('审计', 'Audit'),
  more: text('更多', 'More'),
  mainMenu: text('主菜单', 'Main menu'),
  skip: text('跳到正文', 'Skip to the content'),
  demonstration: text(
    '演示环境：账号和内容都是虚构的，密码规则已放宽，请勿填写真实个人信息。',
    'Demonstration: accounts and content are made up and password rules relaxed. Enter no real personal data.',
  ),
  demonstrationShort: text('演示环境，请勿填写真实信息', 'Demonstration: enter no real data'),
  signOut: text('退出登录', 'Sign out'),
  language: text('English', '中文'),
  workerAlive: text('发布程序运行中', 'Publishing is running'),
  workerDown: text(
    '发布程序未在运行，到点的内容暂不会发出，请联系运维',
    'Publishing is not running; due posts wait. Tell the operator',
  ),
  nothingDue: text('没有等待发出的内容', 'Nothing is waiting'),
  oldestDue: text('最早一条应发于 {time}', 'The oldest was due {time}'),
  unknown: text('结果不明 {count} 条', '{count} of unknown outcome'),
  clockAlarm: text(
    '服务器时钟异常，自动发布已暂停，请联系运维',
    'The clock of the server jumped; automatic publishing is paused. Tell the operator',
  ),
} as const satisfies Record<string, Text>;
