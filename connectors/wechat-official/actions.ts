/** What a clerk can do about a refusal; a code without a line of its own takes what its kind says. */
type Action = { zh: string; en: string };
type Kind =
  | 'renew-token'
  | 'retry-later'
  | 'rejected'
  | 'sign-in-again'
  | 'window-closed'
  | 'waiting-administrator'
  | 'already-sent';

const BY_KIND: Readonly<Record<Kind, Action>> = {
  'renew-token': { zh: '系统会自动换新令牌，不用处理', en: 'the program gets a new one by itself' },
  'retry-later': { zh: '系统会自动再试，不用处理', en: 'the program tries again by itself' },
  rejected: { zh: '请改好后重新送审', en: 'mend it and submit it anew' },
  'sign-in-again': {
    zh: '请管理员到微信开发者平台核对，再在“账号”里重新填写并测试连接',
    en: 'an administrator checks it on the WeChat developer platform, then fills the account form in again',
  },
  'window-closed': {
    zh: '请等对方再来消息，或改用电话等方式答复',
    en: 'wait until the person writes again, or answer in another way',
  },
  'waiting-administrator': {
    zh: '请管理员 30 分钟内在手机微信上确认',
    en: 'the administrator confirms on the phone within 30 minutes',
  },
  'already-sent': { zh: '不用再发，系统会查那一次的结果', en: 'do not send again; its outcome is looked up' },
};

const verify = {
  zh: '请先完成公众号认证，或改用“人工发布”',
  en: 'have the account verified, or publish by hand',
};
const byHand = {
  zh: '请在公众平台网站上打开这篇草稿手动保存或发布，再把链接填回来',
  en: 'open the draft on the website, save or publish it there, and paste the link back',
};
const operator = {
  zh: '请把括号里的内容告诉系统管理员',
  en: 'tell the operator what stands in brackets',
};
const remake = {
  zh: '请撤回后重新送审，系统会重新建草稿',
  en: 'take it back and submit it anew; the draft is made again',
};
const gone = { zh: '请刷新后再看，不用再处理', en: 'read the list again; nothing is left to do' };
const shorten = { zh: '请缩短后重新送审', en: 'shorten it and submit it anew' };
const menu = { zh: '请改好后再保存菜单', en: 'mend it and save the menu again' };

const BY_CODE: Readonly<Record<number, Action>> = {
  40164: {
    zh: '请管理员到微信开发者平台把括号里的地址加进 IP 白名单，几分钟后生效',
    en: 'an administrator adds the address in brackets to the whitelist; it takes minutes',
  },
  89503: { zh: '请管理员在手机微信上同意这个地址', en: 'the administrator agrees on the phone' },
  89506: { zh: '请先与管理员说明，到时系统会再试', en: 'talk to the administrator; it is tried again then' },
  89507: { zh: '请先与管理员说明，到时系统会再试', en: 'talk to the administrator; it is tried again then' },
  45009: {
    zh: '系统过几小时再试；着急可请管理员到微信开发者平台清零（每月 10 次）',
    en: 'it is tried again in hours; an administrator may reset the quota, ten times a month',
  },
  45028: { zh: '请改为“发布”，或换一天再群发', en: 'publish instead, or send on another day' },
  ...Object.fromEntries([48001, 88000].map((code) => [code, verify])),
  48004: {
    zh: '请管理员登录公众平台看处罚通知并申诉',
    en: 'an administrator reads the notice on the website and appeals',
  },
  ...Object.fromEntries(
    [47009, 47001, 40008, 40097, 40114, 40002, 45067, 61500, 61501].map((code) => [code, operator]),
  ),
  40003: {
    zh: '对方可能已取消关注，请改用其他方式答复',
    en: 'the person may have left; answer in another way',
  },
  40005: { zh: '请换成 JPG 或 PNG 图片后重新送审', en: 'use a JPG or PNG picture' },
  40009: { zh: '请压缩图片（正文 1 MB、封面 10 MB 以内）后重新送审', en: 'make the picture smaller' },
  40007: remake,
  40033: { zh: '请删去生僻符号和表情后再试', en: 'take out rare signs and emoji' },
  40130: { zh: '请确认公众号已有粉丝，或改为“发布”', en: 'the account needs followers; or publish instead' },
  41039: { zh: '请检查“阅读原文”的网址后重新送审', en: 'check the source address' },
  ...Object.fromEntries([45002, 45003, 45004, 45110].map((code) => [code, shorten])),
  45062: { zh: '请在公众平台网站上手动群发', en: 'send it by hand on the website' },
  ...Object.fromEntries([48021, 48022, 53503, 53504, 53505].map((code) => [code, byHand])),
  45113: { zh: '请去掉商品和卡券后重新送审', en: 'take the cards and goods out' },
  ...Object.fromEntries(
    [53404, 53405, 53406].map((code) => [
      code,
      { zh: '请去掉文章里的商品后重新送审', en: 'take the goods out' },
    ]),
  ),
  ...Object.fromEntries([53600, 88001, 88004, 88008, 87009].map((code) => [code, gone])),
  88002: { zh: '请在公众平台网站上处理', en: 'do it on the website' },
  88003: { zh: '请先取消几条精选', en: 'take some comments off the elected ones first' },
  88005: { zh: '如要改，请先删去原来的回复', en: 'to change it, delete the present reply first' },
  88007: { zh: '请写 1 到 600 字', en: 'write 1 to 600 characters' },
  88010: operator,
  ...Object.fromEntries(
    [40016, 40017, 40018, 40019, 40020, 40023, 40025, 40054, 40055].map((code) => [code, menu]),
  ),
  46003: { zh: '可以新建一个', en: 'make one' },
};

export const actionFor = (code: number, kind: Kind): Action => BY_CODE[code] ?? BY_KIND[kind];
