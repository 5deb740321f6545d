import type { Connector } from '../contract.ts';
import { comments } from './comments.ts';
import { knownLimits } from './limits.ts';
import { links } from './links.ts';
import { mentions } from './mentions.ts';
import { messages } from './messages.ts';
import { metrics } from './metrics.ts';
import { probe } from './probe.ts';
import { publish } from './publish.ts';
import { push } from './push.ts';
import { signIn } from './sign-in.ts';
import { withdraw } from './withdraw.ts';

export const weibo: Connector = {
  id: 'weibo',
  label: { zh: '微博', en: 'Weibo' },
  defaultBaseUrl: 'https://api.weibo.com',
  fields: [
    {
      key: 'kind',
      kind: 'setting',
      required: false,
      label: {
        zh: '接口类型（open 普通应用，business 商业接口）',
        en: 'Kind (open for ordinary applications, business for the business interface)',
      },
      pattern: /^(?:open|business)$/,
    },
    {
      key: 'mediaReads',
      kind: 'setting',
      required: false,
      label: {
        zh: '商业接口已开通阅读数（yes 或 no）',
        en: 'The business interface tells reads (yes or no)',
      },
      pattern: /^(?:yes|no)$/,
    },
    {
      key: 'appKey',
      kind: 'setting',
      required: true,
      label: { zh: '应用 AppKey', en: 'AppKey' },
      pattern: /^[\w-]{4,64}$/,
    },
    { key: 'appSecret', kind: 'secret', required: true, label: { zh: '应用 AppSecret', en: 'AppSecret' } },
    {
      key: 'accessToken',
      kind: 'secret',
      required: false,
      label: { zh: '访问令牌（授权后自动填写）', en: 'Access token (filled in by signing in)' },
    },
    {
      key: 'uid',
      kind: 'setting',
      required: true,
      label: { zh: '账号 UID（数字）', en: 'Account UID (digits)' },
      pattern: /^\d{1,16}$/,
    },
    {
      key: 'boundDomain',
      kind: 'setting',
      required: true,
      label: { zh: '应用绑定的安全域名（不带 http:// 和端口）', en: 'Bound domain, without http:// or port' },
      pattern: /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/,
    },
    {
      key: 'operatorIp',
      kind: 'setting',
      required: true,
      label: {
        zh: '操作人公网 IP（平台要求上报）',
        en: 'Public address of the operator (the platform demands it)',
      },
      pattern: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
    },
    {
      key: 'callsPerDay',
      kind: 'setting',
      required: false,
      label: {
        zh: '每天可用的接口次数（普通应用 100，不填按 95 计）',
        en: 'Calls a day (an ordinary application has 100; empty means 95)',
      },
      pattern: /^[1-9]\d{0,5}$/,
    },
  ],
  publish,
  comments,
  mentions,
  messages,
  push,
  signIn,
  probe,
  withdraw,
  metrics,
  limits: knownLimits,
  links,
};
