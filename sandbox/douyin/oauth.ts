/** Granting access: the consent page, the exchange of its code, renewing, and who a token belongs to. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import { accountOfToken, type Fields, text } from './call.ts';
import { Refusal } from './refusal.ts';
import { type DouyinAccount, PLATFORM, type RefreshToken, stateOf } from './state.ts';

const CODE_LIFE_MS = 10 * 60_000;
const CONNECT = `/${PLATFORM}/platform/oauth/connect/`;

const Asked = z.object({
  client_key: z.string().min(1),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  scope: z.string().min(1),
  response_type: z.literal('code'),
  state: z.string().default(''),
});
const Consent = Asked.extend({ open_id: z.string(), decision: z.enum(['allow', 'deny']) });

export function registerConsent(app: FastifyInstance, world: World): void {
  const home = { href: `/sandbox/${PLATFORM}/`, label: '抖音（模拟）' };
  const accountsOf = (clientKey: string) =>
    Object.values(stateOf(world).accounts).filter((account) => account.clientKey === clientKey);

  app.route({
    method: 'GET',
    url: CONNECT,
    // The form's answer leads back to the application, which the usual policy of the pages forbids.
    onSend: async (request, reply) => {
      const asked = Asked.safeParse(request.query);
      if (asked.success) reply.header('content-security-policy', policyFor(asked.data.redirect_uri));
    },
    handler: (request, reply) => {
      const asked = Asked.parse(request.query);
      const accounts = accountsOf(asked.client_key);
      const page = (body: string, status = 200) => sendPage(reply, { title: '授权', home, body, status });
      if (accounts.length === 0) return page(html`<h1>应用不存在</h1>`, 400);
      const granted = new Set(accounts.flatMap(({ scopes }) => scopes));
      // One scope too many spoils the whole page, as on the platform.
      if (asked.scope.split(',').some((scope) => !granted.has(scope)))
        return page(html`<h1 data-testid="consent-refused">scope权限非法</h1>`, 400);
      return page(consentPage(asked, accounts));
    },
  });

  app.post(CONNECT, (request, reply) => {
    const given = Consent.parse(request.body);
    const account = accountsOf(given.client_key).find(({ openId }) => openId === given.open_id);
    const back = new URL(given.redirect_uri);
    if (given.state) back.searchParams.set('state', given.state);
    if (!account || given.decision === 'deny') {
      back.searchParams.set('errCode', '-1');
      return reply.redirect(back.href, 303);
    }
    const code = randomBytes(16).toString('hex');
    const expiresAt = world.clock.now() + CODE_LIFE_MS;
    stateOf(world).grants.push({ code, openId: account.openId, scopes: given.scope.split(','), expiresAt });
    world.changed();
    back.searchParams.set('code', code);
    back.searchParams.set('scopes', given.scope);
    return reply.redirect(back.href, 303);
  });
}

const policyFor = (redirectUri: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${new URL(redirectUri).origin}; base-uri 'none'`;

function consentPage(asked: z.infer<typeof Asked>, accounts: DouyinAccount[]): string {
  const choices = accounts.map(
    (account, at) =>
      html`<label><input type="radio" name="open_id" value="${account.openId}" !${at === 0 ? 'checked' : ''} data-testid="consent-account" style="width:auto"> ${account.name}</label>`,
  );
  return html`<section class="card"><h1>授权应用访问你的抖音号</h1>
<p>应用 ${asked.client_key} 申请以下权限：<span class="wrap">${asked.scope.replaceAll(',', '、')}</span></p>
<form method="post" action="/sandbox${CONNECT}" data-testid="consent-form">
!${choices}
<input type="hidden" name="client_key" value="${asked.client_key}">
<input type="hidden" name="redirect_uri" value="${asked.redirect_uri}">
<input type="hidden" name="response_type" value="code">
<input type="hidden" name="scope" value="${asked.scope}">
<input type="hidden" name="state" value="${asked.state}">
<button name="decision" value="allow" data-testid="consent-allow">同意授权</button>
<button name="decision" value="deny" class="plain" data-testid="consent-deny">取消</button></form></section>`;
}

/** `POST /oauth/access_token/` */
export function issueToken(world: World, fields: Fields): object {
  const state = stateOf(world);
  if (text(fields, 'grant_type') !== 'authorization_code') throw new Refusal(2100005);
  const code = text(fields, 'code');
  const grant = state.grants.find((candidate) => candidate.code === code);
  const account = grant && state.accounts[grant.openId];
  if (!grant || !account || grant.expiresAt <= world.clock.now()) throw new Refusal(10007);
  if (text(fields, 'client_key') !== account.clientKey) throw new Refusal(10003);
  if (text(fields, 'client_secret') !== account.clientSecret) throw new Refusal(10013);
  state.grants = state.grants.filter((candidate) => candidate !== grant);
  const refresh = addRefresh(world, account, `rft.${randomBytes(16).toString('hex')}`);
  return { ...describeAccess(world, account, addAccess(world, account), refresh), captcha: '' };
}

/** `POST /oauth/refresh_token/`: a token that still holds keeps its value; the refresh token is not prolonged. */
export function refreshAccess(world: World, fields: Fields): object {
  if (text(fields, 'grant_type') !== 'refresh_token') throw new Refusal(2100005);
  const { account, refresh } = ownerOfRefresh(world, fields);
  const now = world.clock.now();
  const current = account.access.find((token) => !token.revoked && token.expiresAt > now);
  if (current) current.expiresAt = now + account.tokenLifeMs;
  return describeAccess(world, account, current ?? addAccess(world, account), refresh);
}

/** `POST /oauth/renew_refresh_token/`: a new refresh token, the old one is void. */
export function renewRefresh(world: World, fields: Fields): object {
  const { account, refresh } = ownerOfRefresh(world, fields);
  if (!account.scopes.includes('renew_refresh_token')) throw new Refusal(28001018);
  if (refresh.renewals >= account.renewLimit) throw new Refusal(10020);
  refresh.revoked = true;
  const fresh = addRefresh(world, account, `rft.${randomBytes(16).toString('hex')}`, refresh.renewals + 1);
  return { refresh_token: fresh.value, expires_in: seconds(fresh.expiresAt - world.clock.now()) };
}

/** `POST /oauth/userinfo/` */
export function userInfo(world: World, fields: Fields): object {
  const account = accountOfToken(world, fields.access_token, fields.open_id, 'user_info');
  return { open_id: account.openId, nickname: account.name, avatar: '', union_id: '' };
}

function ownerOfRefresh(world: World, fields: Fields): { account: DouyinAccount; refresh: RefreshToken } {
  const value = text(fields, 'refresh_token');
  for (const account of Object.values(stateOf(world).accounts)) {
    const refresh = account.refresh.find((candidate) => candidate.value === value);
    if (!refresh) continue;
    if (text(fields, 'client_key') !== account.clientKey) throw new Refusal(10003);
    if (refresh.revoked || refresh.expiresAt <= world.clock.now()) throw new Refusal(10010);
    return { account, refresh };
  }
  throw new Refusal(10010);
}

function describeAccess(
  world: World,
  account: DouyinAccount,
  access: { value: string; expiresAt: number },
  refresh: RefreshToken,
): object {
  const now = world.clock.now();
  return {
    access_token: access.value,
    expires_in: seconds(access.expiresAt - now),
    refresh_token: refresh.value,
    refresh_expires_in: seconds(refresh.expiresAt - now),
    open_id: account.openId,
    scope: account.scopes.join(','),
  };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

function addAccess(world: World, account: DouyinAccount) {
  const value = `act.${randomBytes(16).toString('hex')}`;
  const token = { value, expiresAt: world.clock.now() + account.tokenLifeMs, revoked: false };
  account.access.push(token);
  note(world, account, value);
  return token;
}

export function addRefresh(world: World, account: DouyinAccount, value: string, renewals = 0): RefreshToken {
  const token = { value, expiresAt: world.clock.now() + account.refreshLifeMs, renewals, revoked: false };
  account.refresh = [...account.refresh.filter((candidate) => candidate.value !== value), token];
  note(world, account, value);
  return token;
}

function note(world: World, account: DouyinAccount, value: string): void {
  world.ledger.append({
    platform: PLATFORM,
    account: account.openId,
    kind: 'token.issued',
    key: value.slice(0, 8),
    detail: {},
  });
}
