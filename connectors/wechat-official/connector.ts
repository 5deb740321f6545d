/** WeChat Official Accounts (微信公众号). Facts, sources and what was never tried live: README.md. */
import type { AccountField, Connector } from '#connectors/contract.ts';
import { comments } from './comments.ts';
import { compose, inspect } from './compose.ts';
import { ENCODING_AES_KEY } from './crypto.ts';
import { discard } from './discard.ts';
import { SETTLE_MS } from './limits.ts';
import { links } from './links.ts';
import { menu } from './menu.ts';
import { messages } from './messages.ts';
import { metrics } from './metrics.ts';
import { moderation } from './moderation.ts';
import { answer } from './passive.ts';
import { prepare } from './prepare.ts';
import { probe, quota } from './probe.ts';
import { check, submit } from './publish.ts';
import { open, parse, verifyAddress } from './push.ts';
import { withdraw } from './withdraw.ts';

const fields: readonly AccountField[] = [
  {
    key: 'appId',
    kind: 'setting',
    required: true,
    pattern: /^wx[0-9a-z]{16}$/,
    label: { zh: 'AppID', en: 'AppID' },
  },
  { key: 'appSecret', kind: 'secret', required: true, label: { zh: 'AppSecret', en: 'AppSecret' } },
  {
    key: 'token',
    kind: 'secret',
    required: true,
    pattern: /^[A-Za-z0-9]{3,32}$/,
    label: { zh: '消息推送 Token', en: 'Push token' },
  },
  {
    // Empty only where the account pushes in plain mode, which README.md advises against.
    key: 'encodingAESKey',
    kind: 'secret',
    required: false,
    pattern: ENCODING_AES_KEY,
    label: { zh: '消息加解密密钥（EncodingAESKey，43 位）', en: 'EncodingAESKey (43 characters)' },
  },
  {
    key: 'originalId',
    kind: 'setting',
    required: false,
    pattern: /^gh_[0-9a-z]+$/,
    label: { zh: '原始 ID（gh_ 开头）', en: 'Original id (gh_…)' },
  },
  {
    key: 'kind',
    kind: 'setting',
    required: true,
    pattern: /^(subscription|service)$/,
    label: { zh: '类型（subscription 订阅号，service 服务号）', en: 'Kind (subscription or service)' },
  },
];

export const wechatOfficial: Connector = {
  id: 'wechat-official',
  label: { zh: '微信公众号', en: 'WeChat Official Account' },
  defaultBaseUrl: 'https://api.weixin.qq.com',
  // Films that people sent lie there.
  domains: ['tc.qq.com'],
  fields,
  publish: {
    kind: 'remote',
    reaches: ['publish', 'mass-send'],
    carriesShortLink: true,
    settleMs: SETTLE_MS,
    picturesOnly: true,
    compose,
    inspect,
    prepare,
    submit,
    check,
    discard,
  },
  comments,
  moderation,
  messages,
  push: { tells: ['message', 'delivery'], verifyAddress, open, answer, acknowledgement: 'success', parse },
  withdraw,
  metrics,
  menu,
  probe,
  quota,
  links,
};
