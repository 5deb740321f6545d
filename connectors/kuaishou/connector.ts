import type { Connector } from '../contract.ts';
import { metrics, withdraw } from './figures.ts';
import { publish } from './publish.ts';
import { push } from './push.ts';
import { probe, renew, signIn } from './sign-in.ts';

const filledIn = { zh: '授权后自动填写', en: 'filled in by signing in' } as const;
const kept = (key: string, zh: string, en: string): Connector['fields'][number] => ({
  ...{ key, kind: 'secret', required: false },
  label: { zh: `${zh}（${filledIn.zh}）`, en: `${en} (${filledIn.en})` },
});

/** Videos by API, for accounts with an application; all others are posted to by hand (`kuaishou-hand`). */
export const kuaishou: Connector = {
  id: 'kuaishou',
  label: { zh: '快手', en: 'Kuaishou' },
  defaultBaseUrl: 'https://open.kuaishou.com',
  // The host for uploads is named by the platform in each upload.
  domains: ['kuaishou.com', 'gifshow.com', 'kuaishouzt.com', 'kwai.com'],
  fields: [
    {
      key: 'appId',
      kind: 'setting',
      required: true,
      label: { zh: '应用 app_id', en: 'app_id of the application' },
      pattern: /^[\w-]{4,64}$/,
    },
    {
      key: 'appSecret',
      kind: 'secret',
      required: true,
      label: { zh: '应用密钥 app_secret', en: 'app_secret of the application' },
    },
    {
      key: 'scopes',
      kind: 'setting',
      required: false,
      label: { zh: '申请的权限（英文逗号分隔，不填用默认）', en: 'Permissions to ask for, with commas' },
      pattern: /^[\w.]+(?:,[\w.]+)*$/,
    },
    {
      key: 'topics',
      kind: 'setting',
      required: false,
      label: { zh: '默认话题（逗号分隔）', en: 'Topics that posts get (with commas)' },
      pattern: /^[^"'<>]{1,100}$/,
    },
    {
      key: 'linkForm',
      kind: 'setting',
      required: false,
      label: {
        zh: '描述末尾放什么：link 短链接，code 只放编号（防止被判引流）',
        en: 'End of the caption: link, or code (the link’s code alone)',
      },
      pattern: /^(?:link|code)$/,
    },
    kept('openId', '账号 open_id', 'open_id'),
    kept('grantedScopes', '账号勾选的权限', 'Permissions the account ticked'),
    kept('accessToken', '访问令牌', 'Access token'),
    kept('refreshToken', '刷新令牌', 'Refresh token'),
    kept('accessEndsAt', '访问令牌到期时间', 'End of the access token'),
    kept('refreshEndsAt', '刷新令牌到期时间', 'End of the refresh token'),
  ],
  publish,
  push,
  signIn,
  renew,
  probe,
  withdraw,
  metrics,
};
