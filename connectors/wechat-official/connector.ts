/** WeChat Official Accounts (微信公众号). Facts, sources and what was never tried live: README.md. */
import type { AccountField, Connector, ProbeCapability, QuotaCapability } from '#connectors/contract.ts';
import { call, reversibleFailure } from './client.ts';
import { comments } from './comments.ts';
import { compose, inspect } from './compose.ts';
import { ENCODING_AES_KEY } from './crypto.ts';
import { SETTLE_MS } from './limits.ts';
import { messages } from './messages.ts';
import { prepare } from './prepare.ts';
import { check, submit } from './publish.ts';
import { open, parse, verifyAddress } from './push.ts';

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

const probe: ProbeCapability = {
  async probe(session) {
    const drafts = await call(session, { method: 'GET', path: '/cgi-bin/draft/count' });
    if (drafts.kind !== 'ok') return { kind: 'failed', outcome: reversibleFailure(drafts) };
    const list = await call(session, {
      method: 'POST',
      path: '/cgi-bin/freepublish/batchget',
      json: { offset: 0, count: 1, no_content: 1 },
    });
    const notes = [`草稿箱里有 ${Number(drafts.body.total_count ?? 0)} 篇。`];
    if (list.kind === 'refused' && list.code === 48001) {
      notes.push('没有发布接口的权限（只对已认证的号开放）：可以存草稿，需在公众平台上手工发布。');
    }
    return { kind: 'ok', notes, grants: {} };
  },
};

const quota: QuotaCapability = {
  /** The platform tells how often an API may still be called, not how many mass sends are left. */
  async remaining(session, reach) {
    if (reach === 'mass-send') return null;
    const answer = await call(session, {
      method: 'POST',
      path: '/cgi-bin/openapi/quota/get',
      json: { cgi_path: '/cgi-bin/freepublish/submit' },
    });
    if (answer.kind !== 'ok') return null;
    const left = Number((answer.body.quota as { remain?: unknown } | undefined)?.remain);
    return Number.isFinite(left) ? left : null;
  },
};

export const wechatOfficial: Connector = {
  id: 'wechat-official',
  label: { zh: '微信公众号', en: 'WeChat Official Account' },
  defaultBaseUrl: 'https://api.weixin.qq.com',
  fields,
  publish: {
    kind: 'remote',
    reaches: ['publish', 'mass-send'],
    carriesShortLink: true,
    settleMs: SETTLE_MS,
    compose,
    inspect,
    prepare,
    submit,
    check,
  },
  comments,
  messages,
  push: { verifyAddress, open, acknowledgement: 'success', parse },
  probe,
  quota,
};
