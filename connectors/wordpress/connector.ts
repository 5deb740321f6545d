import type { Connector } from '../contract.ts';
import { comments } from './comments.ts';
import { links } from './links.ts';
import { metrics } from './metrics.ts';
import { moderation } from './moderation.ts';
import { publish } from './publish.ts';
import { probe } from './user.ts';
import { withdraw } from './withdraw.ts';

export const wordpress: Connector = {
  id: 'wordpress',
  label: { zh: '单位网站（WordPress）', en: 'Website (WordPress)' },
  // Every site has its own address. This one leads nowhere, so that a password can't go to a stranger's site.
  defaultBaseUrl: 'https://website.invalid',
  baseUrlSetting: 'siteUrl',
  fields: [
    {
      key: 'siteUrl',
      kind: 'setting',
      required: true,
      label: {
        zh: '网站网址（https://…，含子目录）',
        en: 'Address of the site (https://…, with its folder)',
      },
      pattern: /^https:\/\/[^\s/?#@]+(?:\/[\w.~-]+)*\/?$/,
    },
    {
      key: 'username',
      kind: 'setting',
      required: true,
      label: { zh: '网站用户名（作者或编辑角色）', en: 'User name on the site (author or editor)' },
      // A colon would end the name in the header.
      pattern: /^[^\s:][^:]{0,59}$/,
    },
    {
      key: 'applicationPassword',
      kind: 'secret',
      required: true,
      label: {
        zh: '应用密码（在“用户—个人资料”里新建）',
        en: 'Application password (Users, Profile)',
      },
    },
    {
      key: 'categories',
      kind: 'setting',
      required: false,
      label: { zh: '分类编号，用逗号分开', en: 'Category ids, parted by commas' },
      pattern: /^\d+(?:,\s*\d+)*$/,
    },
    {
      key: 'addresses',
      kind: 'setting',
      required: false,
      label: {
        zh: '接口地址形式：wp-json，或 plain（未开固定链接）',
        en: 'Form of the addresses: wp-json, or plain (no permalinks)',
      },
      pattern: /^(?:wp-json|plain)$/,
    },
  ],
  publish,
  comments,
  moderation,
  probe,
  withdraw,
  metrics,
  links,
};
