/** Granting access: the consent page, the exchange of its code, and a pair that replaces the one before. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { html } from 'ghtml';
import { z } from 'zod';
import { sendPage } from '../core/page.ts';
import type { World } from '../core/world.ts';
import type { Fields } from './call.ts';
import { required } from './call.ts';
import { tell } from './push.ts';
import { Refusal } from './refusal.ts';
import { type KuaishouAccount, PLATFORM, stateOf, type TokenPair } from './state.ts';

const CODE_LIFE_MS = 10 * 60_000;
const PAGE = `/${PLATFORM}/oauth2/authorize`;

const Asked = z.object({
  app_id: z.string().min(1),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  scope: z.string().min(1),
  response_type: z.literal('code'),
  state: z.string().default(''),
});
const Decided = Asked.extend({ open_id: z.string(), decision: z.enum(['allow', 'deny']) });

export function registerConsent(app: FastifyInstance, world: World): void {
  const home = { href: `/sandbox/${PLATFORM}/`, label: '快手（模拟）' };
  const accountsOf = (appId: string) =>
    Object.values(stateOf(world).accounts).filter((account) => account.appId === appId);

  app.route({
    method: 'GET',
    url: PAGE,
    // The form's answer leads back to the application, which the usual policy of the pages forbids.
    onSend: async (request, reply) => {
      const asked = Asked.safeParse(request.query);
      if (asked.success) reply.header('content-security-policy', policyFor(asked.data.redirect_uri));
    },
    handler: (request, reply) => {
      const asked = Asked.parse(request.query);
      const accounts = accountsOf(asked.app_id);
      const found = accounts.length > 0;
      const body = found ? consentPage(asked, accounts) : html`<h1>应用不存在</h1>`;
      return sendPage(reply, { title: '授权', home, body, status: found ? 200 : 400 });
    },
  });

  app.post(PAGE, (request, reply) => {
    const given = Decided.parse(request.body);
    const account = accountsOf(given.app_id).find(({ openId }) => openId === given.open_id);
    const back = new URL(given.redirect_uri);
    if (given.state) back.searchParams.set('state', given.state);
    if (!account || given.decision === 'deny') return reply.redirect(back.href, 303);
    const code = randomBytes(16).toString('hex');
    const expiresAt = world.clock.now() + CODE_LIFE_MS;
    // What the application was not granted is left out silently.
    const scopes = given.scope.split(',').filter((scope) => account.scopes.includes(scope));
    stateOf(world).consents.push({ code, openId: account.openId, scopes, expiresAt });
    world.changed();
    tell(world, account, 'AUTHORIZE');
    back.searchParams.set('code', code);
    return reply.redirect(back.href, 303);
  });
}

const policyFor = (redirectUri: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${new URL(redirectUri).origin}; base-uri 'none'`;

function consentPage(asked: z.infer<typeof Asked>, accounts: KuaishouAccount[]): string {
  const choices = accounts.map(
    (account, at) =>
      html`<label><input type="radio" name="open_id" value="${account.openId}" !${at === 0 ? 'checked' : ''} data-testid="consent-account" style="width:auto"> ${account.name}</label>`,
  );
  return html`<section class="card"><h1>授权应用使用你的快手号</h1>
<p>应用 ${asked.app_id} 申请以下权限：<span class="wrap">${asked.scope.replaceAll(',', '、')}</span></p>
<form method="post" action="/sandbox${PAGE}" data-testid="consent-form">
!${choices}
<input type="hidden" name="app_id" value="${asked.app_id}">
<input type="hidden" name="redirect_uri" value="${asked.redirect_uri}">
<input type="hidden" name="response_type" value="code">
<input type="hidden" name="scope" value="${asked.scope}">
<input type="hidden" name="state" value="${asked.state}">
<button name="decision" value="allow" data-testid="consent-allow">授权</button>
<button class="plain" name="decision" value="deny" data-testid="consent-deny">拒绝</button></form></section>`;
}

/** `/oauth2/access_token` */
export function issueTokens(world: World, fields: Fields): object {
  const state = stateOf(world);
  if (required(fields, 'grant_type') !== 'authorization_code') throw new Refusal(100200100);
  const code = required(fields, 'code');
  const consent = state.consents.find((candidate) => candidate.code === code);
  const account = consent && state.accounts[consent.openId];
  if (!account || consent.expiresAt <= world.clock.now()) throw new Refusal(100200100);
  proveApplication(account, fields);
  state.consents = state.consents.filter((candidate) => candidate !== consent);
  account.scopes = consent.scopes;
  return describePair(world, account, addPair(world, account));
}

/** `/oauth2/refresh_token`: the old pair is void, the new refresh token ends when the old one would have. */
export function renewTokens(world: World, fields: Fields): object {
  if (required(fields, 'grant_type') !== 'refresh_token') throw new Refusal(100200100);
  const refresh = required(fields, 'refresh_token');
  for (const account of Object.values(stateOf(world).accounts)) {
    const pair = account.tokens.find((candidate) => candidate.refresh === refresh);
    if (!pair) continue;
    proveApplication(account, fields);
    if (pair.void || pair.refreshEndsAt <= world.clock.now()) break;
    pair.void = true;
    return describePair(world, account, addPair(world, account, { refreshEndsAt: pair.refreshEndsAt }));
  }
  throw new Refusal(100200102);
}

function proveApplication(account: KuaishouAccount, fields: Fields): void {
  if (fields.app_id !== account.appId || fields.app_secret !== account.appSecret)
    throw new Refusal(100200101);
}

export function addPair(
  world: World,
  account: KuaishouAccount,
  given: { access?: string; refresh?: string; refreshEndsAt?: number } = {},
): TokenPair {
  const now = world.clock.now();
  const pair: TokenPair = {
    access: given.access ?? randomBytes(16).toString('hex'),
    refresh: given.refresh ?? randomBytes(16).toString('hex'),
    expiresAt: now + account.tokenLifeMs,
    refreshEndsAt: given.refreshEndsAt ?? now + account.refreshLifeMs,
    void: false,
  };
  account.tokens = [...account.tokens.filter((candidate) => candidate.access !== pair.access), pair];
  world.ledger.append({
    ...{ platform: PLATFORM, account: account.openId, kind: 'token.issued', key: pair.access.slice(0, 6) },
    detail: {},
  });
  world.changed();
  return pair;
}

function describePair(world: World, account: KuaishouAccount, pair: TokenPair): object {
  const seconds = (until: number) => Math.floor((until - world.clock.now()) / 1000);
  return {
    access_token: pair.access,
    expires_in: seconds(pair.expiresAt),
    refresh_token: pair.refresh,
    refresh_token_expires_in: seconds(pair.refreshEndsAt),
    open_id: account.openId,
    scopes: account.scopes,
  };
}
