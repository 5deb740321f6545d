import type { Connector } from '../contract.ts';
import { comments } from './comments.ts';
import { metrics } from './figures.ts';
import { knownLimits } from './limits.ts';
import { links } from './links.ts';
import { messages } from './messages.ts';
import { publish } from './publish.ts';
import { push } from './push.ts';
import { renew } from './renew.ts';
import { probe, signIn } from './sign-in.ts';

export const douyin: Connector = {
  id: 'douyin',
  label: { zh: '抖音', en: 'Douyin' },
  defaultBaseUrl: 'https://open.douyin.com',
  fields: [
    {
      key: 'clientKey',
      kind: 'setting',
      required: true,
      label: { zh: '应用 Client Key', en: 'Client key' },
      pattern: /^[\w-]{4,64}$/,
    },
    {
      key: 'clientSecret',
      kind: 'secret',
      required: true,
      label: { zh: '应用 Client Secret', en: 'Client secret' },
    },
    {
      key: 'scopes',
      kind: 'setting',
      required: true,
      label: {
        zh: '控制台里已获得的权限（英文逗号分隔，多写一个授权页就打不开）',
        en: 'Scopes that the console shows as granted, with commas; one too many breaks the consent page',
      },
      pattern: /^[\w.]+(?:,[\w.]+)*$/,
    },
    {
      key: 'linkForm',
      kind: 'setting',
      required: false,
      label: {
        zh: '文案末尾放什么：link 短链接，code 只放编号（防止被判站外引流）',
        en: 'End of the text: link, or code (the link’s code alone)',
      },
      pattern: /^(?:link|code)$/,
    },
    {
      key: 'privateMessages',
      kind: 'setting',
      required: false,
      label: {
        zh: '已获得私信权限填 on（新的网站应用一般没有）；不填则到抖音里人工回复',
        en: 'Granted private messages: on (new website applications have none); else answered by hand',
      },
      pattern: /^(?:on|off)$/,
    },
    {
      key: 'topics',
      kind: 'setting',
      required: false,
      label: { zh: '默认话题（逗号分隔）', en: 'Topics that posts get (with commas)' },
      pattern: /^[^"'<>]{1,100}$/,
    },
    {
      key: 'openId',
      kind: 'secret',
      required: false,
      label: { zh: '账号 open_id（授权后自动填写）', en: 'open_id (filled in by signing in)' },
    },
    {
      key: 'refreshToken',
      kind: 'secret',
      required: false,
      label: { zh: '刷新令牌（授权后自动填写）', en: 'Refresh token (filled in by signing in)' },
    },
    {
      key: 'refreshExpiresAt',
      kind: 'secret',
      required: false,
      label: {
        zh: '刷新令牌到期时间（授权后自动填写）',
        en: 'End of the refresh token (filled in by signing in)',
      },
    },
    {
      key: 'grantedScopes',
      kind: 'secret',
      required: false,
      label: {
        zh: '账号勾选的权限（授权后自动填写）',
        en: 'Scopes the account ticked (filled in by signing in)',
      },
    },
    {
      key: 'renewals',
      kind: 'secret',
      required: false,
      label: { zh: '已续期次数（自动填写）', en: 'Renewals so far (filled in by itself)' },
    },
  ],
  publish,
  comments,
  messages,
  push,
  signIn,
  renew,
  probe,
  metrics,
  limits: knownLimits,
  links,
};
