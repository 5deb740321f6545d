/**
 * Every documented code and what it means for us: one row a code. A code that is not here is not a documented
 * refusal, so after an irreversible call it proves nothing.
 */
import type { Scope } from '#connectors/contract.ts';
import { actionFor } from './actions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export type CodeMeaning = { zh: string; en: string } & (
  | { kind: 'renew-token' }
  | { kind: 'retry-later'; afterMs: number; scope: Scope }
  | { kind: 'rejected' }
  | { kind: 'sign-in-again' }
  | { kind: 'window-closed' }
  /** Accepted, and an administrator must confirm on the phone. */
  | { kind: 'waiting-administrator' }
  /** A send with this client id exists: the answer names it. */
  | { kind: 'already-sent' }
);

const renewToken = { kind: 'renew-token' } as const;
const rejected = { kind: 'rejected' } as const;
const signIn = { kind: 'sign-in-again' } as const;
const windowClosed = { kind: 'window-closed' } as const;
const later = (afterMs: number, scope: Scope) => ({ kind: 'retry-later', afterMs, scope }) as const;

const CODES: Readonly<Record<number, CodeMeaning>> = {
  // Busy: the platform asks to try again.
  [-1]: { ...later(30_000, 'platform'), zh: '微信系统繁忙', en: 'WeChat is busy' },
  268487001: { ...later(30_000, 'platform'), zh: '微信系统繁忙', en: 'WeChat is busy' },
  268487002: { ...later(30_000, 'platform'), zh: '微信系统繁忙', en: 'WeChat is busy' },
  // The token, renewed once by the client.
  40001: { ...renewToken, zh: '访问令牌无效', en: 'The access token is not valid' },
  40014: { ...renewToken, zh: '访问令牌不合法', en: 'The access token is malformed' },
  42001: { ...renewToken, zh: '访问令牌已过期', en: 'The access token has expired' },
  // Credentials and addresses.
  40002: { ...signIn, zh: '凭证类型不对', en: 'Wrong grant type' },
  40013: { ...signIn, zh: 'AppID 不正确', en: 'The AppID is wrong' },
  40125: { ...signIn, zh: 'AppSecret 不正确', en: 'The AppSecret is wrong' },
  41002: { ...signIn, zh: '缺少 AppID', en: 'The AppID is missing' },
  41004: { ...signIn, zh: '缺少 AppSecret', en: 'The AppSecret is missing' },
  40243: { ...signIn, zh: 'AppSecret 已被冻结', en: 'The AppSecret is frozen' },
  50004: { ...signIn, zh: '已禁止使用令牌接口', en: 'The token API is forbidden for this account' },
  50007: { ...signIn, zh: '公众号已被冻结', en: 'The account is frozen' },
  40164: {
    ...later(15 * MINUTE, 'app'),
    zh: '本机出口地址不在 IP 白名单里，请到微信开发者平台添加',
    en: 'This server’s address is not in the IP whitelist; add it on the WeChat developer platform',
  },
  89503: {
    ...later(10 * MINUTE, 'app'),
    zh: '等管理员确认出口地址',
    en: 'The administrator must confirm this address',
  },
  89506: {
    ...later(24 * HOUR, 'app'),
    zh: '管理员拒绝了出口地址，24 小时后再试',
    en: 'The address was refused; wait 24 hours',
  },
  89507: {
    ...later(HOUR, 'app'),
    zh: '管理员拒绝了出口地址，1 小时后再试',
    en: 'The address was refused; wait one hour',
  },
  // Quotas.
  45009: {
    ...later(6 * HOUR, 'app'),
    zh: '今天的接口调用次数用完了',
    en: 'The daily quota of this API is used up',
  },
  45011: { ...later(MINUTE, 'app'), zh: '接口调用太频繁', en: 'Too many calls this minute' },
  45028: {
    ...rejected,
    zh: '群发次数已用完（订阅号每天 1 次，服务号每月 4 次）；可改为“发布”，或换一天再群发',
    en: 'No mass send is left (1 a day for subscription accounts, 4 a month for service accounts); publish instead, or send another day',
  },
  48006: {
    ...later(24 * HOUR, 'app'),
    zh: '本月清零调用次数的机会用完了',
    en: 'The monthly resets of the quota are used up',
  },
  // Permission.
  48001: {
    ...rejected,
    zh: '公众号没有这个接口的权限（发布、群发、留言、菜单和数据接口只对已认证的号开放）',
    en: 'The account may not use this API (publishing, mass sends, comments, menus and figures are open to verified accounts)',
  },
  48004: { ...rejected, zh: '接口被封禁', en: 'The API is blocked for this account' },
  47009: { ...rejected, zh: '接口已下线', en: 'The API is offline' },
  // Content and form.
  40003: { ...rejected, zh: '用户标识不正确', en: 'The openid is wrong' },
  40005: { ...rejected, zh: '图片格式不对', en: 'The picture has a wrong type' },
  40007: { ...rejected, zh: '素材或草稿不存在', en: 'The material or draft does not exist' },
  40008: { ...rejected, zh: '消息类型不对', en: 'The message type is wrong' },
  40009: { ...rejected, zh: '图片太大', en: 'The picture is too large' },
  40097: { ...rejected, zh: '参数不正确', en: 'Invalid arguments' },
  40033: { ...rejected, zh: '文字里有平台不认识的字符', en: 'A character is not taken by the platform' },
  40114: { ...rejected, zh: '文章序号不正确', en: 'The article index is wrong' },
  41039: { ...rejected, zh: '“阅读原文”链接不合法', en: 'The source URL is not acceptable' },
  41040: { ...rejected, zh: '不符合声明原创的要求', en: 'The originality rules are not met' },
  44003: { ...rejected, zh: '图文内容为空', en: 'The article is empty' },
  45002: { ...rejected, zh: '内容太长', en: 'The content is too long' },
  45003: { ...rejected, zh: '标题太长', en: 'The title is too long' },
  45004: { ...rejected, zh: '摘要太长', en: 'The digest is too long' },
  45062: {
    ...rejected,
    zh: '已接广告，不能用接口群发',
    en: 'Accounts with an advertising contract cannot mass-send by API',
  },
  45067: { ...rejected, zh: '群发标识太长', en: 'The clientmsgid is too long' },
  45110: { ...rejected, zh: '作者名太长', en: 'The author is too long' },
  45113: { ...rejected, zh: '已不支持商品和卡券', en: 'Cards and goods are no longer supported' },
  45166: { ...rejected, zh: '内容被平台拒绝', en: 'The platform refuses the content' },
  47001: { ...rejected, zh: '数据格式不对', en: 'The data has a wrong format' },
  48021: {
    ...rejected,
    zh: '草稿只是自动保存的，请先在公众平台手动保存',
    en: 'The draft was only saved automatically; save it by hand first',
  },
  48022: {
    ...rejected,
    zh: '接口上传的视频不能用接口发表',
    en: 'Videos uploaded by API cannot be sent by API',
  },
  53404: { ...rejected, zh: '文章里不能带商品', en: 'Goods are not allowed in the article' },
  53405: { ...rejected, zh: '文章里的商品信息有误', en: 'The goods in the article are wrong' },
  53406: { ...rejected, zh: '文章里不能带商品', en: 'Goods are not allowed in the article' },
  53503: { ...rejected, zh: '草稿没有通过发布检查', en: 'The draft failed the publishing check' },
  53504: {
    ...rejected,
    zh: '这篇草稿只能在公众平台网站发布',
    en: 'This draft must be published on the website',
  },
  53505: { ...rejected, zh: '请先在公众平台手动保存草稿', en: 'Save the draft by hand first' },
  53600: { ...rejected, zh: '文章不存在', en: 'The article does not exist' },
  // Mass sends.
  45065: { kind: 'already-sent', zh: '这次群发已经提交过', en: 'This mass send exists already' },
  45066: {
    ...later(MINUTE, 'account'),
    zh: '同一次群发一分钟内不能重复提交',
    en: 'The same send may be repeated after a minute only',
  },
  89504: { kind: 'waiting-administrator', zh: '群发正在审批', en: 'The mass send is being approved' },
  89505: {
    kind: 'waiting-administrator',
    zh: '群发等管理员确认',
    en: 'The mass send waits for the administrator',
  },
  40130: { ...rejected, zh: '群发对象不足两人', en: 'A mass send needs at least two readers' },
  // Figures.
  61500: { ...rejected, zh: '日期格式不对', en: 'The date is malformed' },
  61501: { ...rejected, zh: '日期范围太长', en: 'The span of dates is too long' },
  61503: {
    ...later(HOUR, 'account'),
    zh: '平台的数据还没有算好（每天 8 点左右出前一天的）',
    en: 'The figures are not ready (those of yesterday come at about 8 o’clock)',
  },
  // Menus; all but 40033 above from memory.
  40016: { ...rejected, zh: '菜单个数不对（一级最多 3 个）', en: 'Wrong number of menu entries (3 at most)' },
  40017: { ...rejected, zh: '菜单类型不对', en: 'Wrong kind of menu entry' },
  40018: {
    ...rejected,
    zh: '菜单名太长（一级 16 字节，约 5 个汉字）',
    en: 'A menu name is longer than 16 bytes',
  },
  40019: {
    ...rejected,
    zh: '菜单关键词太长（最多 128 字节）',
    en: 'A menu keyword is longer than 128 bytes',
  },
  40020: {
    ...rejected,
    zh: '菜单网址太长（最多 1024 字节）',
    en: 'A menu address is longer than 1024 bytes',
  },
  40023: {
    ...rejected,
    zh: '二级菜单个数不对（最多 5 个）',
    en: 'Wrong number of entries below (5 at most)',
  },
  40025: {
    ...rejected,
    zh: '二级菜单名太长（60 字节，约 20 个汉字）',
    en: 'A name below is longer than 60 bytes',
  },
  40054: { ...rejected, zh: '二级菜单的网址不被接受', en: 'The address of an entry below is refused' },
  40055: { ...rejected, zh: '菜单的网址不被接受', en: 'The address of an entry is refused' },
  46003: { ...rejected, zh: '还没有菜单', en: 'There is no menu' },
  // Comments.
  87009: { ...rejected, zh: '这条留言没有回复', en: 'There is no reply under this comment' }, // From memory.
  88000: { ...rejected, zh: '公众号没有留言功能', en: 'The account has no comments' },
  88001: { ...rejected, zh: '文章不存在', en: 'The article does not exist' },
  88002: { ...rejected, zh: '文章有敏感信息，不能操作留言', en: 'The article is restricted' },
  88003: { ...rejected, zh: '精选留言已达上限', en: 'No more comments can be elected' },
  88004: { ...rejected, zh: '留言已被读者删除', en: 'The reader deleted the comment' },
  88005: { ...rejected, zh: '这条留言已经回复过', en: 'The comment has a reply already' },
  88007: { ...rejected, zh: '回复为空或太长', en: 'The reply is empty or too long' },
  88008: { ...rejected, zh: '留言不存在', en: 'The comment does not exist' },
  88010: { ...rejected, zh: '数目超出范围', en: 'Count out of range' },
  // Customer-service messages.
  45015: {
    ...windowClosed,
    zh: '超过 48 小时或已取消关注，不能再回复',
    en: 'More than 48 hours have passed, or the person unsubscribed',
  },
  45047: {
    ...windowClosed,
    zh: '这位用户的 5 条回复已用完，等对方再来消息',
    en: 'The five answers are used up until the person writes again',
  },
  45080: { ...windowClosed, zh: '30 秒内没有往来，不能发送', en: 'No contact within 30 seconds' },
};

/** Undefined for a code that the documents do not explain. */
export const meaningOf = (code: number): CodeMeaning | undefined => CODES[code];

export const documentedCodes: readonly number[] = Object.keys(CODES).map(Number);

/** What happened and what to do, in both languages, with the platform's own words behind. */
export function explain(code: number, message: string): string {
  const meaning = meaningOf(code);
  if (!meaning) {
    return `微信返回了文档里没有的代码，请把括号里的内容告诉系统管理员。An undocumented code; tell the operator. (${code}: ${message})`;
  }
  const action = actionFor(code, meaning.kind);
  return `${meaning.zh}：${action.zh}。${meaning.en}: ${action.en}. (${code}: ${message})`;
}
