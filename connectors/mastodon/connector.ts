import type { Connector } from '../contract.ts';
import { comments } from './comments.ts';
import { probe } from './instance.ts';
import { knownLimits } from './limits.ts';
import { links } from './links.ts';
import { mentions } from './mentions.ts';
import { metrics } from './metrics.ts';
import { publish } from './publish.ts';
import { withdraw } from './withdraw.ts';

export const mastodon: Connector = {
  id: 'mastodon',
  label: { zh: 'Mastodon（长毛象）', en: 'Mastodon' },
  // There is no central address. This one leads nowhere, so that a token can't go to a stranger's instance.
  defaultBaseUrl: 'https://instance.invalid',
  baseUrlSetting: 'instanceUrl',
  fields: [
    {
      key: 'instanceUrl',
      kind: 'setting',
      required: true,
      label: { zh: '实例网址（https://…）', en: 'Address of the instance (https://…)' },
      pattern: /^https:\/\/[^\s/?#@]+\/?$/,
    },
    {
      key: 'topics',
      kind: 'setting',
      required: false,
      label: { zh: '默认话题（逗号分隔）', en: 'Topics that posts get (with commas)' },
      pattern: /^[^"'<>]{1,100}$/,
    },
    {
      key: 'username',
      kind: 'setting',
      required: true,
      label: { zh: '用户名（不带实例域名）', en: 'User name, without the host' },
      pattern: /^@?\w(?:[\w.-]*\w)?$/,
    },
    {
      key: 'accessToken',
      kind: 'secret',
      required: true,
      label: {
        zh: '访问令牌（在“首选项—开发”里新建应用，权限 read、write）',
        en: 'Access token (Preferences, Development, new application, scopes read and write)',
      },
    },
  ],
  publish,
  comments,
  mentions,
  probe,
  withdraw,
  metrics,
  limits: knownLimits,
  links,
};
