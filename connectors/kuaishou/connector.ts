import type { Connector } from '../contract.ts';
import { compose, inspect } from './compose.ts';
import { findLink, instructions } from './profile.ts';
import { push } from './push.ts';

/** Posted by a person: the open interface takes videos only, and packages carry text and pictures. */
export const kuaishou: Connector = {
  id: 'kuaishou',
  label: { zh: '快手', en: 'Kuaishou' },
  defaultBaseUrl: null,
  fields: [
    {
      key: 'homeUrl',
      kind: 'setting',
      required: false,
      label: { zh: '账号主页网址', en: 'Address of the account’s home page' },
      pattern: /^https?:\/\/\S+$/,
    },
    {
      key: 'appId',
      kind: 'setting',
      required: false,
      label: { zh: '应用 app_id（只用于接收推送）', en: 'app_id, only for receiving pushes' },
      pattern: /^[\w-]{4,64}$/,
    },
    {
      key: 'appSecret',
      kind: 'secret',
      required: false,
      label: { zh: '应用密钥（只用于接收推送）', en: 'Secret of the application, only for receiving pushes' },
    },
  ],
  publish: {
    kind: 'hand-off',
    reaches: ['timeline'],
    // Addresses outside the platform are taken for advertising.
    carriesShortLink: false,
    settleMs: 0,
    picturesOnly: true,
    instructions,
    compose,
    inspect,
    findLink,
  },
  push,
};
