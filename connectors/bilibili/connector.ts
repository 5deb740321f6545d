import type { Connector } from '../contract.ts';
import { metrics } from './figures.ts';
import { links } from './links.ts';
import { publish } from './publish.ts';
import { push } from './push.ts';
import { probe, renew, signIn } from './sign-in.ts';
import { withdraw } from './withdraw.ts';

const filledIn = { zh: '授权后自动填写', en: 'filled in by signing in' } as const;

export const bilibili: Connector = {
  id: 'bilibili',
  label: { zh: '哔哩哔哩', en: 'Bilibili' },
  // The platform's hosts (member, api, account, www) lie below this one.
  defaultBaseUrl: 'https://bilibili.com',
  domains: ['bilivideo.com'],
  fields: [
    {
      key: 'appKey',
      kind: 'setting',
      required: true,
      label: { zh: '应用 client_id', en: 'client_id of the application' },
      pattern: /^[\w-]{4,64}$/,
    },
    {
      key: 'appSecret',
      kind: 'secret',
      required: true,
      label: { zh: '应用密钥 app_secret', en: 'app_secret of the application' },
    },
    {
      key: 'category',
      kind: 'setting',
      required: true,
      label: { zh: '专栏子分类编号（数字）', en: 'Number of the article category (a child category)' },
      pattern: /^\d{1,8}$/,
    },
    {
      key: 'tid',
      kind: 'setting',
      required: false,
      label: { zh: '视频分区编号（数字，发视频必填）', en: 'Number of the section for videos (tid)' },
      pattern: /^\d{1,8}$/,
    },
    {
      key: 'topics',
      kind: 'setting',
      required: false,
      label: { zh: '视频默认话题（逗号分隔）', en: 'Topics that videos get (with commas)' },
      pattern: /^[^"'<>]{1,100}$/,
    },
    {
      key: 'openid',
      kind: 'setting',
      required: false,
      label: {
        zh: '账号 openid（填写后只接受该账号授权）',
        en: 'openid; when given, only this account may be granted',
      },
      pattern: /^[\w-]{1,64}$/,
    },
    {
      key: 'accessToken',
      kind: 'secret',
      required: false,
      label: { zh: `访问令牌（${filledIn.zh}）`, en: `Access token (${filledIn.en})` },
    },
    {
      key: 'refreshToken',
      kind: 'secret',
      required: false,
      label: { zh: `刷新令牌（${filledIn.zh}）`, en: `Refresh token (${filledIn.en})` },
    },
    {
      key: 'accessEndsAt',
      kind: 'secret',
      required: false,
      label: { zh: `访问令牌到期时间（${filledIn.zh}）`, en: `End of the access token (${filledIn.en})` },
    },
  ],
  publish,
  push,
  signIn,
  renew,
  probe,
  withdraw,
  metrics,
  links,
};
